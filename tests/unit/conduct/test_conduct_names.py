"""Every name a rule may read, for one participant at one visit."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from equipoise.conduct.environment import History, RowEnvironment, derive, known
from equipoise.conduct.snapshot import Subject, VisitState
from equipoise.instruments import Instrument, InstrumentError, get
from equipoise.items import Missing, PartialDate
from equipoise.protocol.load import load
from equipoise.protocol.schema import Derivation, Label

PROTOCOL = load((Path(__file__).parents[2] / "protocols" / "small.yaml").read_bytes())[0]
RANDOMISED = date(2026, 3, 16)


def held(days):
    return VisitState("held", RANDOMISED + timedelta(days=days), "site", "", 1)


SUBJECT = Subject(
    code="01-001",
    site="01",
    screened=datetime(2026, 3, 1, tzinfo=UTC),
    consent=date(2026, 3, 1),
    randomised=RANDOMISED,
    visits={
        "screening": held(-14), "week_0": held(0), "week_8": held(57),
        "week_4": VisitState("missed", None, "", "ill", 1),
    },
    values={
        ("screening", "history", 1): {"sex": "female", "born": PartialDate(1980, 6, 1), "severity": "severe"},
        ("screening", "assessment", 1): {"weight": Decimal("61.5"), "itching": 7, "left_eye": "severe"},
        ("week_0", "assessment", 1): {"weight": None, "itching": 6, "left_eye": "mild", "right_eye": "severe"},
        ("week_8", "assessment", 1): {"itching": Missing("ND"), "left_eye": "severe", "right_eye": "severe"},
        ("log", "events", 1): {"term": "cough", "serious": True},
    },
)  # fmt: skip


def at(visit, name, subject=SUBJECT):
    return History(PROTOCOL, subject).at(visit).get(name)


NAMES = [
    ("screening", "itching", 7),
    ("week_0", "weight", None),
    ("week_4", "itching", None),
    ("week_8", "itching", Missing("ND")),
    # asked once, known at every visit and in every row
    ("week_8", "sex", "female"),
    ("log", "severity", "severe"),
    # derived
    ("week_8", "age", 45),
    ("log", "age", 45),
    ("week_0", "itching_rise", 0),
    ("screening", "itching_rise", 1),
    ("week_8", "itching_rise", None),
    ("week_0", "severe_eyes", 1),
    ("week_8", "severe_eyes", 2),
    ("screening", "severe_eyes", None),  # the other eye is not known
    ("week_4", "severe_eyes", None),
    ("week_0", "clearance", None),
    ("week_0", "clearance.clearance", None),
    ("week_0", "clearance.nothing", None),
    # at other visits
    ("week_0", "previous.itching", 7),
    ("week_8", "previous.itching", 6),
    ("week_8", "previous.weight", Decimal("61.5")),
    ("screening", "previous.itching", None),
    ("screening", "last.itching", 7),
    ("week_8", "last.itching", 6),
    ("week_4", "last.itching_rise", 0),
    ("week_8", "previous.severe_eyes", 1),
    ("week_8", "baseline.itching", 6),
    ("log", "baseline.itching", 6),
    ("week_8", "screening.itching", 7),
    ("log", "week_8.severe_eyes", 2),
    ("week_8", "week_8.sex", "female"),
    # limits of normal, by sex
    ("week_0", "creatinine.uln", Decimal(81)),
    ("week_0", "creatinine.lln", Decimal(41)),
    ("week_0", "weight.uln", None),
    ("week_0", "nothing.uln", None),
    # the visit, consent, the site
    ("week_8", "visit.date", RANDOMISED + timedelta(days=57)),
    ("week_8", "visit.day", 57),
    ("screening", "visit.day", -14),
    ("week_8", "visit.week", 8),
    ("screening", "visit.week", -2),
    ("week_4", "visit.date", None),
    ("week_4", "visit.day", None),
    ("week_4", "visit.week", 4),
    ("week_0", "consent.date", date(2026, 3, 1)),
    ("log", "consent.date", date(2026, 3, 1)),
    ("week_0", "site", "01"),
    ("log", "site", "01"),
    # a row stands at no visit
    ("log", "visit.date", None),
    ("log", "visit.week", None),
    ("log", "previous.itching", None),
    ("log", "last.itching", None),
    ("log", "itching", None),
    # what is no name
    ("week_0", "nothing", None),
    ("week_0", "previous.nothing", None),
    ("week_0", "visit.nothing", None),
    ("week_0", "site.nothing", None),
    ("week_0", "consent.nothing", None),
    ("week_0", "week_0", None),
    ("week_0", "term", None),
]


@pytest.mark.parametrize(("visit", "name", "value"), NAMES)
def test_a_name_means(visit, name, value):
    found = at(visit, name)
    assert (found, type(found)) == (value, type(value))


def test_before_randomisation_a_visit_has_no_day():
    assert at("screening", "visit.day", replace(SUBJECT, randomised=None)) is None


@pytest.mark.parametrize(("sex", "limit"), [("male", 111), ("female", 81), (None, None), (Missing("UNK"), None)])
def test_limits_of_normal_need_the_sex(sex, limit):
    values = {**SUBJECT.values, ("screening", "history", 1): {"sex": sex}}
    assert at("week_0", "creatinine.uln", replace(SUBJECT, values=values)) == limit


def test_an_instrument_reads_its_inputs_by_their_own_names():
    """Cockcroft and Gault 1976, doi:10.1159/000180580: (140 - age) x weight / (72 x mg/dL), x 0.85 in women."""
    values = {**SUBJECT.values, ("week_0", "assessment", 1): {"weight": Decimal(60), "creatinine": Decimal("88.4")}}
    found = at("week_0", "clearance", replace(SUBJECT, values=values))
    assert float(found) == pytest.approx((140 - 45) * 60 / 72 * 0.85, rel=0.01)


def test_every_result_of_an_instrument_has_a_name_and_is_scored_once(monkeypatch):
    activity = Derivation(id="activity", label=Label(en="s", zh="s"), instrument="sledai", inputs={"rash": '"present"'})
    activity = activity.model_copy(
        update={"inputs": dict.fromkeys(get("sledai").input_by_id, '"absent"') | activity.inputs}
    )
    clinical = Derivation(id="rise", label=Label(en="r", zh="r"), rule="activity.clinical + activity.total")
    env = History(PROTOCOL.model_copy(update={"derivations": (activity, clinical)}), SUBJECT).at("week_8")
    scored = []
    monkeypatch.setattr(
        Instrument, "score", lambda *args, score=Instrument.score, **named: scored.append(1) or score(*args, **named)
    )
    assert (env.get("rise"), env.get("activity"), env.get("activity.clinical")) == (4, 2, 2)
    assert env.get("previous.activity.total") == 2
    assert len(scored) == 2  # at this visit and at the one before


ASKED_OF_WOMEN = 'type: yes_no, when: sex == "female"'
SMALL = (Path(__file__).parents[2] / "protocols" / "small.yaml").read_text("utf-8")
assert SMALL.count(ASKED_OF_WOMEN) == 1
GATED = load(SMALL.replace(ASKED_OF_WOMEN, f"{ASKED_OF_WOMEN}, unasked: no").encode())[0]


@pytest.mark.parametrize(
    ("sex", "written", "read"),
    [("male", None, False), ("female", None, None), (None, None, None), ("female", True, True), ("male", True, True)],
)
def test_what_is_not_asked_is_what_the_protocol_says_of_it(sex, written, read):
    values = {("screening", "history", 1): {"sex": sex, "pregnant": written}}
    env = History(GATED, replace(SUBJECT, values=values)).at("screening")
    assert env.get("pregnant") is read
    assert RowEnvironment({"sex": sex, "pregnant": written}, env).get("pregnant") is read
    assert History(GATED, replace(SUBJECT, values=values)).at("week_8").get("pregnant") is read


def with_derivations(**rules):
    some = tuple(Derivation(id=id_, label=Label(en=id_, zh=id_), rule=rule) for id_, rule in rules.items())
    return PROTOCOL.model_copy(update={"derivations": some})


@pytest.mark.parametrize(
    "rules",
    [
        {"one": "one + 1"},
        {"one": "other + 1", "other": "one + 1"},
        {"one": "last.other", "other": "last.one"},
        {"one": "baseline.one + 1"},
        {"one": "week_0.other", "other": "week_0.one"},
    ],
    ids=str,
)
def test_what_needs_itself_is_unknown(rules):
    env = History(with_derivations(**rules), SUBJECT).at("week_0")
    assert [env.get(name) for name in rules] == [None] * len(rules)


def test_a_value_may_need_what_it_was_before():
    protocol = with_derivations(worst="max(coalesce(previous.worst, itching), itching)")
    assert History(protocol, SUBJECT).at("week_0").get("worst") == 7


def test_inputs_of_an_instrument_may_be_rules_and_it_must_exist():
    derivation = Derivation(
        id="half", label=Label(en="h", zh="h"), instrument="cockcroft_gault",
        inputs={"weight": "60 / 2", "age": "45", "sex": '"female"', "creatinine": "88.4"},
    )  # fmt: skip
    env = History(PROTOCOL, SUBJECT).at("week_4")
    found = derive(derivation, env)
    assert float(found.value) == pytest.approx((140 - 45) * 30 / 72 * 0.85, rel=0.01)
    assert found.value == found.result.value
    with pytest.raises(InstrumentError, match="no instrument 'nothing'"):
        derive(derivation.model_copy(update={"instrument": "nothing"}), env)


def test_a_named_result_of_an_instrument_is_chosen():
    derivation = Derivation(id="activity", label=Label(en="s", zh="s"), instrument="sledai", result="clinical")
    found = derive(derivation, History(PROTOCOL, SUBJECT).at("week_4"))
    assert found.value == found.result.results["clinical"]


def test_an_environment_is_a_mapping_of_the_names_of_the_protocol():
    env = History(PROTOCOL, SUBJECT).at("week_0")
    assert len(env) == len(list(env)) == len(set(env))
    assert {"itching", "sex", "age", "severe_eyes"} <= set(env)
    assert env["itching"] == 6
    assert dict(env)["age"] == 45


def test_a_row_is_read_first_and_what_lies_behind_it_next():
    behind = History(PROTOCOL, SUBJECT).at("week_0")
    row = RowEnvironment({"itching": None, "term": "cough"}, behind)
    assert (row["itching"], row["term"], row["site"]) == (None, "cough", "01")
    assert (len(row), set(row)) == (2, {"itching", "term"})
    assert RowEnvironment({}, None).get("site") is None


@pytest.mark.parametrize(
    ("answer", "is_known"), [(None, False), (Missing("ND"), False), (False, True), (0, True), ("", True)]
)
def test_no_and_zero_are_known(answer, is_known):
    assert known(answer) is is_known
