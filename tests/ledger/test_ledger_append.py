"""Adding acts: once each, all or nothing, in every process alike."""

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from equipoise.conduct.acts import DeviationRecorded, FormSaved, SiteActivated, SubjectScreened
from equipoise.conduct.fold import fold
from equipoise.conduct.outcome import Done, Refused
from equipoise.ledger import sealed
from equipoise.ledger import store as store_of_acts
from equipoise.ledger.models import ProtocolText, Value
from equipoise.ledger.store import Ledger, open_study
from equipoise.ledger.verify import verify
from tests.desk.at_work import ADMINISTRATOR, FILE, NOW, PROTOCOL, TEXT, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])


@pytest.fixture
def study():
    return Study()


def add(ledger, key, *acts, reason=""):
    return ledger.append(lambda fold: list(acts), key=key, by=ADMINISTRATOR, at=NOW, reason=reason)


def screening(number, site="11"):
    return SubjectScreened(subject=f"{site}-{number:03d}", site=site)


def keys(ledger):
    return [act.id for act in ledger.acts()]


# --- Once each -------------------------------------------------------------------------------------------


def test_the_same_key_gives_one_act_and_the_same_answer(study):
    first = add(
        study.ledger, "k", screening(1), DeviationRecorded(subject="11-001", visit="week_0", category="c", text="")
    )
    again = add(study.ledger, "k", screening(2))
    assert again == Done(first.acts, again=True)
    assert keys(study.ledger)[-2:] == ["k", "k.1"]
    assert study.ledger.snapshot().acts == 5


def test_what_follows_from_an_act_is_the_systems_and_without_its_reason(study):
    deviation = DeviationRecorded(subject="11-001", visit="week_0", category="c", text="")
    first, second = add(study.ledger, "k", screening(1), deviation, reason="because").acts
    assert (first.by.role, first.reason) == ("administrator", "because")
    assert (second.by.role, second.reason) == ("system", "")


@pytest.mark.parametrize("other", ["k.1", "k.x", "k_1", "kk", "K", "k%"])
def test_a_key_that_looks_alike_is_another_key(study, other):
    first = add(study.ledger, "k", screening(1))
    add(study.ledger, other, screening(2))
    assert add(study.ledger, "k", screening(3)) == Done(first.acts, again=True)


@pytest.mark.parametrize("pattern", ["%", "k%", "_", "k.%"])
def test_a_key_is_not_a_pattern(study, pattern):
    add(study.ledger, "k", screening(1))
    assert not add(study.ledger, pattern, screening(2)).again


def test_another_study_has_keys_of_its_own(study):
    other = Study("second")
    add(study.ledger, "k", screening(1))
    assert not add(other.ledger, "k", screening(1)).again
    assert verify(study.ledger).problems == verify(other.ledger).problems == ()
    assert [act.sequence for act in other.ledger.acts()] == [1, 2, 3, 4]
    assert {act.study for act in other.ledger.acts()} == {"second"}


def test_an_answer_lost_after_the_commit_is_given_at_the_next_try(study, monkeypatch):
    """The act is in the database, the caller saw an error: the state of the world after a broken connection."""

    def lost(*_):
        raise OSError("the connection broke")

    with monkeypatch.context() as broken:
        broken.setattr(store_of_acts, "recorded", lost)
        with pytest.raises(OSError, match="broke"):
            add(study.ledger, "k", screening(1))
    retried = add(study.ledger, "k", screening(1))
    assert retried.again
    assert [act.sequence for act in retried.acts] == [4]
    assert list(study.ledger.snapshot().subjects) == ["11-001"]
    assert done(add(study.ledger, "next", screening(2))).acts[0].sequence == 5


@pytest.mark.django_db(databases=["default", "allocator"], transaction=True)
@pytest.mark.parametrize("kept", [True, False], ids=["was kept", "was not kept"])
def test_an_error_at_commit_means_unknown_and_a_retry_gives_one_act(kept, monkeypatch):
    ledger, usual = Study().ledger, BaseDatabaseWrapper._commit

    def failing(database):
        if kept:
            usual(database)
        raise OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(BaseDatabaseWrapper, "_commit", failing)
        with pytest.raises(OperationalError, match="disk"):
            add(ledger, "k", screening(1))
    assert add(ledger, "k", screening(1)).again is kept
    assert keys(ledger).count("k") == 1
    assert verify(ledger).problems == ()


