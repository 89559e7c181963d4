"""Whole rehearsals: the same seed gives the same acts in every process, and nothing the staff do is refused."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from equipoise.conduct.acts import FormSaved
from equipoise.conduct.eligibility import judge
from equipoise.conduct.messages import problem
from equipoise.conduct.outcome import Refused
from equipoise.conduct.strata import strata
from equipoise.desk import Desk
from equipoise.ledger.verify import verify
from equipoise.simulation.scenario import Scenario, read_scenario
from equipoise.simulation.staff import SimulationError
from tests.property.simulation.rehearse import TRIALS, rehearse

PROGRAM = Path(__file__).with_name("rehearse.py")
pytestmark = pytest.mark.django_db(databases=["default", "allocator"])


class Rehearsal:
    """What a rehearsal left; the databases are as they were before."""

    def __init__(self, name, seed, participants, **more):
        before = [(transaction.savepoint(using=database), database) for database in ("default", "allocator")]
        try:
            desk, self.opened = rehearse(name, seed, participants, **more)
            self.protocol = desk.protocol
            self.acts = list(desk.ledger.acts())
            self.problems = verify(desk.ledger).problems
        finally:
            for point, database in before:
                transaction.savepoint_rollback(point, using=database)
        self.snapshot = self.opened.snapshot
        self.subjects = self.snapshot.subjects


_DONE = {}


def rehearsal(name="hypertension-tablets", seed=1, participants=12):
    """A rehearsal, done once for all the tests that look at it."""
    asked = (name, seed, participants)
    if asked not in _DONE:
        _DONE[asked] = Rehearsal(*asked)
    return _DONE[asked]


BOTH = pytest.mark.parametrize(
    ("name", "participants"), [("hypertension-tablets", 12), pytest.param("belimumab-sle", 6, marks=pytest.mark.slow)]
)


@pytest.mark.slow
@BOTH
def test_another_process_with_the_same_seed_makes_the_same_ledger(name, participants, tmp_path, python):
    """Sets are ordered differently there, the database is a file, and nothing was run before."""
    here = rehearsal(name, 1, participants)
    there = subprocess.run(
        [*python, PROGRAM, tmp_path, name, "1", str(participants)], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONHASHSEED": "4711"}, timeout=60,
    )  # fmt: skip
    said = json.loads(there.stdout)
    assert said == {"head": here.snapshot.head, "acts": here.snapshot.acts, "arms": dict(here.opened.arms)}


@pytest.mark.parametrize("name", ["hypertension-tablets", pytest.param("belimumab-sle", marks=pytest.mark.slow)])
def test_the_same_seed_gives_the_same_ledger_again_and_another_another(name):
    first, again, other = (Rehearsal(name, seed, 4).snapshot.head for seed in (1, 1, 2))
    assert again == first
    assert other != first


@BOTH
def test_as_many_take_part_as_were_asked_for(name, participants):
    found = rehearsal(name, 1, participants)
    assert sum(subject.randomised is not None for subject in found.subjects.values()) == participants
    assert len(found.opened.arms) == participants
    assert set(found.opened.arms.values()) <= set(found.protocol.arm_by_id)
    assert all(subject.ended or subject.screen_failure for subject in found.subjects.values())


@BOTH
def test_the_ledger_of_a_rehearsal_verifies_and_says_that_it_is_simulated(name, participants):
    found = rehearsal(name, 1, participants)
    assert found.problems == ()
    assert found.snapshot.simulated
    assert found.snapshot.locked
    assert [act.sequence for act in found.acts] == list(range(1, found.snapshot.acts + 1))
    assert all(earlier.at <= later.at for earlier, later in zip(found.acts, found.acts[1:], strict=False))


@BOTH
def test_who_got_in_was_eligible_and_stands_in_a_stratum(name, participants):
    found = rehearsal(name, 1, participants)
    for subject in found.subjects.values():
        if subject.randomised is not None:
            assert set(subject.criteria.values()) == {"met"}
            assert {each.state for each in judge(found.protocol, subject)} == {"met"}
            assert subject.stratum in strata(found.protocol)
    assert len({subject.slot for subject in found.subjects.values() if subject.slot}) == participants


@BOTH
def test_the_rehearsal_does_what_a_trial_does(name, participants):
    kinds = Counter(act.act.kind for act in rehearsal(name, 1, participants).acts)
    for kind in (
        "SubjectScreened",
        "Consented",
        "Randomised",
        "VisitHeld",
        "FormSaved",
        "FormSigned",
        "DoseReleased" if name == "belimumab-sle" else "KitDispensed",
        "ParticipationEnded",
    ):
        assert kinds[kind] >= participants, kind
    assert kinds["StudyLocked"] == kinds["ListOpened"] == kinds["StudyOpened"] == 1


@BOTH
def test_nothing_in_the_ledger_names_an_arm_or_a_product(name, participants):
    found = rehearsal(name, 1, participants)
    words = {arm.id for arm in found.protocol.arms} | {product.id for product in found.protocol.products}
    for act in found.acts:
        written = {text.casefold() for text in _texts(act.act.body())}
        assert not {word for word in words if len(word) > 4} & written, act.act


def _texts(body):
    if isinstance(body, dict):
        return {text for value in body.values() for text in _texts(value)}
    if isinstance(body, list):
        return {text for value in body for text in _texts(value)}
    return {body} if isinstance(body, str) else set()


def answers_at_screening(found, codes):
    return {
        code: {place: answers for place, answers in found.subjects[code].values.items() if place[0] == "screening"}
        for code in codes
    }


def test_one_more_participant_changes_nothing_about_those_before():
    """Each has a stream of their own, so those screened first are the same people with the same answers.

    What is not promised: who of them is randomised when, and so the slot, the arm and what follows from it, may
    change, because one more may come in between.
    """
    fewer, more = rehearsal(participants=12), rehearsal(participants=14)
    screened = [act.act.subject for act in fewer.acts if act.act.kind == "SubjectScreened"]
    first = screened[:12]
    assert [act.act.subject for act in more.acts if act.act.kind == "SubjectScreened"][:12] == first
    assert answers_at_screening(fewer, first) == answers_at_screening(more, first)
    assert len(more.opened.arms) == 14


def test_the_arms_do_not_change_who_comes_or_what_is_said_at_screening():
    """Nature knows the arm from randomisation on, and not before: another list, the same people."""
    without = SCENARIO.model_copy(update={
        "stops_treatment": None, "leaves": None, "rows": (),
        "items": {name: draw.model_copy(update={"drift_per_week": {}}) for name, draw in SCENARIO.items.items()},
    })  # fmt: skip
    found = Rehearsal("hypertension-tablets", 1, 12, nature=without)
    first = [act.act.subject for act in found.acts if act.act.kind == "SubjectScreened"][:10]
    assert answers_at_screening(found, first) == answers_at_screening(rehearsal(), first)


def test_nothing_is_answered_that_was_not_asked():
    found = rehearsal()
    for act in (act.act for act in found.acts if isinstance(act.act, FormSaved)):
        assert act.changes
        assert set(act.changes) <= set(found.protocol.form_by_id[act.form].item_by_id)
    checks = Counter(query.check for subject in found.subjects.values() for query in subject.queries.values())
    assert "not_asked" not in checks
    assert {query.status for subject in found.subjects.values() for query in subject.queries.values()} <= {"closed"}


SCENARIO = read_scenario((TRIALS / "hypertension-tablets" / "scenarios" / "demo.yaml").read_bytes())[0]
EVERY_ARM = {"high": 3.0, "low": 3.0, "placebo": 3.0}


def eventful(**more):
    """Much happens in every arm: treatment is stopped, people leave, and logs are filled."""
    leaving = {"per_year": EVERY_ARM, "reasons": {"withdrew": 1}}
    stopping = {"per_year": dict.fromkeys(EVERY_ARM, 12.0), "reasons": {"adverse_event": 1}}  # within a month or so
    rows = [row.model_dump() | {"per_year": EVERY_ARM} for row in SCENARIO.rows]
    screening = {"withdraws_consent": 0.3}
    changes = {"stops_treatment": stopping, "leaves": leaving, "rows": rows, "screening": screening}
    return Scenario.model_validate(SCENARIO.model_dump() | changes | more)


def test_people_stop_treatment_leave_and_have_adverse_events_and_nothing_is_refused():
    found = Rehearsal("hypertension-tablets", 3, 12, nature=eventful())
    treated = [subject for subject in found.subjects.values() if subject.randomised]
    stopped = [subject for subject in treated if subject.treatment_stopped]
    left = [subject for subject in treated if subject.how_ended == "withdrew"]
    assert stopped
    assert left
    assert any(place[0] == "log" for subject in treated for place in subject.values)
    assert any(subject.screen_failure == ("consent_withdrawn",) for subject in found.subjects.values())
    for subject in stopped:
        weeks = [found.protocol.visit_by_id[visit].week for visit in subject.doses]
        assert all(subject.visits[f"week_{week}"].on < subject.treatment_stopped for week in weeks)
    for subject in left:
        assert all(state.on is None or state.on <= subject.ended for state in subject.visits.values())
    assert found.problems == ()


def test_a_trial_can_stop_in_the_middle():
    day = date(2025, 4, 1)
    found = Rehearsal("hypertension-tablets", 1, 12, until=day)
    rehearsed = [act for act in found.acts if act.act.kind not in ("LockRequested", "StudyLocked", "ListOpened")]
    assert max(act.at.date() for act in rehearsed) <= day
    whole = rehearsal().acts
    assert rehearsed == whole[: len(rehearsed)]


def test_progress_is_told_as_participants_finish():
    told = []
    Rehearsal("hypertension-tablets", 1, 5, progress=lambda finished, of: told.append((finished, of)))
    assert told == [(number, 5) for number in range(1, 6)]


def test_staff_who_are_refused_what_they_had_reason_to_expect_stop(monkeypatch):
    monkeypatch.setattr(Desk, "miss_visit", lambda *_, **__: Refused((problem("conduct.E043", "a visit"),)))
    never = {"attendance": {"missed": 1.0}}
    with pytest.raises(SimulationError, match=r"conduct\.E043"):
        Rehearsal("hypertension-tablets", 1, 2, nature=eventful(**never))


def test_a_trial_nobody_gets_into_stops_and_says_so():
    nobody = {"screening": {"failures": ({"share": 1.0, "answers": {"age": "79"}},)}}
    scenario = Scenario(scenario="nobody", start="2025-01-06", accrual_per_week=8, **nobody)
    with pytest.raises(SimulationError, match="screened and only 0 got in"):
        Rehearsal("hypertension-tablets", 1, 1, nature=scenario)


def test_a_lockdown_keeps_people_away_and_some_are_seen_remotely():
    closed = {"first": "2025-02-03", "last": "2025-05-30", "missed": 0.3, "remote": 0.5, "because": "pandemic"}
    shut = Scenario.model_validate(
        SCENARIO.model_dump()
        | {"lockdown": closed, "attendance": {"remote_skips": ["laboratory"]}, "sites": {"12": {"opens_week": 3}}}
    )
    found = Rehearsal("hypertension-tablets", 1, 8, nature=shut)
    visits = [state for subject in found.subjects.values() for state in subject.visits.values()]
    assert {"site", "remote"} <= {state.mode for state in visits if state.status == "held"}
    assert any(state.status == "missed" and state.because == "pandemic" for state in visits)
    screened = [act.at.date().isoformat() for act in found.acts if act.act.kind == "SubjectScreened"]
    assert not [day for day in screened if closed["first"] <= day <= closed["last"]]
    assert {
        act.act.site
        for act in found.acts
        if act.act.kind == "SubjectScreened" and act.at.date().isoformat() < "2025-01-27"
    } <= {"11"}


def test_the_staff_keep_to_the_limits_of_recruitment_and_to_the_consent_in_use(tmp_path):
    """A site that is complete screens nobody more, and the others go on."""
    limits = '\nrecruitment: {consent_documents: [v1, v2], most_by_site: {"11": 3}, most_by_country: {CN: 200}}\n'
    shutil.copytree(TRIALS / "hypertension-tablets", tmp_path / "trial")
    file = tmp_path / "trial" / "protocol.yaml"
    file.write_text(file.read_text("utf-8").replace("\nobjectives:", f"{limits}objectives:"), "utf-8")
    found = Rehearsal(str(tmp_path / "trial"), 1, 12)
    assert found.snapshot.recruitment.randomised == {"11": 3, "12": 9}
    assert {subject.consent_document for subject in found.subjects.values()} == {"v2"}
    assert found.problems == ()


def test_where_no_site_has_room_left_the_rehearsal_says_so(tmp_path):
    shutil.copytree(TRIALS / "hypertension-tablets", tmp_path / "trial")
    file = tmp_path / "trial" / "protocol.yaml"
    limits = "\nrecruitment: {most_by_country: {CN: 200}}\nobjectives:"
    few = re.sub(r"participants: \d+", "participants: 2", file.read_text("utf-8"))
    few = few.replace("\nobjectives:", limits.replace("200", "2"))
    file.write_text(few, "utf-8")
    with pytest.raises(SimulationError, match="only 2 got in"):
        Rehearsal(str(tmp_path / "trial"), 1, 3)


def test_who_guesses_the_treatment_knows_neither_arm_nor_what_it_does():
    """Nature makes everybody on the drug better at once, and the scenario lets it show in every answer it can."""
    better = {"per_year": {"high": 9000.0, "low": 9000.0}, "weeks": (100, 200)}
    shown = {"during": {"better": {"fixed": "active"}}, "choose": {"inactive": 1.0}}
    telling = {"participant_guess": shown, "pulse": {"fixed": "61", "during": {"better": {"fixed": "66"}}}}
    nature = SCENARIO.model_dump() | {"latent": {"better": better}, "rows": [], "leaves": None}
    nature["items"] |= telling
    found = Rehearsal("hypertension-tablets", 1, 8, nature=Scenario.model_validate(nature))
    guesses, pulses = Counter(), Counter()
    for code, arm in found.opened.arms.items():
        for (_, form, _), row in found.subjects[code].values.items():
            if form == "belief_participant":
                guesses[row["participant_guess"]] += 1
            if form == "blood_pressure":
                pulses[row["pulse"], arm == "placebo"] += 1
    assert set(guesses) == {"inactive"}
    assert guesses["inactive"] >= 12
    assert pulses[66, False]  # in other answers it does show
    assert not pulses[66, True]


def test_the_sponsor_is_told_of_the_serious_events_for_which_the_clock_runs_and_of_no_other(tmp_path):
    shutil.copytree(TRIALS / "hypertension-tablets", tmp_path / "trial")
    file = tmp_path / "trial" / "protocol.yaml"
    text = file.read_text("utf-8")
    assert "starts: ae_serious," in text
    file.write_text(text.replace("starts: ae_serious,", "starts: ae_serious and ae_related,"), "utf-8")
    serious = next(row for row in SCENARIO.rows if "ae_serious" in row.answers).model_dump()
    serious["answers"] |= {"ae_serious": {"fixed": "yes"}, "ae_related": {"choose": {"yes": 1, "no": 1}}}
    nature = Scenario.model_validate(SCENARIO.model_dump() | {"rows": [serious | {"per_year": EVERY_ARM}]})
    found = Rehearsal(str(tmp_path / "trial"), 1, 4, nature=nature)
    related = Counter()
    for subject in found.subjects.values():
        for place, known in subject.serious.items():
            related[subject.values[place]["ae_related"], len(known.reports)] += 1
    assert related.keys() == {(True, 1), (False, 0)}
    assert found.problems == ()
