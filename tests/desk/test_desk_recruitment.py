"""Who may still enter: consent in use, limits, a stop; and what is kept of somebody who should not have entered."""

import re

import pytest

from equipoise.allocator import door
from equipoise.ledger.store import Ledger
from equipoise.ledger.verify import verify
from tests.desk.at_work import FILE, MANAGER, RANDOMISED, SCREENED, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

LIMITS = """\
recruitment:
  consent_documents: [v1, v2]
  most_by_country: {CN: 180}
  most_by_site: {"11": 2}
"""


def with_limits(**changes):
    text = FILE.read_text("utf-8")
    made = Study(text=text.replace("\nobjectives:\n", f"\n{LIMITS}\nobjectives:\n").encode(), **changes)
    made.load_list()
    return made


@pytest.fixture
def limited():
    return with_limits()


@pytest.fixture
def study():
    made = Study()
    made.load_list()
    return made


def randomise(study, code):
    return study.desk.randomise(code, on=RANDOMISED, by=person("coordinator", code[:2]), key=study.key())


def slots_given(study):
    return len(door.assignments(study=study.id))


def test_a_site_that_is_complete_takes_nobody_more_and_no_slot(limited):
    first, second, third, elsewhere = (limited.eligible(site) for site in ("11", "11", "11", "12"))
    for code in (first, second):
        done(randomise(limited, code))
    refused = randomise(limited, third)
    assert ids(refused) == ["conduct.E104"]
    assert re.search(r"site 11: 2 participants", refused.problems[0].message)
    assert slots_given(limited) == 2
    done(randomise(limited, elsewhere))


