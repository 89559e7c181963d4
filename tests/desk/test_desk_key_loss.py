"""Losses that stop a trial: a stolen key (a newer sealing takes the place of the list), and a main database that is
older than the allocator (nobody is randomised before the two are reconciled)."""

import pytest

from equipoise.allocator import door
from equipoise.conduct.strata import strata
from equipoise.envelopes import (
    COMMITMENT,
    SEALED_LIST,
    SECOND_LOCKS,
    hold,
    hold_again,
    new_key,
    open_broken,
    open_payloads,
    open_slot,
    read_list,
    read_locks,
    rewrap,
    write_list,
)
from equipoise.ledger.models import Act, Value
from equipoise.ledger.models import Study as StoredStudy
from equipoise.ledger.sealed import sealed_list
from equipoise.ledger.store import Ledger
from equipoise.ledger.verify import verify
from equipoise.protocol.load import digest
from equipoise.randomisation import seeded
from tests.conftest import with_triggers_down
from tests.desk.at_work import ADMINISTRATOR, PROTOCOL, RANDOMISED, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

PLAN = dict.fromkeys(strata(PROTOCOL), ("a", "b", "b", "a"))
STOLEN, OTHER, FRESH = (new_key("pharmacist", seeded(b"p", n), demo=True, holder=n) for n in ("A", "B", "C"))
HOLDERS = [new_key("holder", seeded(b"h", name), demo=True, holder=name).public for name in ("A", "B", "C")]


def files(held):
    names = (f"web-host/{SEALED_LIST}", f"allocator/{SECOND_LOCKS}", f"publish/{COMMITMENT}")
    listed, locks, text = (held.files[name] for name in names)
    return listed, locks, text.decode()


FIRST = hold(
    "tablets", PLAN, [STOLEN.public, OTHER.public], HOLDERS, seeded(b"1"), protocol=digest(PROTOCOL), demo=True
)
LIST, LOCKS, TEXT = files(FIRST)
PAYLOADS = open_payloads(FIRST.sealed, read_locks(LOCKS)[1], OTHER)
SECOND = hold_again(
    "tablets", PAYLOADS, [OTHER.public, FRESH.public], HOLDERS, seeded(b"2"), version="2", protocol=digest(PROTOCOL),
    demo=True,
)  # fmt: skip
LIST_2, LOCKS_2, TEXT_2 = files(SECOND)
WRAPPED = write_list(rewrap(FIRST.sealed, OTHER, seeded(b"w"), add=[FRESH.public], drop=[STOLEN.public.recipient]))
ARM = {payload.slot: payload.arm for payload in PAYLOADS}


@pytest.fixture
def study():
    made = Study()
    done(made.desk.load_list(LIST, TEXT, by=ADMINISTRATOR, key="list"))
    done(made.desk.load_locks(LOCKS, TEXT, by=ADMINISTRATOR, key="locks"))
    return made


def replace_list(study, file=LIST_2, text=TEXT_2, reason="a key was stolen"):
    return study.desk.replace_list(file, text, by=ADMINISTRATOR, key=study.key(), reason=reason)


def replace_locks(study, file=LOCKS_2, text=TEXT_2, reason="a key was stolen"):
    return study.desk.replace_locks(file, text, by=ADMINISTRATOR, key=study.key(), reason=reason)


def share_of(study, label):
    released = door.release_share(
        study=study.id, label=label, by="p", role="pharmacist", reason="week 0", at=study.now, entitled={"pharmacist"}
    )
    return released.share


def given(study):
    return {each.subject: each.label for each in door.assignments(study=study.id)}


def kinds(outcome):
    return [each.act.kind for each in outcome.acts]


# --- A key may have been stolen -----------------------------------------------------------------------------------


