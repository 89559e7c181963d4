"""What participants were given: the doses that were due, handed over and given."""

from datetime import date

from equipoise.analysis.cohort import Participant
from equipoise.protocol.schema import Protocol


def doses_due(protocol: Protocol) -> tuple[str, ...]:
    """The visits at which a dose is due."""
    return tuple(visit.id for visit in protocol.visits if protocol.treatment.form in visit.forms)


def given(one: Participant, visit: str, protocol: Protocol) -> bool | None:
    """Whether a dose was given at a visit; None where one was handed over and nobody recorded whether it was given.

    The protocol names the item that says so; where it names none, it is the first question of yes or no on the
    treatment's form. Where the form asks no such thing, what was handed over counts as given.
    """
    form, administration = protocol.form_by_id[protocol.treatment.form], protocol.treatment.administration
    first = next((item.id for item in form.items if item.type == "yes_no"), "")
    question = administration.given if administration is not None else first
    released = visit in one.subject.doses
    if not question:
        return released
    answer = one.value(question, visit)
    if isinstance(answer, bool):
        return answer
    return None if released else False


def dosed(one: Participant, protocol: Protocol) -> bool:
    """Whether at least one dose is recorded as given."""
    return bool(days_of_doses(one, protocol))


def days_of_doses(one: Participant, protocol: Protocol) -> tuple[date, ...]:
    """The dates on which doses were given, in order of the visits."""
    visits = (visit for visit in doses_due(protocol) if given(one, visit, protocol) is True)
    return tuple(on for visit in visits if (on := one.held(visit)) is not None)
