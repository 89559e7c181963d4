"""What is allowed with the rows of logs: an error stays where it was made, and a link leads to a row that is there."""

from collections.abc import Iterator
from typing import Any

from equipoise.conduct import acts as a
from equipoise.conduct.locks import form_key
from equipoise.conduct.messages import problem
from equipoise.conduct.situation import Situation
from equipoise.items import Problem
from equipoise.protocol.names import LOG


def row_stands(act: Any, s: Situation) -> Iterator[Problem]:
    """The row was not entered in error."""
    if form_key(act) in s.known.in_error:
        yield problem("conduct.E058", f"{act.subject} / {act.form}", row=str(act.repeat))


def row_is_there(act: a.RowInError, s: Situation) -> Iterator[Problem]:
    """Only a row that stands can turn out to be an error."""
    if form_key(act) not in s.known.values:
        yield problem("conduct.E054", f"{act.subject} / {act.form}")


def row_is_not_serious(act: a.RowInError, s: Situation) -> Iterator[Problem]:
    """A serious event does not leave the list and its clocks unsaid: it is downgraded first, with the reason."""
    event = s.known.serious.get(form_key(act))
    if event is not None and not event.downgraded:
        yield problem("conduct.E158", f"{act.subject} / {act.form}", row=str(act.repeat))


def links_lead_somewhere(act: a.FormSaved, s: Situation) -> Iterator[Problem]:
    """What an answer newly refers to is a row that stands."""
    form = s.protocol.form_by_id.get(act.form)
    for item in form.items if form is not None else ():
        row = act.changes.get(item.id, (None, None))[1] if item.to else None
        if isinstance(row, str) and (LOG, item.to, int(row)) not in s.known.values:
            log = s.protocol.form_by_id[item.to].label
            yield problem("conduct.E059", item.id, row=row, form=f"{log.en} / {log.zh}" if log.zh else log.en)
