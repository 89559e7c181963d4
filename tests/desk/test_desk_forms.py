"""Forms: only what changed is recorded, what cannot be read keeps nothing, checks ask once, signatures are bound."""

import hashlib
import json
from datetime import timedelta
from decimal import Decimal

import pytest

from equipoise.conduct.outcome import Done
from equipoise.items import Missing
from equipoise.ledger.models import Value
from tests.desk.at_work import EVENT, HISTORY, LABORATORY, PRESSURE, RANDOMISED, SCREENED, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
FORM = ("screening", "blood_pressure")
ASSESSOR, INVESTIGATOR, COORDINATOR = person("assessor"), person("investigator"), person("coordinator")


@pytest.fixture
def study():
    return Study()


@pytest.fixture
def code(study):
    consented = study.consented()
    study.hold(consented, "screening", SCREENED)
    return consented


def save(study, code, answers, key=None, **more):
    return study.desk.save_form(code, *FORM, answers, by=ASSESSOR, key=key or study.key(), **more)


def values(study, code, form=FORM, repeat=1):
    return study.ledger.snapshot().subjects[code].values.get((*form, repeat), {})


# --- What is recorded ------------------------------------------------------------------------------------


def test_what_was_typed_is_recorded_as_old_and_new(study, code):
    act = done(save(study, code, PRESSURE)).acts[0].act
    assert act.changes == {item: (None, text) for item, text in PRESSURE.items()}
    assert values(study, code)["systolic_1"] == 152
    assert Value.objects.get(item="systolic_1").value == "152"


def test_only_what_changed_is_recorded(study, code):
    save(study, code, PRESSURE)
    act = done(save(study, code, PRESSURE | {"pulse": "80", "diastolic": "?ND"}, reason="read again")).acts[0]
    assert act.act.changes == {"pulse": ("72", "80"), "diastolic": ("94", {"missing": "ND"})}
    assert act.reason == "read again"
    assert values(study, code) == {
        "systolic_1": 152, "systolic_2": 150, "systolic_3": 151, "diastolic": Missing("ND"), "pulse": 80,
    }  # fmt: skip
    stored = Value.objects.get(item="diastolic")
    assert (stored.value, stored.missing, stored.sequence) == (None, "ND", act.sequence)


def test_saving_what_is_there_records_nothing(study, code):
    save(study, code, PRESSURE)
    before = study.ledger.snapshot()
    assert save(study, code, PRESSURE) == Done(())
    assert save(study, code, {}) == Done(())
    assert study.ledger.snapshot() == before


def test_an_empty_answer_and_a_missing_one_and_none_are_three_things(study, code):
    save(study, code, {"pulse": "", "diastolic": "?UNK"})
    assert values(study, code) == {"diastolic": Missing("UNK")}
    done(save(study, code, {"diastolic": "", "pulse": "70"}, reason="entered in the wrong place"))
    assert values(study, code) == {"diastolic": None, "pulse": 70}


@pytest.mark.parametrize("again", ["4.2", " 4.2 ", "４.２", "04.2", "+4.2"])
def test_the_same_answer_typed_otherwise_is_no_change(study, code, again):
    place = (code, "screening", "laboratory")
    done(study.desk.save_form(*place, {"potassium": "4.2"}, by=COORDINATOR, key="a"))
    assert study.desk.save_form(*place, {"potassium": again}, by=COORDINATOR, key="b") == Done(())
    assert Value.objects.get(item="potassium").value == "4.2"


def test_saving_again_with_the_same_key_is_harmless(study, code):
    first = done(save(study, code, PRESSURE | {"pulse": "44"}, key="same"))
    again = done(save(study, code, PRESSURE | {"pulse": "70"}, key="same", reason="another"))
    assert (again.again, again.acts) == (True, first.acts)
    assert [act.act.kind for act in again.acts] == ["FormSaved", "QueryRaised"]
    assert values(study, code)["pulse"] == 44


def test_what_cannot_be_read_keeps_nothing(study, code):
    before = study.ledger.snapshot()
    refused = save(study, code, PRESSURE | {"pulse": "many", "diastolic": "999"})
    assert ids(refused) == ["items.E008", "items.E003"]
    assert {problem.where for problem in refused.problems} == {"pulse", "diastolic"}
    assert ids(save(study, code, {"wieght": "70"})) == ["conduct.E050"]
    assert study.ledger.snapshot() == before


def test_a_change_without_a_reason_keeps_nothing(study, code):
    save(study, code, PRESSURE)
    refused = save(study, code, PRESSURE | {"pulse": "80"})
    assert ids(refused) == ["conduct.E053"]
    assert refused.problems[0].params == {"items": "pulse"}
    assert values(study, code)["pulse"] == 72


