"""The acts about serious adverse events. The event itself stands once, in its row of the log; these name the row."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from equipoise.conduct.act import Name, SubjectAct

Row = Annotated[int, Field(ge=1)]


class SeriousEventKnown(SubjectAct):
    """A site knows that an adverse event is serious, since a moment: the clocks run from there."""

    form: Name
    repeat: Row
    aware: AwareDatetime


class SafetyReportSent(SubjectAct):
    """A report that a clock asks for went out: the first one, or a follow-up. What it said is bound by the digest."""

    form: Name
    repeat: Row
    clock: Name
    sent: AwareDatetime
    values: str


class SeriousEventDowngraded(SubjectAct):
    """An event that was taken for serious is not, for a reason. What was reported stands."""

    form: Name
    repeat: Row


SERIOUS_ACTS = (SeriousEventKnown, SafetyReportSent, SeriousEventDowngraded)
