"""The ledger of a large trial, made from the protocol file in bulk: every act is hashed on the one before.

The acts are those a trial's staff would record, in the order of their days: screening, consent, visits, forms with an
answer to every question that is asked, signatures over them, queries and what became of them. The desk judges none of
them, which takes ten times as long; `equipoise verify` reads and replays them like any others.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import count, islice
from random import Random
from typing import NamedTuple

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Act, Person
from equipoise.conduct.checks import asked
from equipoise.conduct.environment import RowEnvironment
from equipoise.items import Answer, Item, digest, write
from equipoise.ledger.chain import Row, seal_row
from equipoise.ledger.store import Ledger, open_study, write_acts
from equipoise.protocol.names import item_of
from equipoise.protocol.schema import Form, Protocol
from equipoise.simulation.patient import plausible

QUERIED = 0.05  # of the forms; a twentieth of the queries is still open, as many are answered
YES = 0.8
RECRUITED_OVER = timedelta(days=700)
SINCE_THE_LAST = timedelta(days=30)  # from the last randomisation to today
_AT_ONCE = 2000  # acts a statement


class Size(NamedTuple):
    """How large the study became."""

    subjects: int
    acts: int
    values: int


@dataclass(frozen=True, slots=True)
class Work:
    """What was done at a moment, and by whom."""

    at: datetime
    by: Person
    act: Act


@dataclass(slots=True)
class Virtual:
    """A participant in the making: the code, the day of randomisation, and numbers of their own."""

    code: str
    site: str
    day_0: datetime
    random: Random
    saved: dict[tuple[str, str], dict[str, Answer]] = field(default_factory=dict)


def make(study: str, protocol_text: bytes, subjects: int, now: datetime, seed: int = 1) -> Size:
    """Open a study and fill its ledger with so many participants, in one transaction for each statement's rows.

    Everybody is followed as far as `now` allows; those who entered more than a year ago to the last visit.
    """
    administrator, began = Person("administrator", "administrator"), now - RECRUITED_OVER - timedelta(days=500)
    ledger = open_study(
        study, protocol_text, name="protocol.yaml", simulated=True, by=administrator, at=began, key="open"
    )
    random = Random(seed)
    sites = [site.id for site in ledger.protocol.sites]
    people = [_virtual(number, sites, subjects, now, random) for number in range(subjects)]
    work = [Work(began, administrator, a.SiteActivated(site=site)) for site in sites]
    work += sorted((each for one in people for each in _course(one, ledger.protocol, now)), key=lambda each: each.at)
    return Size(subjects, *_record(ledger, work))


def _virtual(number: int, sites: list[str], subjects: int, now: datetime, random: Random) -> Virtual:
    site = sites[number % len(sites)]
    entered = now - SINCE_THE_LAST - RECRUITED_OVER * (1 - number / max(subjects, 1))
    day_0 = datetime.combine(entered.date(), time(1 + number % 8, random.randrange(60)), UTC)
    return Virtual(f"{site}-{number // len(sites) + 1:03d}", site, day_0, Random(random.random()))


# --- What happens to a participant ----------------------------------------------------------------------------------


def _course(one: Virtual, protocol: Protocol, now: datetime) -> Iterator[Work]:
    screened = one.day_0 + timedelta(days=protocol.visits[0].day)
    coordinator, investigator = _person("coordinator", one), _person("investigator", one)
    yield Work(screened, coordinator, a.SubjectScreened(subject=one.code, site=one.site))
    consented = a.Consented(subject=one.code, document="2.1", language="zh", on=screened.date())
    yield Work(screened, investigator, consented)
    for visit in protocol.visits:
        at = one.day_0 + timedelta(days=visit.day)
        if at > now:
            return
        if visit.day == 0:
            yield from _randomised(one, protocol, investigator)
        yield Work(at, coordinator, a.VisitHeld(subject=one.code, visit=visit.id, on=at.date()))
        for form in visit.forms:
            yield from _form(one, protocol, visit.id, protocol.form_by_id[form], at)


def _randomised(one: Virtual, protocol: Protocol, by: Person) -> Iterator[Work]:
    criteria = (*protocol.eligibility.inclusion, *protocol.eligibility.exclusion)
    met = {criterion.id: "met" for criterion in criteria}
    yield Work(one.day_0, by, a.EligibilityConfirmed(subject=one.code, criteria=met))
    slot, on = f"{one.code[:2]}BB-{one.code[3:]:0>4}", one.day_0.date()
    yield Work(one.day_0, by, a.Randomised(subject=one.code, stratum=f"site={one.site}", slot=slot, on=on))


def _form(one: Virtual, protocol: Protocol, visit: str, form: Form, at: datetime) -> Iterator[Work]:
    by = _person(form.filled_by[0], one)
    answers = _answers(one, protocol, visit, form, at)
    changes = {item: (None, write(answer)) for item, answer in answers.items()}
    where = {"subject": one.code, "visit": visit, "form": form.id}
    yield Work(at, by, a.FormSaved(**where, changes=changes))
    if one.random.random() < QUERIED:
        yield from _query(one, where, one.random.choice(list(answers)), at, by)
    if form.signed_by:
        signed = digest({item: write(answer) for item, answer in answers.items()})
        sign = a.FormSigned(**where, meaning="I have reviewed these answers.", values=signed)
        yield Work(at + timedelta(days=1), _person(form.signed_by, one), sign)


def _answers(one: Virtual, protocol: Protocol, visit: str, form: Form, at: datetime) -> dict[str, Answer]:
    """An answer to every question that what stands before it on the form leaves asked."""
    answers: dict[str, Answer] = {}
    env = RowEnvironment(answers, None)
    for item in form.items:
        if asked(item, env):
            answers[item.id] = _answer(item_of(item, protocol), at, one.random)
    return answers


def _answer(item: Item, at: datetime, random: Random) -> Answer:
    """Mostly yes, which leaves asked what hangs on it; the rest with nothing wrong."""
    if item.type == "yes_no":
        return random.random() < YES
    return random.choice(item.codes) if item.type == "choice" else plausible(item, at.date(), random)


def _query(one: Virtual, where: dict[str, str], item: str, at: datetime, by: Person) -> Iterator[Work]:
    query, monitor = f"person.{where['visit']}.{where['form']}.{item}", Person("monitor", "monitor")
    text = "Please check this answer against the source."
    yield Work(at, monitor, a.QueryRaised(**where, query=query, item=item, check="person", text=text))
    how_far = one.random.random()
    if how_far > 0.05:
        said = a.QueryAnswered(subject=one.code, query=query, text="Checked; it is as in the source.")
        yield Work(at + timedelta(days=2), by, said)
    if how_far > 0.1:
        yield Work(at + timedelta(days=4), monitor, a.QueryClosed(subject=one.code, query=query))


def _person(role: str, one: Virtual) -> Person:
    """An invented member of staff, by the name the demonstration's door gives."""
    return Person(f"{role}-{one.site}", role, one.site)


# --- The ledger -----------------------------------------------------------------------------------------------------


def _record(ledger: Ledger, work: list[Work]) -> tuple[int, int]:
    """Chain and store the acts with their values; how many acts the ledger has then, and how many values."""
    from django.db import connection, transaction

    chained, last, values = zip(_chained(ledger, work), work, strict=True), ledger.snapshot().acts, 0
    while some := list(islice(chained, _AT_ONCE)):
        with transaction.atomic(), connection.cursor() as cursor:
            values += write_acts(cursor, [row for row, _ in some], [each.act for _, each in some])
        last = some[-1][0].sequence
    return last, values


def _chained(ledger: Ledger, work: list[Work]) -> Iterator[Row]:
    known = ledger.snapshot()
    previous = known.head
    for sequence, each in zip(count(known.acts + 1), work, strict=False):
        row = seal_row(
            each.act, study=ledger.study, sequence=sequence, key=f"bulk-{sequence}", at=each.at, by=each.by,
            site=getattr(each.act, "subject", getattr(each.act, "site", ""))[:2], reason="", protocol=known.protocol,
            previous=previous,
        )  # fmt: skip
        previous = row.hash
        yield row
