"""Searching acts: what a slow reading of every act finds, in pages that join without gaps, by an index each time."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.conduct.acts import FormSigned
from equipoise.ledger.models import ActPlace
from equipoise.ledger.places import place_of
from equipoise.ledger.search import Wanted, search
from equipoise.ledger.store import Ledger
from equipoise.ledger.verify import rebuild, verify
from tests.desk.at_work import MANAGER, NOW, PRESSURE, Study, done, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
INVESTIGATOR = person("investigator")


@pytest.fixture
def study():
    made = Study()
    for site in ("11", "12"):
        code = made.seen(site)
        made.save(code, "screening", "blood_pressure", PRESSURE | {"pulse": "?ND"}, reason="not measured")
        made.now += timedelta(days=1)
    made.desk.raise_query("11-001", "screening", "history", "age", text="?", by=MANAGER, key="q")
    done(made.desk.sign_form("11-001", "screening", "history", meaning="m", by=INVESTIGATOR, key="s"))
    return made


def slowly(study, wanted):
    """Every act read and judged by itself."""

    def fits(each):
        act = each.act
        about = [*getattr(act, "changes", {}), *getattr(act, "texts", {}), getattr(act, "item", "")]
        return (
            wanted.subject in ("", getattr(act, "subject", ""))
            and wanted.site in ("", each.by.site)
            and (not wanted.people or each.by.id in wanted.people)
            and (not wanted.kinds or act.kind in wanted.kinds)
            and (not wanted.form or getattr(act, "form", "") == wanted.form)
            and (not (wanted.form and wanted.item) or wanted.item in about)
            and (wanted.since is None or each.at >= wanted.since)
            and (wanted.until is None or each.at < wanted.until)
        )

    found = [each.sequence for each in study.ledger.acts() if fits(each)]
    return found if wanted.oldest_first else found[::-1]


def paged(study, wanted, size):
    found, beyond = [], None
    while rows := search(study.id, wanted, beyond=beyond, limit=size):
        assert len(rows) <= size
        found += [row.sequence for row in rows]
        beyond = rows[-1].sequence
    return found


hours = st.none() | st.integers(-2, 60).map(lambda hour: NOW + timedelta(hours=hour))
wishes = st.builds(
    Wanted,
    subject=st.sampled_from(["", "11-001", "12-001", "11-999"]),
    site=st.sampled_from(["", "11"]),
    people=st.sampled_from([(), ("coordinator-11",), ("coordinator-12", "system"), ("nobody",)]),
    kinds=st.sampled_from([(), ("FormSaved",), ("FormSigned", "QueryRaised"), ("StudyOpened",)]),
    form=st.sampled_from(["", "history", "blood_pressure", "nothing"]),
    item=st.sampled_from(["", "age", "pulse", "systolic_1", "ystolic_1"]),
    since=hours,
    until=hours,
    oldest_first=st.booleans(),
)


@settings(max_examples=settings.default.max_examples * 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=wishes, size=st.integers(1, 40))
def test_pages_joined_are_what_a_slow_reading_finds(study, wanted, size):
    assert paged(study, wanted, size) == slowly(study, wanted)


@pytest.mark.parametrize(
    ("wanted", "walked"),
    [
        (Wanted(), "a USING INDEX sqlite_autoindex_ledger_act_2 (study=? AND sequence<?)"),
        (Wanted(subject="11-001"), "a USING INDEX act_subject (study=? AND subject=? AND sequence<?)"),
        (Wanted(people=("p",)), "a USING INDEX act_by (study=? AND by=? AND sequence<?)"),
        (Wanted(kinds=("FormSigned",)), "a USING INDEX act_kind (study=? AND kind=? AND sequence<?)"),
        (Wanted(form="history", item="age"), "p USING INDEX sqlite_autoindex_ledger_actplace_1 (study=? AND form=?"),
        (Wanted(since=NOW), "a USING INDEX sqlite_autoindex_ledger_act_2 (study=? AND sequence>? AND sequence<?)"),
    ],
)  # fmt: skip
def test_a_page_is_read_from_an_index_and_nothing_is_sorted(study, wanted, walked):
    if connection.vendor != "sqlite":
        return  # a small table is read whole there
    asked = []

    def note(run, sql, parameters, many, context):
        asked.append((sql, parameters))
        return run(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        search(study.id, wanted, beyond=9, limit=5)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[-1][0]}", asked[-1][1])
        plan = " / ".join(str(row[-1]) for row in cursor.fetchall())
    assert walked in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


def test_an_act_has_the_place_its_body_says():
    saved = {"visit": "week_0", "form": "laboratory", "repeat": 1, "changes": {"alt": [None, "4"], "ast": [None, "5"]}}
    assert place_of("s", 7, saved) == ("s", 7, "week_0", "laboratory", 1, " alt ast ")
    assert place_of("s", 8, {**saved, "changes": {}}).items == ""
    assert place_of("s", 9, {"visit": "week_0", "on": "2026-01-01"}) is None
    assert place_of("s", 9, {"visit": "", "form": "", "repeat": 1}) is None, "a whole casebook has no place"


def test_a_place_that_was_changed_is_found_and_made_again(study):
    assert verify(study.ledger).problems == ()
    ActPlace.objects.filter(study=study.id, form="history").update(items=" other ")
    ActPlace.objects.filter(study=study.id, form="laboratory").delete()
    (problem,) = verify(study.ledger).problems
    assert problem.id == "ledger.E020"
    rebuild(study.ledger)
    assert verify(study.ledger).problems == ()


def test_a_signature_over_other_values_than_stood_is_found(study):
    """A signature cannot be moved to another record, not even by who may add acts."""
    key = ("11-001", "screening", "history", 1)
    mine = study.ledger.snapshot().subjects[key[0]].signatures[key[1:]].values
    moved = FormSigned(subject="12-001", visit="screening", form="laboratory", meaning="m", values=mine)
    study.ledger.append(lambda fold: [moved], key="moved", by=INVESTIGATOR, at=study.clock())
    (problem,) = verify(Ledger.of(study.id)).problems
    assert problem.id == "ledger.E021"


def test_acts_of_before_get_their_places_when_the_tables_are_brought_up_to_date(study):
    from importlib import import_module

    from django.apps import apps

    before = set(ActPlace.objects.values_list("sequence", "visit", "form", "repeat", "items"))
    ActPlace.objects.all().delete()
    import_module("equipoise.ledger.migrations.0002_places").fill(apps, None)
    assert set(ActPlace.objects.values_list("sequence", "visit", "form", "repeat", "items")) == before
