"""Groups and numbers as a registry writes them: an id for each arm, numbers as text."""

from collections.abc import Callable
from typing import TypeAlias

from equipoise.analysis import Analysis
from equipoise.items.canonical import Json

Object: TypeAlias = dict[str, Json]


def groups(analysis: Analysis, letters: str, *, everybody: bool = False) -> list[Json]:
    """The arms as groups, "FG000" and on; with one for everybody behind them where it is wanted."""
    found: list[Json] = [
        {"id": f"{letters}{place:03}", "title": arm.label.en} for place, arm in enumerate(analysis.protocol.arms)
    ]
    return [*found, {"id": f"{letters}{len(found):03}", "title": "Total"}] if everybody else found


def of_groups(letters: str, arms: tuple[str, ...], tell: Callable[[str], Object]) -> list[Json]:
    """Something of each arm under the id of its group."""
    return [{"groupId": f"{letters}{place:03}", **tell(arm)} for place, arm in enumerate(arms)]


def number(value: float | None, places: int = 2) -> str:
    """A number as text; "NA" where there is none, as the registry asks."""
    return "NA" if value is None else f"{value:.{places}f}"
