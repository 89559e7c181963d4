"""An emergency at the desk: the act before the release, once for each act, at any hour; and the register beside it."""

from datetime import timedelta

import pytest

from equipoise.allocator import door
from equipoise.conduct.acts import Person
from equipoise.desk import Refused, telling_words
from equipoise.ledger.verify import verify
from tests.desk.at_work import MANAGER, MONITOR, PROTOCOL, RANDOMISED, Study, done, ids, person

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])


@pytest.fixture
def study():
    made = Study()
    made.load_list()
    made.randomised()
    return made


def broken(study, subject="11-001", *, by=None, key=None, why="serious_event", reason="anaphylaxis"):
    return study.desk.break_code(
        subject, why=why, adverse_event=True, told="the emergency physician", by=by or person("investigator"),
        key=key or study.key(), reason=reason,
    )  # fmt: skip


def releases():
    from equipoise.allocator.models import Release

    return list(Release.objects.values_list("label", "by", "code_break"))


def register(study):
    return study.ledger.snapshot().unmaskings


class TestCodeBreak:
    def test_the_act_is_recorded_and_the_release_names_the_card(self, study):
        released = broken(study)
        assert isinstance(released, door.CodeBreakReleased)
        assert released.label == study.ledger.snapshot().subjects["11-001"].slot
        (act,) = [each for each in study.ledger.acts(subject="11-001") if each.act.kind == "CodeBroken"]
        assert (act.reason, act.act.told, act.act.adverse_event) == ("anaphylaxis", "the emergency physician", True)
        assert releases() == [(released.label, "investigator-11", True)]
        assert verify(study.ledger).problems == ()

    def test_it_does_not_wait_for_a_lock(self, study):
        study.lock()
        assert isinstance(broken(study), door.CodeBreakReleased)

    def test_the_same_request_again_gives_nothing_more(self, study):
        broken(study, key="night")
        assert ids(broken(study, key="night")) == ["allocator.E009"]
        assert len(register(study)) == len(releases()) == 1

    def test_a_new_request_is_a_new_act(self, study):
        assert broken(study) == broken(study)
        assert len(register(study)) == len(releases()) == 2

    def test_the_third_of_a_day_is_confirmed_and_never_kept_from_happening(self, study):
        broken(study), broken(study)
        assert ids(broken(study)) == ["conduct.E118"]
        assert len(register(study)) == len(releases()) == 2
        released = study.desk.break_code(
            "11-001", why="other", adverse_event=False, told="-", by=person("investigator"), key="sure", reason="again",
            confirmed=True,
        )  # fmt: skip
        assert isinstance(released, door.CodeBreakReleased)
        assert [each.confirmed for each in register(study).values()] == [False, False, True]
        study.now += timedelta(days=1)
        assert isinstance(broken(study), door.CodeBreakReleased)

    def test_a_crash_between_act_and_release_is_finished_by_asking_again(self, study, monkeypatch):
        with monkeypatch.context() as cut:
            cut.setattr(door, "release_code_break", lambda **_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                broken(study, key="night")
        assert (len(register(study)), releases()) == (1, [])
        assert isinstance(broken(study, key="night"), door.CodeBreakReleased)
        assert (len(register(study)), len(releases())) == (1, 1)

    def test_without_the_record_nothing_is_released(self, study, monkeypatch):
        with monkeypatch.context() as cut:
            cut.setattr("equipoise.ledger.store.write_acts", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                broken(study)
        assert releases() == []

    def test_nobody_takes_what_another_asked_for(self, study):
        broken(study, key="night")
        other = Person("somebody else", "investigator", "11")
        assert ids(broken(study, key="night", by=other)) == ["desk.E005"]
        study.randomised()
        assert ids(broken(study, "11-002", key="night")) == ["desk.E005"]
        assert len(releases()) == 1

    @pytest.mark.parametrize(
        ("change", "identity"),
        [
            ({"by": person("coordinator")}, "desk.E001"),
            ({"by": person("investigator", "12")}, "conduct.E002"),
            ({"subject": "11-009"}, "conduct.E002"),
            ({"reason": ""}, "conduct.E081"),
            ({"why": "Because!"}, "desk.E005"),
        ],
    )
    def test_what_is_refused_releases_and_records_nothing(self, study, change, identity):
        assert ids(broken(study, **change)) == [identity]
        assert (releases(), register(study)) == ([], {})

    def test_who_is_not_randomised_has_nothing_to_break(self, study):
        code = study.eligible()
        assert ids(broken(study, code)) == ["conduct.E030"]


class TestRegister:
    def report(self, study, text="", subject="11-001", *, by=None, how="suspected", **more):
        asked = {"whom": "assessor", "on": RANDOMISED, "by": by or person("coordinator"), "key": study.key()} | more
        return study.desk.report_unmasking(subject=subject, how=how, text=text, **asked)

    def assess(self, study, report, measures="The assessor is replaced.", **more):
        judged = {"data": "possible", "participant": "none", "others": "none"} | more
        return study.desk.assess_unmasking(report, **judged, measures=measures, by=MANAGER, key=study.key())

    def test_a_report_and_its_assessment(self, study):
        done(self.report(study, "She thinks she knows."))
        (entry,) = register(study).values()
        assert (entry.kind, entry.subject, entry.site, entry.withheld) == ("suspected", "11-001", "11", False)
        done(self.assess(study, entry.id))
        done(self.assess(study, entry.id, "Nothing more.", data="none"))
        (entry,) = register(study).values()
        assert (entry.assessment.data, entry.assessment.measures) == ("none", "Nothing more.")
        assert entry.assessment.by == MANAGER.id

    def test_at_large_by_somebody_of_the_whole_study_while_locked(self, study):
        study.lock()
        done(self.report(study, subject="", by=MONITOR, how="accidental"))
        (entry,) = register(study).values()
        assert (entry.subject, entry.site, entry.kind) == ("", "", "accidental")

    def test_another_sites_participant_is_not_there(self, study):
        for by, subject in ((person("coordinator", "12"), "11-001"), (MONITOR, "11-099")):
            assert ids(self.report(study, by=by, subject=subject)) == ["conduct.E002"]

    @pytest.mark.parametrize("change", [{"how": "gossip"}, {"whom": "cat"}])
    def test_what_is_not_coded_is_refused(self, study, change):
        assert ids(self.report(study, **change)) == ["desk.E005"]

    def test_a_day_that_has_not_come_is_refused(self, study):
        assert ids(self.report(study, on=RANDOMISED + timedelta(days=400))) == ["conduct.E011"]

    def test_what_is_not_registered_is_not_assessed(self, study):
        assert ids(self.assess(study, "nothing")) == ["conduct.E108"]

    def test_texts_that_could_tell_are_marked(self, study):
        unmasked = next(role.id for role in PROTOCOL.roles if not role.masked and "view" in role.may)
        for text, by, expected in (
            ("The bottle was said to be PLACEBO.", None, True),
            ("nothing of note", None, False),
            ("nothing of note", person(unmasked), True),
            ("", person(unmasked), False),
        ):
            done(self.report(study, text, by=by))
            assert list(register(study).values())[-1].withheld is expected, text
        done(self.assess(study, next(iter(register(study))), "受试者被告知为安慰剂"))
        assert next(iter(register(study).values())).assessment.withheld


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was the Placebo, she said", ("placebo",)),
        ("服用的是安慰剂", ("安慰剂",)),
        ("active  drug", ("active drug",)),
        ("a follow-up, slowly, highly likely", ()),
        ("Nirotensin 或对照组", ("nirotensin", "对照组")),
        ("placebos", ()),
        ("", ()),
    ],
)
def test_words_that_tell_are_found_whole_and_in_both_languages(text, found):
    assert set(found) <= set(telling_words(text, PROTOCOL))
    assert bool(telling_words(text, PROTOCOL)) is bool(found)


def test_every_name_of_an_arm_and_a_product_is_found():
    for thing in (*PROTOCOL.arms, *PROTOCOL.products):
        for text in (thing.id, thing.label.en, thing.label.zh):
            assert telling_words(f"x {text} y", PROTOCOL), text


def test_a_refusal_of_the_desk_has_words(study):
    refused = broken(study, reason="")
    assert isinstance(refused, Refused)
    assert refused.problems[0].message