def test_a_form_nobody_knows_is_refused_in_words_that_can_be_translated(study, code):
    refused = study.desk.save_form(code, "screening", "hystory", {}, by=COORDINATOR, key="k")
    assert ids(refused) == ["conduct.E050"]
    assert refused.problems[0].params == {"form": "hystory"}


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        (lambda desk, **by: desk.consent("somebody", document="v", language="zh", on=SCREENED, **by), "subject"),
        (lambda desk, **by: desk.consent("11-001", document="v", language="fr", on=SCREENED, **by), "language"),
        (lambda desk, **by: desk.hold_visit("11-001", "Week 4", on=SCREENED, **by), "visit"),
        (lambda desk, **by: desk.hold_visit("11-001", "week_4", on="soon", mode="here", **by), "on"),
        (lambda desk, **by: desk.save_form("11-001", "Week 4", "history", {}, **by), "visit"),
        (lambda desk, **by: desk.sign_form("11-001", "Week 4", "history", meaning="m", **by), "visit"),
        (lambda desk, **by: desk.randomise("somebody", on=SCREENED, **by), "subject"),
        (lambda desk, **by: desk.confirm_eligibility("somebody", **by), "subject"),
        (lambda desk, **by: desk.end_participation("11-001", on=SCREENED, how="bored", **by), "how"),
    ],
)
def test_what_is_no_act_at_all_is_refused_and_not_an_exception(study, code, wrong, part):
    before = study.ledger.snapshot()
    refused = wrong(study.desk, by=INVESTIGATOR, key="k")
    assert refused.problems[0].id == "desk.E005"
    assert refused.problems[0].params == {"part": part}
    assert study.ledger.snapshot() == before


@pytest.mark.parametrize(
    ("key", "reason", "part"),
    [("k\0", "", "key"), ("k" * 73, "", "key"), ("k", "a\0b", "reason"), ("k", "a\ud800", "reason")],
)
def test_what_not_every_database_keeps_is_refused(study, code, key, reason, part):
    refused = save(study, code, {"pulse": "44"}, key=key, reason=reason)
    assert [(problem.id, problem.params) for problem in refused.problems] == [("desk.E005", {"part": part})]
    assert len(done(save(study, code, {"pulse": "44"}, key="k" * 72, reason="€ 𠮷")).acts) == 2


def test_no_code_begins_with_a_site_that_is_none(study):
    assert ids(study.desk.screen(site="nowhere", by=INVESTIGATOR, key="k"))[0] == "desk.E005"


def test_rows_of_a_log_are_kept_apart(study, code):
    for repeat, term in ((1, "cough"), (2, "fall")):
        study.save(code, "log", "adverse_events", EVENT | {"ae_term": term}, repeat=repeat)
    assert values(study, code, ("log", "adverse_events"), 1)["ae_term"] == "cough"
    assert values(study, code, ("log", "adverse_events"), 2)["ae_term"] == "fall"


# --- Checks become queries -------------------------------------------------------------------------------


def queries(study, code):
    return {query.id: query.status for query in study.ledger.snapshot().subjects[code].queries.values()}


def test_a_check_that_speaks_becomes_a_query_in_both_languages(study, code):
    saved = done(save(study, code, PRESSURE | {"systolic_1": "180"}))
    query = saved.acts[1].act
    assert (query.query, query.item) == ("blood_pressure.screening.1.pressure_spread.systolic_1", "systolic_1")
    assert "20 mmHg" in query.text.split(" / ")[0]
    assert "三次读数" in query.text.split(" / ")[1]


def test_a_check_on_a_derived_value_speaks_at_the_first_save(study, code):
    """Diastolic is compared with the mean of three readings, which are on the same form."""
    low = {"systolic_1": "105", "systolic_2": "106", "systolic_3": "104", "diastolic": "110"}
    assert [act.act.kind for act in done(save(study, code, low)).acts] == ["FormSaved", "QueryRaised"]


def test_a_check_on_a_derived_value_reads_what_is_saved_now_and_not_before(study, code):
    save(study, code, {"systolic_1": "105", "systolic_2": "106", "systolic_3": "104"})
    corrected = {"systolic_1": "150", "systolic_2": "150", "systolic_3": "150", "diastolic": "110"}
    assert len(done(save(study, code, corrected, reason="wrong cuff")).acts) == 1


def test_a_notice_is_no_query(study, code):
    crisis = {"systolic_1": "185", "systolic_2": "185", "systolic_3": "185", "diastolic": "80"}
    assert len(done(save(study, code, crisis)).acts) == 1


def test_a_query_is_raised_once(study, code):
    save(study, code, {"pulse": "44"})
    done(save(study, code, {"pulse": "43"}, reason="counted again"))
    assert queries(study, code) == {"blood_pressure.screening.1.expected_range.pulse": "open"}
    study.desk.close_query(code, *queries(study, code), by=person("monitor"), key="close")
    done(save(study, code, {"pulse": "42"}, reason="counted again"))
    assert list(queries(study, code).values()) == ["closed"]


