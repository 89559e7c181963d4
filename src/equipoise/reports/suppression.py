"""Small counts that are not shown, so that nobody recognises a participant or guesses an arm from a rare event."""

from collections.abc import Mapping
from typing import Final

from equipoise.reports.catalogue import Words

HIDDEN: Final = "hidden"  # a count above the limit that is not shown because subtraction would give a small one


def suppressed(parts: Mapping[str, int], smallest: int) -> dict[str, str]:
    """The parts of one whole as they are shown: "<5" for 1 to 4, and never just one that subtraction would give.

    Where a single part is hidden, the next smallest that is not zero is `HIDDEN` too (complementary suppression).
    """
    shown = {name: single(count, smallest) for name, count in parts.items()}
    small = [name for name, count in parts.items() if 0 < count < smallest]
    others = sorted((count, name) for name, count in parts.items() if count >= smallest)
    if len(small) == 1 and others:
        shown[others[0][1]] = HIDDEN
    return shown


def single(count: int, smallest: int) -> str:
    """A count of which no whole is shown."""
    return f"<{smallest}" if 0 < count < smallest else str(count)


def shown(words: Words, cell: str) -> str:
    """A count as it is shown, or the words for one that is not."""
    return words("not_shown") if cell == HIDDEN else cell
