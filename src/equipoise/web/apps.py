"""The pages as a Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Views, templates and forms built from the protocol."""

    name = "equipoise.web"
    label = "web"
