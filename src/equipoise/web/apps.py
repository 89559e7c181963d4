"""The pages as a Django application."""

from django.apps import AppConfig
from django.core import checks


class WebConfig(AppConfig):
    """Views, templates and forms built from the protocol."""

    name = "equipoise.web"
    label = "web"

    def ready(self) -> None:
        """Register what is asked before serving."""
        from equipoise.web.checks import PRODUCTION, safe_to_serve

        checks.register(safe_to_serve, PRODUCTION, deploy=True)
