"""The allocator as a Django application."""

from django.apps import AppConfig
from django.core.checks import register

from equipoise.allocator.checks import separate_and_immediate


class AllocatorConfig(AppConfig):
    """Counters, slots and releases, in a database of their own."""

    name = "equipoise.allocator"
    label = "allocator"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Look at the settings before anything is served."""
        register(separate_and_immediate)
