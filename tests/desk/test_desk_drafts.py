"""What somebody types is kept before it is saved: as typed, once, for them alone, and never as a value."""

import pytest

from equipoise.conduct.outcome import Refused
from tests.desk.at_work import HISTORY, SCREENED, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
WHERE = ("screening", "history")
AT = ((*WHERE, 1), "coordinator-11")


@pytest.fixture
def study():
    study = Study()
    study.code = study.consented()
    study.hold(study.code, "screening", SCREENED)
    return study


def draft(study, texts, *, role="coordinator", key=None, where=WHERE, **more):
    by = person(role)
    return study.desk.draft_form(study.code, *where, texts, by=by, key=key or study.key(), **more)


def kept(study):
    found = study.ledger.snapshot().subjects[study.code].drafts
    return {place: dict(each.texts) for place, each in found.items()}


def test_it_is_kept_as_typed_and_is_no_value(study):
    before = study.ledger.snapshot().subjects[study.code].values
    done(draft(study, {"age": ("5,1 years", ""), "sex": ("", "ND"), "washed_out_since": ("x", "ND")}))
    assert kept(study) == {AT: {"age": ("5,1 years", ""), "sex": ("", "ND"), "washed_out_since": ("x", "ND")}}
    assert study.ledger.snapshot().subjects[study.code].values == before


def test_only_what_is_new_is_recorded(study):
    done(draft(study, {"age": ("51", ""), "sex": ("female", "")}))
    acts = done(draft(study, {"age": ("51", ""), "sex": ("", "")})).acts
    assert [act.act.texts for act in acts] == [{"sex": ("", "")}]
    assert done(draft(study, {"age": ("51", ""), "sex": ("", "")})).acts == ()


def test_what_is_saved_already_is_no_draft(study):
    by = person("coordinator")
    done(study.desk.save_form(study.code, *WHERE, HISTORY, by=by, key=study.key()))
    assert done(draft(study, {"age": ("51", ""), "sex": ("female", "")})).acts == ()
    done(draft(study, {"age": ("52", "")}))
    done(draft(study, {"age": ("51", "")}))  # back to what is saved: that too is what was typed last
    assert kept(study) == {AT: {"age": ("51", "")}}


def test_a_save_ends_it_and_so_does_letting_go(study):
    by = person("coordinator")
    done(draft(study, {"age": ("5", "")}))
    done(study.desk.save_form(study.code, *WHERE, HISTORY, by=by, key=study.key()))
    assert kept(study) == {}
    done(draft(study, {"age": ("7", "")}))
    done(study.desk.discard_draft(study.code, *WHERE, by=by, key=study.key()))
    assert kept(study) == {}


def test_sending_it_twice_records_it_once(study):
    first = done(draft(study, {"age": ("51", "")}, key="once"))
    again = done(draft(study, {"age": ("51", "")}, key="once"))
    assert again.again
    assert again.acts == first.acts


@pytest.mark.parametrize(
    ("identifier", "change"),
    [
        ("conduct.E050", {"where": ("screening", "nonsense")}),
        ("conduct.E050", {"texts": {"nonsense": ("1", "")}}),
        ("conduct.E052", {"where": ("week_0", "blood_pressure"), "role": "assessor", "texts": {"pulse": ("1", "")}}),
        ("conduct.E054", {"repeat": 2}),
        ("desk.E001", {"role": "monitor"}),
        ("desk.E005", {"texts": {"age": ("9" * 10_001, "")}}),
        ("desk.E005", {"texts": {"age": ("\ud800", "")}}),
    ],
)
def test_it_is_refused_where_a_save_would_be(study, identifier, change):
    refused = draft(study, **{"texts": {"age": ("1", "")}, **change})
    assert isinstance(refused, Refused)
    assert identifier in ids(refused)
    assert kept(study) == {}


def test_somebody_elses_participant_is_refused_as_one_who_is_not_there(study):
    by, texts = person("coordinator", "12"), {"age": ("1", "")}
    foreign = study.desk.draft_form(study.code, *WHERE, texts, by=by, key=study.key())
    absent = study.desk.draft_form("11-999", *WHERE, texts, by=by, key=study.key())
    assert ids(foreign) == ids(absent) == ["conduct.E002"]