class TestTheft:
    def test_everybody_keeps_their_label_and_the_stolen_key_opens_no_newer_envelope(self, study):
        code = study.randomised()
        label = given(study)[code]
        old = share_of(study, label)
        assert kinds(done(replace_list(study))) == ["ListReplaced", "UnmaskingReported"]
        assert kinds(done(replace_locks(study))) == ["ListReplaced"]
        (entry,) = study.ledger.snapshot().unmaskings.values()
        assert (entry.kind, entry.subject, entry.withheld) == ("suspected", "", False)
        assert given(study) == {code: label}
        sealed, new = sealed_list(study.id), share_of(study, label)
        slot = sealed.slot(label)
        assert STOLEN.public.recipient not in slot.wraps
        assert old != new
        assert open_slot(sealed.context, slot, new, FRESH) == ARM[label]
        assert sealed.commitment == FIRST.sealed.commitment
        acts = [each.act for each in study.ledger.acts(kinds=["ListReplaced"])]
        assert [(act.part, act.sealing, act.slots) for act in acts] == [
            ("list", "2", len(PAYLOADS)), ("second_locks", "2", len(PAYLOADS)),
        ]  # fmt: skip

    def test_the_next_slots_are_those_that_were_next(self, study):
        study.randomised()
        done(replace_list(study)), done(replace_locks(study))
        following = study.randomised()
        label = given(study)[following]
        first_two = sorted((p for p in PAYLOADS if p.stratum == next(p.stratum for p in PAYLOADS if p.slot == label)),
                           key=lambda p: p.position)[:2]  # fmt: skip
        assert label in {payload.slot for payload in first_two}

    def test_old_cards_open_nothing_and_new_cards_open_that_participant(self, study):
        code = study.randomised()
        done(replace_list(study)), done(replace_locks(study))
        released = study.desk.break_code(
            code, why="other", adverse_event=False, told="-", by=person("investigator"), key="night", reason="r"
        )
        secret = {card.label: card.secret for card in SECOND.cards}[released.label]
        assert open_broken(sealed_list(study.id), secret, released.release).arm == ARM[released.label]
        assert secret != {card.label: card.secret for card in FIRST.cards}[released.label]

    def test_once_more_changes_nothing_and_no_older_half_comes_back(self, study):
        done(replace_list(study)), done(replace_locks(study))
        assert [kinds(done(change(study))) for change in (replace_list, replace_locks)] == [[], []]
        assert ids(study.desk.load_locks(LOCKS, TEXT, by=ADMINISTRATOR, key="again")) == ["allocator.E007"]
        assert kinds(done(study.desk.load_locks(LOCKS_2, TEXT_2, by=ADMINISTRATOR, key="same"))) == []
        assert ids(study.desk.load_list(LIST, TEXT, by=ADMINISTRATOR, key="older")) == ["envelopes.E075"]

    def test_the_earlier_locks_stay_and_name_no_participant(self, study):
        done(replace_locks(study))
        from equipoise.allocator.models import Relock

        assert sorted(map(str, Relock.objects.all())) == sorted(f"tablets {label}" for label in ARM)

    def test_a_crash_before_the_ledger_has_it_is_finished_by_asking_again(self, study, monkeypatch):
        with monkeypatch.context() as cut:
            cut.setattr("equipoise.ledger.store.write_acts", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                replace_locks(study)
        assert kinds(done(replace_locks(study))) == ["ListReplaced"]

    def test_after_the_lock_the_whole_newer_list_opens(self, study):
        study.randomised()
        done(replace_list(study)), done(replace_locks(study))
        study.lock()
        locks = door.shares_after_lock(
            study=study.id, by="s", role="s", reason="opening", at=study.now, entitled={"s"}, locked_by="lock"
        )
        assert {p.slot: p.arm for p in open_payloads(sealed_list(study.id), locks, FRESH)} == ARM

    def test_a_look_gets_the_newer_locks_of_those_randomised(self, study):
        code = study.randomised()
        done(replace_list(study)), done(replace_locks(study))
        (share,) = door.shares_for_look(
            study=study.id, look="l", subjects=[code], by="s", role="s", reason="look", at=study.now, entitled={"s"},
            released_by="act",
        )  # fmt: skip
        sealed = sealed_list(study.id)
        assert open_slot(sealed.context, sealed.slot(share.label), share.share, FRESH) == ARM[share.label]
        assert share.subject == code

    def test_a_list_that_was_only_wrapped_takes_its_place_under_the_first_text(self, study):
        assert kinds(done(replace_list(study, WRAPPED, TEXT))) == ["ListReplaced"]
        assert FRESH.public.recipient in sealed_list(study.id).recipients

    @pytest.mark.parametrize(
        ("file", "text", "identity"),
        [
            (b"{}", TEXT, "envelopes.E0"),
            (LIST_2, TEXT, "envelopes.E071"),  # sealed again, and the text does not name it
            (LIST_2, TEXT_2.replace(FIRST.sealed.commitment, "0" * 64), "envelopes.E055"),
            (LIST_2, TEXT_2.replace(digest(PROTOCOL), "0" * 64), "envelopes.E070"),
        ],
    )
    def test_another_list_is_refused_and_the_first_stays(self, study, file, text, identity):
        assert ids(replace_list(study, file, text))[0].startswith(identity)
        assert sealed_list(study.id) == read_list(LIST)

    def test_another_drawing_is_refused_even_with_its_own_text(self, study):
        other = hold(
            "tablets", PLAN, [OTHER.public], HOLDERS, seeded(b"3"), protocol=digest(PROTOCOL), demo=True
        )  # fmt: skip
        listed, locks, text = files(other)
        assert ids(replace_list(study, listed, text)) == ["envelopes.E076"]
        assert ids(replace_locks(study, locks, text)) == ["allocator.E010"]
        assert ids(replace_locks(study, LOCKS_2, TEXT)) == ["envelopes.E072"]

    def test_another_study_and_a_demonstration_are_refused(self):
        real = Study(simulated=False)
        from equipoise.ledger.sealed import keep

        keep(FIRST.sealed)
        assert ids(replace_list(real)) == ["envelopes.E074"]
        elsewhere = hold(
            "others", PLAN, [OTHER.public], HOLDERS, seeded(b"4"), protocol=digest(PROTOCOL), demo=True
        )  # fmt: skip
        assert ids(replace_list(real, files(elsewhere)[0], files(elsewhere)[2])) == ["envelopes.E073"]

    def test_a_reason_is_needed_and_a_list_to_replace(self, study):
        assert ids(replace_list(study, reason="")) == ["conduct.E081"]
        assert ids(replace_list(Study("none"))) == ["envelopes.E077"]


# --- The main database is lost, and its copy is older ---------------------------------------------------------------


def go_back_to(study, sequence):
    """The main database as its copy of that act has it; the allocator knows more."""

    def restore():
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ledger_act WHERE study = %s AND sequence > %s", [study.id, sequence])
        last = Act.objects.filter(study=study.id).order_by("-sequence").first()
        Value.objects.filter(study=study.id, sequence__gt=sequence).delete()
        StoredStudy.objects.filter(id=study.id).update(sequence=sequence, head=last.hash)

    with_triggers_down(["default"], restore)
    study.ledger = Ledger.of(study.id)
    study.desk = study.another_desk(study.ledger)


def randomise(study, code):
    return study.desk.randomise(code, on=RANDOMISED, by=person("coordinator", code[:2]), key=study.key())


class TestReconciling:
    def test_nobody_is_randomised_before_and_no_lost_slot_or_code_after(self, study):
        study.randomised()
        here = study.ledger.snapshot().acts
        lost = study.randomised()
        slot = given(study)[lost]
        go_back_to(study, here)
        waiting = study.eligible()
        assert waiting != lost, "a code in the allocator is not given to another person"
        assert ids(randomise(study, waiting)) == ["desk.E009"]
        act = done(study.desk.reconcile(by=ADMINISTRATOR, key="reconcile")).acts[0].act
        assert act.burned == {lost: slot}
        assert done(randomise(study, waiting)).acts[0].act.slot not in {slot}
        assert done(study.desk.reconcile(by=ADMINISTRATOR, key="again")).acts == ()
        assert verify(study.ledger).problems == ()
        assert given(study)[lost] == slot, "burned, and never given again"

    def test_who_was_screened_before_the_copy_gets_the_slot_they_had(self, study):
        code = study.eligible()
        here = study.ledger.snapshot().acts
        done(randomise(study, code))
        slot = given(study)[code]
        go_back_to(study, here)
        assert done(study.desk.reconcile(by=ADMINISTRATOR, key="reconcile")).acts == ()
        assert done(randomise(study, code)).acts[0].act.slot == slot

    def test_an_allocator_that_is_behind_halts_as_well_until_its_locks_are_loaded(self, study):
        code, waiting = study.randomised(), study.eligible()

        def lose():
            from django.db import connections

            with connections["allocator"].cursor() as cursor:
                for statement in ("DELETE FROM allocator_slot", "DELETE FROM allocator_counter"):
                    cursor.execute(statement)

        slot = given(study)[code]
        with_triggers_down(["allocator"], lose)
        assert ids(randomise(study, waiting)) == ["desk.E009"]
        assert ids(study.desk.reconcile(by=ADMINISTRATOR, key="reconcile")) == ["desk.E010"]
        done(study.desk.load_locks(LOCKS, TEXT, by=ADMINISTRATOR, key="restored"))
        assert done(randomise(study, waiting)).acts[0].act.slot != slot
        assert given(study)[code] == slot
