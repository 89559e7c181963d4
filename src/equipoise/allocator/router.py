"""Which tables live where: the allocator's in its own database, everything else never in it."""

from typing import Any, Final

ALLOCATOR: Final = "allocator"  # the application's label, and the alias of its database


class AllocatorRouter:
    """Keeps the second locks out of the main database, and everything else out of theirs."""

    def db_for_read(self, model: Any, **_: Any) -> str | None:
        """Where a model's rows are read."""
        return ALLOCATOR if model._meta.app_label == ALLOCATOR else None

    def db_for_write(self, model: Any, **_: Any) -> str | None:
        """Where a model's rows are written."""
        return ALLOCATOR if model._meta.app_label == ALLOCATOR else None

    def allow_relation(self, one: Any, other: Any, **_: Any) -> bool | None:
        """No relation leads from one database into the other."""
        homes = [model._meta.app_label == ALLOCATOR for model in (one, other)]
        return None if homes[0] == homes[1] else False

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool | None:
        """Tables are made in their own database only."""
        return (app_label == ALLOCATOR) == (db == ALLOCATOR)
