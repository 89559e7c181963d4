"""A file is saved with the act that names it, or neither is; and never without its content."""

import pytest
from django.db import Error, connection, transaction

from equipoise.items import Missing, refer
from equipoise.ledger import store
from equipoise.ledger.files import content_of
from equipoise.ledger.models import LedgerError, StoredFile
from equipoise.ledger.store import Ledger
from equipoise.ledger.verify import verify
from tests.desk.at_work import done, ids
from tests.desk.desk_files import OTHER, SCAN, WITH_FILE, Filed

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])


@pytest.fixture
def study():
    return Filed(text=WITH_FILE)


@pytest.fixture
def code(study):
    return study.seen()


def answer(study, code):
    return study.ledger.snapshot().subjects[code].values["screening", "history", 1]["report"]


def kept():
    return {row.digest: bytes(row.content) for row in StoredFile.objects.all()}


def test_a_file_is_kept_once_under_its_digest_and_the_act_names_it(study, code):
    file = refer("report.pdf", SCAN)
    act = done(study.report(code, SCAN)).acts[0].act
    assert act.changes["report"] == (None, str(file))
    assert (answer(study, code), kept()) == (file, {file.digest: SCAN})
    other = study.seen()
    done(study.report(other, SCAN, name="again.pdf"))
    assert kept() == {file.digest: SCAN}, "the same content is stored once"
    assert content_of(answer(study, other), "report") == SCAN


def test_another_file_is_a_change_with_a_reason_and_both_are_kept(study, code):
    done(study.report(code, SCAN))
    assert ids(study.report(code, OTHER, reason="")) == ["conduct.E053"]
    assert list(kept().values()) == [SCAN], "what is refused is not kept"
    act = done(study.report(code, OTHER)).acts[0].act
    assert act.changes["report"] == (str(refer("report.pdf", SCAN)), str(refer("report.pdf", OTHER)))
    assert sorted(kept().values()) == [SCAN, OTHER]
    done(study.report(code, text="?LOST"))
    assert answer(study, code) == Missing("LOST")
    assert len(kept()) == 2


def test_what_was_saved_before_needs_no_content_again(study, code):
    done(study.report(code, SCAN))
    assert done(study.report(code, text=str(refer("report.pdf", SCAN)))).acts == ()


def test_a_file_without_its_content_is_refused_also_if_another_record_has_it(study, code):
    done(study.report(code, SCAN))
    other = study.seen()
    named = str(refer("report.pdf", SCAN))
    for contents in ((), (OTHER,)):
        found = study.report(other, *contents, text=named).problems
        assert [(p.id, p.where) for p in found] == [("desk.E042", "report")]
    larger = named.replace(f" {len(SCAN)} ", f" {len(SCAN) + 1} ")
    assert ids(study.report(other, SCAN, text=larger)) == ["desk.E042"]
    assert ids(study.report("11-999", text=named)) == ["desk.E042"]


def test_a_content_that_no_answer_names_is_not_kept(study, code):
    done(study.report(code, SCAN, OTHER))
    assert list(kept().values()) == [SCAN]


def test_what_a_file_carries_and_a_name_that_tells_are_refused_and_nothing_is_kept(study, code):
    acting = SCAN + b" /S /JavaScript"
    found = study.report(code, acting).problems
    assert [(p.id, p.where) for p in found] == [("items.E023", "report")]
    for name in ("high_dose 11-001.pdf", "安慰剂.pdf"):
        assert ids(study.report(code, SCAN, name=name)) == ["desk.E043"]
    assert kept() == {}


def test_file_and_act_are_kept_together_or_not_at_all(study, code, monkeypatch):
    acts = study.ledger.snapshot().acts

    def fail(cursor, files):
        cursor.execute("SELECT nothing FROM nowhere")

    monkeypatch.setattr(store, "write_files", fail)
    with pytest.raises(Error), transaction.atomic():
        study.report(code, SCAN)
    assert (Ledger.of("tablets").snapshot().acts, kept()) == (acts, {})


def test_a_repeated_request_is_answered_with_the_first(study, code):
    first = done(study.report(code, SCAN, key="once"))
    assert study.report(code, SCAN, key="once").acts == first.acts
    assert len(kept()) == 1


STATEMENTS = {
    "both": (
        "UPDATE ledger_file SET content = digest",
        "DELETE FROM ledger_file",
        "UPDATE ledger_file SET digest = 'x'",
        "INSERT INTO ledger_file SELECT digest, content FROM ledger_file WHERE true"
        " ON CONFLICT (digest) DO UPDATE SET content = ''",
    ),
    "sqlite": (
        "INSERT OR REPLACE INTO ledger_file SELECT digest, x'00' FROM ledger_file",
        "INSERT INTO ledger_file SELECT digest, x'00' FROM ledger_file",
    ),
    "postgresql": ("TRUNCATE ledger_file", "SET LOCAL session_replication_role = replica; DELETE FROM ledger_file"),
}


def test_the_database_and_the_code_refuse_to_change_a_file(study, code):
    done(study.report(code, SCAN))
    before = kept()
    for statement in (*STATEMENTS["both"], *STATEMENTS[connection.vendor]):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    stored = StoredFile.objects.get()
    assert str(stored) == stored.digest
    for change in (stored.save, stored.delete, StoredFile.objects.all().delete):
        with pytest.raises(LedgerError):
            change()
    assert kept() == before


@pytest.mark.parametrize(
    ("statement", "problem"),
    [("DELETE FROM ledger_file", "ledger.E022"), ("UPDATE ledger_file SET content = %s", "ledger.E023")],
)
def test_verification_names_a_file_that_is_missing_or_altered(study, code, administrator, statement, problem):
    done(study.report(code, SCAN))
    assert verify(study.ledger).problems == ()
    administrator(statement, *([b"%PDF-1.7 eno"] if "%s" in statement else []))
    saved = study.ledger.snapshot().acts
    assert [(p.id, p.where) for p in verify(study.ledger).problems] == [(problem, f"tablets act {saved}")]
    assert content_of(refer("report.pdf", SCAN), "report").id == problem