# --- All or nothing --------------------------------------------------------------------------------------


def test_a_refusal_writes_nothing(study):
    before = study.ledger.snapshot()
    refused = study.desk.activate_site("99", by=ADMINISTRATOR, key="refused")
    assert ids(refused) == ["conduct.E003"]
    assert study.ledger.snapshot() == before
    assert "refused" not in keys(study.ledger)


def test_a_refused_key_can_be_used_again(study):
    study.ledger.append(lambda fold: Refused(()), key="k", by=ADMINISTRATOR, at=NOW)
    assert add(study.ledger, "k", screening(1)) != Done((), again=True)


def test_deciding_on_nothing_writes_nothing(study):
    assert add(study.ledger, "k") == Done(())
    assert "k" not in keys(study.ledger)


def test_an_exception_while_deciding_leaves_nothing(study):
    before = study.ledger.snapshot()

    def decide(fold):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        study.ledger.append(decide, key="k", by=ADMINISTRATOR, at=NOW)
    assert study.ledger.snapshot() == before
    assert verify(study.ledger).problems == ()


def test_an_exception_while_writing_leaves_nothing(study, monkeypatch):
    code = study.consented()
    study.hold(code, "screening", NOW.date())
    before, values = study.ledger.snapshot(), Value.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr(store_of_acts, "write_values", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            study.save(code, "screening", "history", {"age": "50"})
    assert (study.ledger.snapshot(), Value.objects.count()) == (before, values)
    assert study.save(code, "screening", "history", {"age": "50"}).acts[0].sequence == before.acts + 1


# --- Every process alike ---------------------------------------------------------------------------------


def test_what_is_known_is_the_fold_of_what_is_stored(study):
    study.seen()
    assert study.ledger.snapshot() == fold(study.id, PROTOCOL, study.ledger.acts())


def test_two_ledgers_catch_up_with_each_other(study):
    other = Ledger.of(study.id)
    add(study.ledger, "a", screening(1))
    seen = []
    other.append(lambda fold: seen.extend(fold.subjects) or [screening(2)], key="b", by=ADMINISTRATOR, at=NOW)
    assert seen == ["11-001"]
    assert study.ledger.subject("11-002") is None  # as of the last act this process has seen
    assert study.ledger.snapshot() == other.snapshot()
    assert study.ledger.subject("11-002").code == "11-002"
    assert verify(other).problems == ()


def test_a_transaction_around_it_that_is_undone_is_forgotten(study):
    with transaction.atomic():
        add(study.ledger, "undone", screening(1))
        transaction.set_rollback(True)
    assert study.ledger.snapshot().subjects == {}
    assert not add(study.ledger, "undone", screening(1)).again


@pytest.mark.parametrize("many", [1, 2, 3])
def test_an_act_that_took_the_place_of_an_undone_one_is_seen(study, many):
    """The chain has grown again to the length this process remembers, or beyond, with other acts."""
    with transaction.atomic():
        add(study.ledger, "undone", screening(1), screening(2))
        transaction.set_rollback(True)
    other = Ledger.of(study.id)
    for number in range(many):
        add(other, f"other-{number}", screening(number + 1, "12"))
    assert study.ledger.snapshot() == other.snapshot()
    assert other.snapshot().head == add(study.ledger, "next", SiteActivated(site="11")).acts[0].previous


def test_acts_can_be_read_by_participant_and_by_kind(study):
    first, second = study.consented(), study.consented("12")
    assert {act.act.subject for act in study.ledger.acts(subject=second)} == {second}
    assert [act.kind for act in study.ledger.rows(kinds=["Consented"])] == ["Consented", "Consented"]
    assert [row.subject for row in study.ledger.rows(kinds=["Consented", "SubjectScreened"], subject=first)] == [
        first
    ] * 2
    assert [row.sequence for row in study.ledger.rows(after=5)] == [6, 7]


def test_an_act_stands_under_the_site_of_its_participant(study):
    code = study.screened("12")
    done(study.desk.raise_query(code, "screening", "history", "age", text="?", by=person("monitor"), key="q"))
    assert {row.site for row in study.ledger.rows(subject=code)} == {"12"}
    assert [row.site for row in study.ledger.rows()][:3] == ["", "11", "12"]


# --- Opening ---------------------------------------------------------------------------------------------


def opened(text, key="open", study="tablets"):
    return open_study(study, text, name="p.yaml", simulated=True, by=ADMINISTRATOR, at=NOW, key=key)


@pytest.mark.parametrize("key", ["open", "another"])
def test_opening_again_changes_nothing(study, key):
    before = study.ledger.snapshot()
    assert opened(TEXT, key).snapshot() == before


def test_a_study_is_not_opened_again_under_another_protocol(study):
    other = TEXT.replace(b'version: "1.0"', b'version: "1.1"')
    with pytest.raises(ValueError, match="another protocol"):
        opened(other, "another")
    assert study.ledger.snapshot().acts == 3


def test_what_is_no_protocol_opens_nothing():
    with pytest.raises(ValueError, match=r"p\.yaml:1"):
        opened(b"equipoise: 1\n")
    with pytest.raises(LookupError):
        Ledger.of("tablets")


def test_a_stored_protocol_that_was_changed_is_not_used(study):
    ProtocolText.objects.update(text=FILE.read_text().replace("range: [60, 280]", "range: [60, 290]"))
    with pytest.raises(ValueError, match="not what it was"):
        Ledger.of(study.id)


# --- The sealed list -------------------------------------------------------------------------------------


def test_the_sealed_list_is_kept_as_it_was_made_and_never_replaced():
    from equipoise.envelopes import new_key, seal
    from equipoise.ledger.models import SealedList
    from equipoise.randomisation import seeded

    key = new_key("pharmacist", seeded(b"key"), demo=True)
    first, second = (seal("tablets", {"all": ("a", "b")}, [key.public], seeded(s), demo=True)[0] for s in (b"1", b"2"))
    sealed.keep(first)
    sealed.keep(second)
    assert sealed.sealed_list("tablets").commitment == first.commitment != second.commitment
    with pytest.raises(LookupError):
        sealed.sealed_list("second")
    SealedList.objects.filter(study="tablets").update(file=b"not a list")
    with pytest.raises(ValueError, match="envelopes"):
        sealed.sealed_list("tablets")


def test_the_migration_says_what_the_models_say():
    from django.core.management import call_command

    call_command("makemigrations", "ledger", check=True, dry_run=True, verbosity=0)
    assert connection.introspection.table_names()


# --- What pages read -------------------------------------------------------------------------------------


def saving(subject, **changes):
    texts = {item: (None, text) for item, text in changes.items()}
    return FormSaved(subject=subject, visit="screening", form="blood_pressure", changes=texts)


def test_the_act_that_last_set_a_question_of_a_form(study):
    place = ("screening", "blood_pressure", 1)
    add(study.ledger, "who", screening(1), screening(2))
    assert study.ledger.last_set("11-001", place, ["systolic_1"]) is None
    add(study.ledger, "first", saving("11-001", systolic_1="150", systolic_2="151"))
    add(study.ledger, "second", saving("11-001", systolic_2=None))
    add(study.ledger, "other", saving("11-002", systolic_1="160"))
    found = {
        item: study.ledger.last_set("11-001", place, [item]) for item in ("systolic_1", "systolic_2", "systolic_3")
    }
    assert {item: act.id if act else "" for item, act in found.items()} == {
        "systolic_1": "first", "systolic_2": "second", "systolic_3": "",
    }  # fmt: skip
    both = study.ledger.last_set("11-001", place, ["systolic_1", "systolic_2"])
    assert both == found["systolic_2"] == next(act for act in study.ledger.acts() if act.id == "second")
    assert study.ledger.last_change("11-001", place) == both.sequence, "an answer that was taken back counts"
    assert study.ledger.last_change("11-001", ("week_0", "blood_pressure", 1)) == 0


def test_acts_of_some_kinds_are_found_among_all(study):
    add(study.ledger, "who", screening(1), DeviationRecorded(subject="11-001", visit="week_0", category="c", text=""))
    every = list(study.ledger.acts())
    for kinds in (["SiteActivated"], ["StudyOpened", "SubjectScreened"], ["DeviationRecorded"], ["ListOpened"]):
        assert list(study.ledger.acts(kinds=kinds)) == [each for each in every if each.act.kind in kinds]
