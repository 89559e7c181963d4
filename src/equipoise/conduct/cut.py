"""The data cut: what was recorded up to an act or a day. The ledger only grows, so a cut can always be made again."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date
from itertools import takewhile

from equipoise.conduct.acts import Recorded

Cut = int | date
"""The number of the last act that counts, or the last day (of universal time) on which acts count."""


def up_to(acts: Iterable[Recorded], cut: Cut | None) -> Iterator[Recorded]:
    """The acts of a study up to a cut, in order; all of them where there is none.

    What counts is when something was recorded: a visit before the day that was entered after it is not seen.
    """
    if cut is None:
        return iter(acts)
    if isinstance(cut, date):
        return takewhile(lambda recorded: recorded.at.astimezone(UTC).date() <= cut, acts)
    return takewhile(lambda recorded: recorded.sequence <= cut, acts)
