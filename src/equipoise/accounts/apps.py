"""The accounts as a Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, the links that invite them, and a record of every sign-in."""

    name = "equipoise.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
