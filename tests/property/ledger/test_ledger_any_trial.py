"""Whatever people do in whatever order: what is known live, replayed and projected is the same."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from equipoise.conduct.fold import fold
from equipoise.conduct.outcome import Done
from equipoise.ledger.store import Ledger
from equipoise.ledger.verify import rebuild, verify
from tests.desk.at_work import EVENT, HISTORY, LABORATORY, PRESSURE, PROTOCOL, SCREENED, Study, person
from tests.ledger.witness import ROWS, acts_of, first_broken

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
CODES = st.sampled_from(["11-001", "11-002", "12-001", "12-002"])
VISITS = st.sampled_from([visit.id for visit in PROTOCOL.visits])
DAYS = st.integers(-3, 95).map(lambda days: SCREENED + timedelta(days=days))
FORMS = {"history": HISTORY, "blood_pressure": PRESSURE, "laboratory": LABORATORY, "adverse_events": EVENT}
NUMBERS = st.integers(0, 300).map(str)
ODD = st.sampled_from(["", "?ND", "?NA", "yes", "no", "female", "2024", "2026-01-31", "nonsense"]) | NUMBERS
QUERIES = st.integers(0, 3)


class AnyTrial(RuleBasedStateMachine):
    """A small study whose people do anything, sensible or not."""

    @initialize()
    def begin(self):
        AnyTrial.trials = getattr(AnyTrial, "trials", 0) + 1
        self.study = Study(f"trial-{AnyTrial.trials}", slots=2)
        self.study.load_list()
        self.desk = self.study.desk
        self.study.randomised("11")
        self.study.seen("12")
        self.before = self.study.ledger.snapshot()

    def attempt(self, method, *arguments, role="investigator", code="11-001", key=None, **more):
        """Do something; what is refused changes nothing, what is done twice is done once."""
        key = key or self.study.key()
        call = lambda: method(*arguments, by=person(role, code[:2]), key=key, **more)  # noqa: E731
        outcome, known = call(), self.study.ledger.snapshot()
        added = len(outcome.acts) if isinstance(outcome, Done) else 0
        assert known.acts == self.before.acts + added
        if added:
            again = call()
            assert again == Done(outcome.acts, again=True)
        else:
            assert known == self.before
        self.before = known

    @rule(site=st.sampled_from(["11", "12"]))
    def screen(self, site):
        self.attempt(self.desk.screen, site=site, code=site)

    @rule(code=CODES, on=DAYS)
    def consent(self, code, on):
        self.attempt(self.desk.consent, code, document="v1", language="zh", on=on, code=code)

    @rule(code=CODES, visit=VISITS, on=DAYS)
    def hold(self, code, visit, on):
        self.attempt(self.desk.hold_visit, code, visit, on=on, code=code)

    @rule(code=CODES, visit=VISITS)
    def miss(self, code, visit):
        self.attempt(self.desk.miss_visit, code, visit, because="ill", code=code)

    @rule(site=st.sampled_from(["11", "12"]))
    def go_as_far_as_it_goes(self, site):
        """Somebody who does everything right, so that the later stages are reached too."""
        if self.before.locked or sum(each.site == site for each in self.before.subjects.values()) > 3:
            return
        code = self.study.eligible(site)
        self.before = self.study.ledger.snapshot()
        self.attempt(self.desk.randomise, code, on=SCREENED + timedelta(days=14), code=code)

    @rule(
        code=CODES,
        visit=VISITS | st.just("log"),
        form=st.sampled_from(sorted(FORMS)),
        data=st.data(),
        why=st.booleans(),
    )
    def save(self, code, visit, form, data, why):
        odd = st.dictionaries(st.sampled_from(sorted(FORMS[form])), ODD, max_size=2)
        answers = FORMS[form] | data.draw(odd, label="odd")
        role = PROTOCOL.form_by_id[form].filled_by[0]
        self.attempt(self.desk.save_form, code, visit, form, answers, role=role, code=code, reason="why" * why)

    @rule(code=CODES, visit=VISITS, form=st.sampled_from(sorted(FORMS)))
    def sign(self, code, visit, form):
        self.attempt(self.desk.sign_form, code, visit, form, meaning="reviewed", code=code)

    @rule(code=CODES)
    def confirm(self, code):
        self.attempt(self.desk.confirm_eligibility, code, code=code)

    @rule(code=CODES, on=DAYS)
    def randomise(self, code, on):
        self.attempt(self.desk.randomise, code, on=on, code=code)

    @rule(code=CODES, visit=VISITS)
    def dose(self, code, visit):
        with suppress(AssertionError):  # a dose that cannot be prepared is not released either
            self.study.prepared(code, visit)
        self.attempt(self.desk.release_dose, code, visit, role="pharmacist", code=code)

    @rule(code=CODES, on=DAYS, what=st.sampled_from(["stop", "end", "fail"]))
    def leave(self, code, on, what):
        if what == "stop":
            self.attempt(self.desk.stop_treatment, code, on=on, because="c", code=code)
        elif what == "end":
            self.attempt(self.desk.end_participation, code, on=on, how="lost", code=code)
        else:
            self.attempt(self.desk.fail_screening, code, reasons=["other"], on=on, code=code)

    @rule(code=CODES, number=QUERIES, what=st.sampled_from(["ask", "answer", "settle"]))
    def query(self, code, number, what):
        query = f"query-{code}-{number}"
        if what == "ask" and not any(query in each.queries for each in self.before.subjects.values()):
            ask = self.desk.raise_query
            self.attempt(ask, code, "screening", "history", "age", text="?", role="monitor", code=code, key=query)
        elif what == "answer":
            self.attempt(self.desk.answer_query, code, query, text="!", code=code)
        elif what == "settle":
            self.attempt(self.desk.close_query, code, query, role="monitor", code=code)

    @rule(shut=st.booleans())
    def ask_to_lock(self, shut):
        """Locked seldom, so that something happens."""
        if shut and self.before.acts % 7 == 0:
            self.attempt(self.desk.request_lock, role="data_manager", reason="all is clean")
        else:
            self.attempt(self.desk.request_unlock, role="data_manager", reason="an error")

    @rule(role=st.sampled_from(["data_manager", "sponsor"]))
    def grant_or_decline(self, role):
        """Whoever asked may not grant; whatever is granted that was never asked is refused."""
        asked = self.before.lock_request
        grant = self.desk.unlock if self.before.locked else self.desk.lock
        if self.before.acts % 5:
            self.attempt(grant, asked.id if asked else "nothing", role=role)
        elif asked:
            self.attempt(self.desk.decline_lock, asked.id, role=role, reason="not yet")

    @invariant()
    def live_is_replayed(self):
        if hasattr(self, "study"):
            assert self.study.ledger.snapshot() == self.before

    def teardown(self):
        if not hasattr(self, "study"):
            return
        ledger, study = self.study.ledger, self.study.id
        found = verify(ledger)
        assert found.problems == ()
        live = ledger.snapshot()
        assert live == found.snapshot == fold(study, PROTOCOL, ledger.acts()) == Ledger.of(study).snapshot()
        with connection.cursor() as cursor:
            cursor.execute(ROWS.format(study))
            acts = acts_of(cursor.fetchall())
            columns = "subject, visit, form, repeat, item, value, missing, sequence"
            cursor.execute(f"SELECT {columns} FROM ledger_value WHERE study = '{study}'")
            stored = sorted(cursor.fetchall())
        assert first_broken(acts) is None
        assert stored == projected_by_hand(acts)
        assert rebuild(ledger) == len(stored)
        assert verify(ledger).problems == ()


def projected_by_hand(acts):
    """The current values, from nothing but the stored JSON."""
    values = {}
    for act in acts:
        body = json.loads(act["body"])
        for item, (_, new) in body.get("changes", {}).items() if act["kind"] == "FormSaved" else ():
            value, missing = (None, new["missing"]) if isinstance(new, dict) else (new, "")
            place = (body["subject"], body["visit"], body["form"], body["repeat"], item)
            values[place] = (value, missing, act["sequence"])
    return sorted((*place, *value) for place, value in values.items())


def test_live_replayed_and_projected_are_the_same():
    run_state_machine_as_test(
        AnyTrial,
        settings=settings(stateful_step_count=25, suppress_health_check=list(HealthCheck), deadline=None),
    )