@pytest.mark.parametrize("limits", [None, "{most: 2}", "{most_by_country: {CN: 2}}"])
def test_a_slot_given_before_the_limit_was_reached_ends_in_its_act(limited, monkeypatch, limits):
    """The allocator gave the slot, the ledger failed, and others filled the site (the country, the trial) meanwhile."""
    if limits is not None:
        text = FILE.read_text("utf-8").replace("\nobjectives:\n", f"\nrecruitment: {limits}\nobjectives:\n")
        limited = Study("other", text=text.encode())
        limited.load_list()
    lost, *others, last = (limited.eligible() for _ in range(4))
    with monkeypatch.context() as broken:
        broken.setattr("equipoise.ledger.store.write_acts", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            randomise(limited, lost)
    for code in others:
        done(randomise(limited, code))
    assert ids(randomise(limited, last))[0].startswith("conduct.E10")
    act = done(randomise(limited, lost)).acts[0].act
    assert act.slot == door.assignment(study=limited.id, subject=lost).label
    assert slots_given(limited) == len(list(limited.ledger.rows(kinds=["Randomised"]))) == 3
    assert verify(limited.ledger).problems == ()


def test_a_slot_that_was_given_does_not_make_up_for_anything_but_a_limit(limited, monkeypatch):
    code = limited.eligible()
    with monkeypatch.context() as broken:
        broken.setattr("equipoise.ledger.store.write_acts", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            randomise(limited, code)
    done(limited.desk.stop_recruitment(by=MANAGER, key="stop", reason="audit"))
    assert ids(randomise(limited, code)) == ["conduct.E101"]


def test_another_process_sees_that_the_site_is_complete(limited):
    """The limit is judged under the ledger's lock on what is in the database, not on what a process remembers."""
    other = limited.another_desk(Ledger.of(limited.id))
    codes = [limited.eligible() for _ in range(3)]
    other.ledger.snapshot()
    for code in codes[:2]:
        done(randomise(limited, code))
    by = person("coordinator", "11")
    assert ids(other.randomise(codes[2], on=RANDOMISED, by=by, key="late")) == ["conduct.E104"]


def test_consent_on_a_version_that_is_not_in_use_keeps_a_participant_out_until_it_is_renewed(limited):
    code = limited.eligible()
    investigator = person("investigator")
    again = {"language": "zh", "on": SCREENED, "by": investigator, "reason": "the form was an old one"}
    done(limited.desk.consent(code, document="v0", key="old", **again))
    assert ids(randomise(limited, code)) == ["conduct.E100"]
    assert slots_given(limited) == 0
    done(limited.desk.consent(code, document="v2", key="new", **again))
    done(randomise(limited, code))


def test_a_stop_lets_nobody_enter_until_it_ends(study):
    here, there = study.eligible("11"), study.eligible("12")
    done(study.desk.stop_recruitment(by=MANAGER, key="stop", reason="audit of the site", site="11"))
    assert ids(randomise(study, here)) == ["conduct.E101"]
    done(randomise(study, there))
    done(study.desk.stop_recruitment(by=MANAGER, key="stop all", reason="the board asked for it"))
    done(study.desk.resume_recruitment(by=MANAGER, key="on", reason="the audit is done", site="11"))
    assert ids(randomise(study, here)) == ["conduct.E101"]
    assert slots_given(study) == 1
    done(study.desk.resume_recruitment(by=MANAGER, key="on all", reason="the board agrees"))
    done(randomise(study, here))
    assert verify(study.ledger).problems == ()


def test_everything_but_randomisation_goes_on_while_recruitment_is_stopped(study):
    code = study.randomised()
    done(study.desk.stop_recruitment(by=MANAGER, key="stop", reason="safety"))
    study.hold(code, "week_0", RANDOMISED)
    assert study.eligible()


def test_only_who_may_lock_stops_recruitment(study):
    for role in ("investigator", "administrator", "monitor"):
        refused = study.desk.stop_recruitment(by=person(role), key=study.key(), reason="I think so")
        assert ids(refused) == ["desk.E001"]


# --- What is kept -------------------------------------------------------------------------------------------------


def test_a_corrected_factor_leaves_the_allocation_and_keeps_both_strata(study):
    code = study.randomised()
    slot = study.ledger.subject(code).slot
    saved = study.save(code, "screening", "history", {"diabetes": "yes"}, reason="found in the chart")
    assert [each.act.kind for each in saved.acts] == ["FormSaved", "StratumCorrected"]
    assert saved.acts[1].by.id == "system"
    known = study.ledger.subject(code)
    assert (known.stratum, known.stratum_corrected, known.slot) == (
        "site=11|diabetes=no", "site=11|diabetes=yes", slot,
    )  # fmt: skip
    assert slots_given(study) == 1
    other = study.save(code, "screening", "history", {"age": "52"}, reason="misread")
    assert [each.act.kind for each in other.acts] == ["FormSaved"]
    back = study.save(code, "screening", "history", {"diabetes": "no"}, reason="another patient's chart")
    assert [each.act.kind for each in back.acts] == ["FormSaved", "StratumCorrected"]
    assert study.ledger.subject(code).stratum_corrected == ""
    assert verify(study.ledger).problems == ()


def test_a_factor_that_is_not_known_any_more_corrects_nothing(study):
    code = study.randomised()
    saved = study.save(code, "screening", "history", {"diabetes": ""}, reason="entered by mistake")
    assert [each.act.kind for each in saved.acts] == ["FormSaved"]
    assert study.ledger.subject(code).stratum == "site=11|diabetes=no"


def test_a_factor_before_randomisation_is_no_correction(study):
    code = study.eligible()
    saved = study.save(code, "screening", "history", {"diabetes": "yes"}, reason="found in the chart")
    assert [each.act.kind for each in saved.acts] == ["FormSaved"]


def test_who_was_randomised_in_error_stays_randomised_and_their_slot_spent(study):
    code, investigator = study.randomised(), person("investigator")
    slot = study.ledger.subject(code).slot
    marked = {"because": "not_eligible", "by": investigator}
    assert ids(study.desk.mark_randomised_in_error(code, key="k1", reason="", **marked)) == ["conduct.E081"]
    done(study.desk.mark_randomised_in_error(code, key="k2", reason="creatinine of another sample", **marked))
    assert ids(study.desk.mark_randomised_in_error(code, key="k3", reason="again", **marked)) == ["conduct.E107"]
    known = study.ledger.subject(code)
    assert (known.randomised, known.slot, known.randomised_in_error) == (RANDOMISED, slot, "not_eligible")
    assert ids(randomise(study, code)) == ["conduct.E022"]
    following = study.randomised()
    assert study.ledger.subject(following).slot != slot
    assert study.ledger.snapshot().recruitment.total == slots_given(study) == 2


def test_a_reason_that_is_not_coded_is_refused(study):
    code = study.randomised()
    by = person("investigator")
    assert ids(study.desk.mark_randomised_in_error(code, because="bad luck", by=by, key="k", reason="r")) == [
        "desk.E005"
    ]
