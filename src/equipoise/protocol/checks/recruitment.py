"""The limits of recruitment: each is for a place of the trial, and none can never be reached."""

from collections.abc import Iterator, Mapping
from typing import Final

from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.lines import Path


def limits_are_for_places_of_the_trial(draft: Draft) -> Iterator[Problem]:
    """A site or country with a limit is one of the protocol's."""
    plan, sites = draft.protocol.recruitment, draft.protocol.sites
    if plan is None:
        return
    for site in plan.most_by_site:
        where: Path = ("recruitment", "most_by_site", site)
        yield from draft.reference("protocol.E220", "site", site, [each.id for each in sites], where)
    for country in plan.most_by_country:
        where = ("recruitment", "most_by_country", country)
        yield from draft.reference("protocol.E221", "country", country, sorted({s.country for s in sites}), where)


def limits_leave_room_for_the_trial(draft: Draft) -> Iterator[Problem]:
    """Where every place has a limit, together they let in as many as the trial wants."""
    plan, wanted = draft.protocol.recruitment, draft.protocol.study.participants
    if plan is None:
        return
    if plan.most is not None and plan.most < wanted:
        yield _too_few(draft, ("recruitment", "most"), plan.most)
    places: tuple[tuple[str, set[str], Mapping[str, int]], ...] = (
        ("most_by_site", {site.id for site in draft.protocol.sites}, plan.most_by_site),
        ("most_by_country", {site.country for site in draft.protocol.sites}, plan.most_by_country),
    )
    for name, there, limits in places:
        if there and there <= limits.keys() and (room := sum(limits[place] for place in there)) < wanted:
            yield _too_few(draft, ("recruitment", name), room)


def _too_few(draft: Draft, path: Path, room: int) -> Problem:
    wanted = draft.protocol.study.participants
    return draft.problem(
        "protocol.E222", path, f"The limits let {room} participants in, and the trial wants {wanted}.",
        "Raise a limit, or correct the number of participants.",
    )  # fmt: skip


CHECKS: Final[tuple[Check, ...]] = (limits_are_for_places_of_the_trial, limits_leave_room_for_the_trial)
