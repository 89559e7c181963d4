"""The ledger as a Django application."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Acts, their projection, the protocols they were made under, and the sealed lists."""

    name = "equipoise.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
