"""How complete the data are: the forms entered of those due at visits held, without what could tell an arm."""

from collections.abc import Iterator

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort
from equipoise.protocol.schema import Protocol

COMPLETENESS = "completeness"


def completeness(cohort: Cohort) -> Iterator[Statistic]:
    """Forms entered of those due at visits held by randomised participants, and how many queries are not closed."""
    for form in shown_forms(cohort.protocol):
        due = [
            (one, visit.id)
            for one in cohort.randomised
            for visit in cohort.protocol.visits
            if form in visit.forms and one.held(visit.id) is not None
        ]
        entered = sum((visit, form, 1) in one.subject.values for one, visit in due)
        yield Statistic(analysis=COMPLETENESS, statistic="forms", level=form, n=entered, N=len(due))
    waiting = [q for one in cohort.everybody for q in one.subject.queries.values() if q.status != "closed"]
    shown = set(shown_forms(cohort.protocol))
    yield Statistic(analysis=COMPLETENESS, statistic="queries", n=sum(q.key[1] in shown for q in waiting))


def shown_forms(protocol: Protocol) -> tuple[str, ...]:
    """The forms due at visits whose numbers a masked reader may see: none of their items could tell the arm."""
    telling = withheld_forms(protocol)
    due = {form for visit in protocol.visits for form in visit.forms}
    return tuple(form.id for form in protocol.forms if form.id in due and form.id not in telling)


def withheld_forms(protocol: Protocol) -> tuple[str, ...]:
    """The forms with an item that could tell the arm, or that only unmasked people fill in."""
    telling = {masked.item for masked in protocol.masking.items}
    masked = {role.id for role in protocol.roles if role.masked}
    return tuple(
        form.id
        for form in protocol.forms
        if telling.intersection(form.item_by_id) or not masked.intersection(form.filled_by)
    )