def test_queries_are_settled_together_or_not_at_all(study, code):
    save(study, code, PRESSURE)
    monitor = person("monitor")
    for item in ("pulse", "systolic_1"):
        done(study.desk.raise_query(code, *FORM, item, text="Measured?", by=monitor, key=item))
    refused = study.desk.close_queries([(code, "pulse"), (code, "none")], by=monitor, key="some")
    assert ids(refused) == ["conduct.E070"]
    assert queries(study, code) == {"pulse": "open", "systolic_1": "open"}
    both = [(code, "pulse"), (code, "systolic_1"), (code, "pulse")]
    assert len(done(study.desk.close_queries(both, by=monitor, key="all")).acts) == 2
    assert len(done(study.desk.close_queries(both, by=monitor, key="all")).acts) == 2, "asked twice is done once"
    assert queries(study, code) == {"pulse": "closed", "systolic_1": "closed"}


def test_a_row_of_a_log_is_checked_with_what_is_known_of_the_participant(study, code):
    saved = study.save(code, "log", "adverse_events", EVENT | {"ae_outcome": "fatal"})
    assert [act.act.kind for act in saved.acts] == ["FormSaved", "QueryRaised"]


def test_a_person_asks_answers_and_settles(study, code):
    save(study, code, PRESSURE)
    monitor = person("monitor")
    done(study.desk.raise_query(code, *FORM, "pulse", text="Measured?", by=monitor, key="q1"))
    assert queries(study, code) == {"q1": "open"}
    done(study.desk.answer_query(code, "q1", text="Yes", by=COORDINATOR, key="k1"))
    assert queries(study, code) == {"q1": "answered"}
    done(study.desk.close_query(code, "q1", by=monitor, key="k2"))
    assert queries(study, code) == {"q1": "closed"}
    assert ids(study.desk.answer_query(code, "q1", text="!", by=COORDINATOR, key="k3")) == ["conduct.E071"]


# --- Signatures ------------------------------------------------------------------------------------------


def digest_of(study, code, form=("screening", "history")):
    return study.ledger.snapshot().subjects[code].signatures[(*form, 1)].values


def sign(study, code):
    return study.desk.sign_form(code, "screening", "history", meaning="reviewed", by=INVESTIGATOR, key=study.key())


def test_a_signature_is_bound_to_the_values_as_they_stand(study, code):
    assert ids(sign(study, code)) == ["conduct.E055"]
    study.save(code, "screening", "history", HISTORY)
    done(sign(study, code))
    first = digest_of(study, code)
    study.save(code, "screening", "history", {"age": "52"}, reason="a birthday")
    assert digest_of(study, code) == first
    done(sign(study, code))
    second = digest_of(study, code)
    assert second != first
    study.save(code, "screening", "history", {"age": "51"}, reason="no birthday")
    done(sign(study, code))
    assert digest_of(study, code) == first


def test_the_digest_of_a_signature_can_be_computed_elsewhere(study, code):
    study.save(code, "screening", "history", HISTORY | {"hypertension_since": "?UNK"})
    done(sign(study, code))
    said = HISTORY | {"hypertension_since": {"missing": "UNK"}}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert digest_of(study, code) == hashlib.sha256(text.encode()).hexdigest()


# --- Visits and doses ------------------------------------------------------------------------------------


def test_a_visit_outside_its_window_is_recorded_with_a_deviation(study):
    study.load_list()
    code = study.randomised()
    study.now += timedelta(days=30)
    on_time = study.hold(code, "week_4", RANDOMISED + timedelta(days=28 + 4))
    late = study.hold(code, "week_8", RANDOMISED + timedelta(days=56 + 5))
    early = study.hold(code, "week_12", RANDOMISED + timedelta(days=84 - 5))
    assert [act.act.kind for act in on_time.acts] == ["VisitHeld"]
    for outcome, on in ((late, "2026-05-16"), (early, "2026-06-03")):
        deviation = outcome.acts[1]
        assert (deviation.act.category, deviation.by.role) == ("visit_window", "system")
        assert f"held on {on}" in deviation.act.text


def test_before_randomisation_no_window_is_judged(study):
    code = study.consented()
    assert len(study.hold(code, "screening", SCREENED + timedelta(days=60)).acts) == 1


def test_a_dose_is_released_once_under_a_label_that_says_nothing(study):
    study.load_list()
    code, pharmacist = study.randomised(), person("pharmacist")
    study.hold(code, "week_0", RANDOMISED)
    study.prepared(code, "week_0")
    assert done(study.desk.release_dose(code, "week_0", by=pharmacist, key="a")).acts[0].act.bag == "BAG-000"
    assert done(study.desk.release_dose(code, "week_0", by=pharmacist, key="a")).acts[0].act.bag == "BAG-000"
    assert ids(study.desk.release_dose(code, "week_0", by=pharmacist, key="b")) == ["conduct.E062"]
    done(study.desk.stop_treatment(code, on=RANDOMISED, because="c", by=INVESTIGATOR, key="c"))
    assert ids(study.desk.release_dose(code, "week_4", by=pharmacist, key="d")) == ["conduct.E061"]
    assert study.ledger.snapshot().subjects[code].doses == {"week_0": ("BAG-000",)}


def test_what_is_known_can_be_asked_of_the_desk(study, code):
    study.save(code, "screening", "laboratory", LABORATORY)
    assert study.desk.history(code).at("screening").get("potassium.uln") == Decimal("5.3")
    with pytest.raises(LookupError):
        study.desk.history("11-999")
