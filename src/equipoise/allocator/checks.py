"""What the settings must say for two locks to be two, and for two people not to get one slot."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from equipoise.allocator.router import ALLOCATOR


def separate_and_immediate(**_: Any) -> list[CheckMessage]:
    """The allocator has a database of its own, and SQLite takes its lock when a transaction begins."""
    mine = settings.DATABASES.get(ALLOCATOR)
    if mine is None:
        return [Error("There is no database 'allocator'.", hint="Add it to DATABASES.", id="allocator.E101")]
    found: list[CheckMessage] = []
    if any(_place(mine) == _place(other) for alias, other in settings.DATABASES.items() if alias != ALLOCATOR):
        found.append(Error("The allocator shares its database with another.", id="allocator.E102"))
    if "sqlite" in mine["ENGINE"] and mine.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE":
        found.append(
            Error(
                "The allocator's SQLite does not lock at the start of a transaction.",
                hint="Set OPTIONS['transaction_mode'] to 'IMMEDIATE'.",
                id="allocator.E103",
            )
        )
    return found


def _place(database: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(database.get(key, "")) for key in ("ENGINE", "HOST", "PORT", "NAME"))
