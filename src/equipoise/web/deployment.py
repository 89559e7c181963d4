"""The studies of this deployment, each with its ledger and its desk, opened once per process."""

import secrets
import threading
from datetime import UTC, datetime

from django.conf import settings

from equipoise.desk import Desk
from equipoise.ledger.models import Study
from equipoise.ledger.store import Ledger

_ledgers: dict[str, Ledger] = {}
_opening = threading.Lock()


def studies() -> tuple[str, ...]:
    """The ids of the studies here, in the order of the alphabet."""
    return tuple(Study.objects.order_by("id").values_list("id", flat=True))


def ledger(study: str) -> Ledger:
    """The ledger of a study. Raises LookupError when there is none."""
    with _opening:
        if study not in _ledgers:
            _ledgers[study] = Ledger.of(study)
        return _ledgers[study]


def desk(study: str) -> Desk:
    """The desk of a study, with this machine's clock. Raises LookupError when there is none."""
    return Desk(ledger(study), clock=now, label=bag_label)


def forget() -> None:
    """Let every ledger be read again from the database."""
    with _opening:
        _ledgers.clear()


def now() -> datetime:
    """This moment in universal time."""
    return datetime.now(UTC)


def bag_label() -> str:
    """A random label for a bag: six signs that are not mistaken for each other."""
    signs = "23456789BCDFGHJKMPQRSTVWXZ"
    drawn = "".join(secrets.choice(signs) for _ in range(6))
    return f"{drawn[:3]}-{drawn[3:]}"


def report_folder(study: str) -> str:
    """Where the report of a study is kept."""
    return str(settings.HOME / "report" / study)
