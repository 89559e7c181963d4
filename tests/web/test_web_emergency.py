"""The code break and the register of unmaskings as pages: who may, what is asked, what is shown once and not again."""

import html
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from equipoise.desk import Done
from equipoise.desk.delegation import grant_role
from equipoise.ledger import sealed as sealed_file
from equipoise.ledger.models import SealedList
from equipoise.ledger.store import Ledger
from equipoise.web import deployment
from tests.web.web_pages import key, problem_ids
from tests.web.web_world import ADMINISTRATOR, ARMS, sealed_slots

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

PAGE = "/demo/subjects/01-001/code-break/"
FILLED = {
    "again": "investigator-01", "why": "serious_event", "reason": "anaphylaxis at home", "event": "yes",
    "told": "Dr Zhou, emergency department",
}  # fmt: skip
SUSPICION = {"how": "suspected", "whom": "assessor", "on": "2021-08-30", "text": "", "code": "01-001"}


def ask(client, path=PAGE, **changes):
    return client.post(f"{path}now/", {"key": key(), **FILLED, **changes})


def text(answer):
    return html.unescape(answer.content.decode())


def acts(kind, study="demo"):
    return [each.act for each in Ledger.of(study).acts(kinds=[kind])]


def register(client, study="demo"):
    return text(client.get(f"/{study}/unmaskings/"))


class TestCodeBreak:
    def test_it_is_two_clicks_from_the_matrix_and_names_the_card(self, enter):
        client = enter("investigator")
        assert f'href="{PAGE}"' in text(client.get("/demo/subjects/01-001/"))
        slot = Ledger.of("demo").snapshot().subjects["01-001"].slot
        page = client.get(PAGE)
        assert f"{slot[:4]}-{slot[4:]}" in text(page)
        assert page.headers["Cache-Control"] == "no-store"

    def test_the_answer_has_what_opens_the_envelope_and_the_record_comes_first(self, enter):
        answer = ask(enter("investigator"))
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        (act,) = acts("CodeBroken")
        assert (act.why, act.adverse_event, act.told) == ("serious_event", True, FILLED["told"])
        page = text(answer)
        label = Ledger.of("demo").snapshot().subjects["01-001"].slot
        assert re.search(rf'data-label="{label}"', page)
        assert len(re.findall(r"(?:[0-9A-Z]{5}-){5}[0-9A-Z]{5}", page)) == 2  # for the script, and to read aloud
        assert sealed_slots("demo")[0].context.of_break(label).decode() in page

    def test_the_server_names_every_arm_alike(self, enter):
        """The page cannot tell which arm it is: both are named, in the order of their ids, and neither is marked."""
        page = text(ask(enter("investigator")))
        named = re.search(r'data-arms="(.*?)" data-envelope', page)[1]
        assert list(json.loads(named)) == sorted(ARMS)

    def test_no_later_page_has_what_was_shown(self, enter):
        client, same = enter("investigator"), key()
        shown = text(ask(client, key=same))
        release = re.search(r'data-release="([^"]+)"', shown)[1]
        for path in (PAGE, "/demo/subjects/01-001/", "/demo/subjects/01-001/trail/", "/demo/"):
            assert release not in text(client.get(path))
            assert "data-envelope" not in text(client.get(path))
        again = ask(client, key=same)
        assert (again.status_code, problem_ids(text(again))) == (422, {"allocator.E009"})
        assert release not in text(again)
        assert "broken at 01-SEP-2021 11:00:00 Asia/Shanghai (UTC+08:00) by investigator-01" in text(again)
        assert len(acts("CodeBroken")) == 1
        assert release not in text(enter("investigator").get(PAGE))

    @pytest.mark.parametrize(
        ("change", "identity"),
        [
            ({"again": "investigator-02"}, "accounts.E009"),
            ({"again": ""}, "accounts.E009"),
            ({"why": ""}, "web.E006"),
            ({"why": "curiosity"}, "web.E006"),
            ({"reason": "  "}, "web.E006"),
            ({"event": ""}, "web.E006"),
            ({"told": ""}, "web.E006"),
        ],
    )
    def test_what_is_missing_is_named_what_was_typed_stays_and_nothing_is_recorded(self, enter, change, identity):
        answer = ask(enter("investigator"), **change)
        assert (answer.status_code, problem_ids(text(answer))) == (422, {identity})
        kept = {name: typed for name, typed in FILLED.items() if name in ("reason", "told") and name not in change}
        assert all(f'value="{typed}"' in text(answer) for typed in kept.values())
        assert acts("CodeBroken") == []

    def test_the_third_of_a_day_is_asked_once_more_recorded_as_such_and_told_to_somebody_unmasked(self, enter):
        client = enter("investigator")
        assert [ask(client).status_code for _ in (1, 2)] == [200, 200]
        assert 'name="confirm"' not in text(client.get(PAGE))
        answer = ask(client, again="nobody")
        assert (answer.status_code, problem_ids(text(answer))) == (422, {"conduct.E118"}), "before the code is used up"
        assert 'name="confirm"' in text(answer)
        assert 'name="confirm" value="yes" checked' in text(ask(client, confirm="yes", again="nobody"))
        assert len(acts("CodeBroken")) == 2
        assert ask(client, confirm="yes").status_code == 200
        assert [act.confirmed for act in acts("CodeBroken")] == [False, False, True]
        seen = register(enter("data_manager", ""))
        assert (seen.count("several code breaks in a short time"), seen.count(FILLED["told"])) == (1, 3)
        unmasked = enter("unmasked_monitor", "")
        assert "Alarm: repeated code breaks" in text(unmasked.get("/demo/today/"))
        assert "Code broken by investigator-01; ask why" in text(unmasked.get("/demo/today/"))
        assert "Alarm" not in text(client.get("/demo/today/"))
        assert "警报：多次紧急揭盲" in text(enter("unmasked_monitor", "", language="zh").get("/demo/today/"))

    def test_who_was_told_is_kept_from_masked_readers_where_it_could_tell(self, enter):
        ask(enter("investigator"), told="Dr Zhou, who gave belimumab")
        assert "who gave belimumab" not in register(enter("data_manager", ""))
        assert "who gave belimumab" in register(enter("unmasked_monitor", ""))

    def test_people_stand_in_the_register_by_their_names(self, enter):
        ask(enter("investigator"))
        desk = deployment.desk("demo")
        role = ("investigator-01", "Zhang Wei", "investigator", "01")
        assert isinstance(grant_role(desk, *role, start=date(2021, 1, 1), by=ADMINISTRATOR, key="grant"), Done)
        assert "Zhang Wei" in register(enter("data_manager", ""))
        assert "by Zhang Wei" in text(enter("investigator").get(PAGE))

    def test_the_own_site_only_and_only_who_may(self, enter):
        assert enter("investigator", "02").get(PAGE).status_code == 404
        assert ask(enter("investigator", "02")).status_code == 404
        for role in ("coordinator", "pharmacist", "data_manager"):
            assert ask(enter(role)).status_code == 403
        assert acts("CodeBroken") == []

    def test_who_is_not_randomised_has_nothing_to_break(self, enter):
        client = enter("investigator")
        path = "/demo/subjects/01-002/code-break/"
        assert "nothing to break" in text(client.get(path))
        assert problem_ids(text(ask(client, path))) == {"conduct.E030"}
        assert path not in text(client.get("/demo/subjects/01-002/"))

    def test_a_locked_study_does_not_stop_it(self, enter):
        answer = ask(enter("investigator"), "/done/subjects/01-001/code-break/")
        assert answer.status_code == 200
        assert len(acts("CodeBroken", "done")) == 1

    def test_without_the_list_the_release_and_the_way_by_hand_are_there(self, enter):
        SealedList.objects.all().delete()
        page = text(ask(enter("investigator")))
        assert "The sealed list is not on this server" in page
        assert re.search(r'id="release">(?:[0-9A-Z]{5}-){5}[0-9A-Z]{5}<', page)

    def test_a_list_without_the_slot_is_no_list(self, enter):
        sealed = sealed_slots("demo")[0]
        label = Ledger.of("demo").snapshot().subjects["01-001"].slot
        fewer = tuple(slot for slot in sealed.slots if slot.label != label)
        assert sealed_file.replace(replace(sealed, slots=fewer))
        assert "The sealed list is not on this server" in text(ask(enter("investigator")))

    def test_outside_a_demonstration_nobody_is_taken_for_anybody(self, enter, settings):
        client = enter("investigator")
        settings.DEMO = False
        assert problem_ids(text(ask(client))) <= {"accounts.E009"}
        assert acts("CodeBroken") == []

    def test_everybody_sees_that_something_was_registered_and_nobody_an_arm(self, enter):
        notice = "An event about the masking of this participant was registered"
        assert notice not in text(enter("nurse").get("/demo/subjects/01-001/"))
        ask(enter("investigator"))
        for role in ("nurse", "assessor", "coordinator", "monitor", "statistician"):
            page = text(enter(role).get("/demo/subjects/01-001/"))
            assert notice in page
            assert FILLED["reason"] not in page
        page = register(enter("sponsor"))
        assert "01-001" in page
        assert "Serious adverse event" in page
        assert FILLED["reason"] not in page


class TestRegister:
    def test_three_clicks_from_a_participants_page(self, enter):
        """The link, who learnt it, and the button: the rest is filled in already."""
        client = enter("nurse")
        assert 'href="/demo/subjects/01-001/unmasking/"' in text(client.get("/demo/subjects/01-001/"))
        page = text(client.get("/demo/subjects/01-001/unmasking/"))
        assert 'value="suspected" checked' in page
        assert 'name="on" class="date" value="01-SEP-2021"' in page
        answer = client.post("/demo/unmaskings/report/now/", {**SUSPICION, "key": key(), "on": "01-SEP-2021"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/demo/subjects/01-001/")
        (act,) = acts("UnmaskingReported")
        assert (act.subject, act.site, act.how, act.whom) == ("01-001", "01", "suspected", "assessor")
        before = text(enter("investigator").get("/demo/subjects/01-001/code-break/"))
        assert "Registered before" in before
        assert "What was shown then" not in before, "nothing was: a suspicion is no code break"

    def test_at_large(self, enter):
        client = enter("monitor")
        assert "not about one participant" in text(client.get("/demo/unmaskings/report/"))
        answer = client.post("/demo/unmaskings/report/now/", {**SUSPICION, "key": key(), "code": ""})
        assert answer.headers["Location"] == "/demo/"
        assert acts("UnmaskingReported")[0].subject == ""

    @pytest.mark.parametrize(
        ("change", "identity"),
        [({"on": "?"}, "items."), ({"on": ""}, "web.E004"), ({"how": ""}, "web.E006"), ({"whom": "x"}, "web.E006"),
         ({"on": "2022-01-01"}, "conduct.E011")],
    )  # fmt: skip
    def test_what_is_wrong_is_said_and_kept(self, enter, change, identity):
        given = {**SUSPICION, "text": "She smiled.", "key": key(), **change}
        answer = enter("nurse").post("/demo/unmaskings/report/now/", given)
        assert answer.status_code == 422
        assert all(found.startswith(identity) for found in problem_ids(text(answer)))
        assert "She smiled.</textarea>" in text(answer)
        assert acts("UnmaskingReported") == []

    def test_another_sites_participant_is_not_there(self, enter):
        client = enter("nurse")
        assert client.get("/demo/subjects/02-001/unmasking/").status_code == 404
        given = {**SUSPICION, "code": "02-001", "key": key()}
        assert client.post("/demo/unmaskings/report/now/", given).status_code == 404

    def test_a_telling_word_is_warned_of_and_then_kept_from_masked_readers(self, enter):
        client, words = enter("nurse"), "She heard it was belimumab."
        given = {**SUSPICION, "text": words, "key": key()}
        answer = client.post("/demo/unmaskings/report/now/", given)
        assert problem_ids(text(answer)) == {"web.E008"}
        assert acts("UnmaskingReported") == []
        assert 'name="anyway"' in text(answer)
        client.post("/demo/unmaskings/report/now/", {**given, "anyway": "yes"})
        for reader in ("monitor", "data_manager", "sponsor", "administrator"):
            assert words not in register(enter(reader))
            assert "text withheld" in register(enter(reader))

    def test_an_unmasked_reader_gets_the_text(self, enter):
        given = {**SUSPICION, "text": "was on the drug", "key": key(), "anyway": "yes"}
        enter("nurse").post("/demo/unmaskings/report/now/", given)
        assert "was on the drug" in register(enter("unmasked_monitor"))

    def test_it_is_assessed_and_the_assessment_kept_in_its_place(self, enter):
        enter("nurse").post("/demo/unmaskings/report/now/", {**SUSPICION, "key": key()})
        (report,) = Ledger.of("demo").snapshot().unmaskings
        judged = {"report": report, "data": "possible", "participant": "none", "others": "none"}
        client = enter("data_manager")
        assert "not assessed yet" in register(client)

        def assess(**changes):
            return client.post("/demo/unmaskings/assess/", {"key": key(), **judged, **changes})

        assert problem_ids(text(assess(measures="m", data=""))) == {"web.E006"}
        assert problem_ids(text(assess(measures=""))) == {"conduct.E109"}
        warned = assess(measures="told it was placebo")
        assert problem_ids(text(warned)) == {"web.E008"}
        assert "told it was placebo" in text(warned)
        assert assess(measures="The assessor is replaced.").status_code == 302
        page = register(enter("sponsor"))
        assert "The assessor is replaced." in page
        assert "not assessed yet" not in page
        assert assess(measures="told it was placebo", anyway="yes").status_code == 302
        assert "told it was placebo" not in register(enter("sponsor"))
        assert [each.withheld for each in acts("UnmaskingAssessed")] == [False, True]

    def test_an_empty_register_says_so_in_both_languages(self, enter):
        assert "No unmasking was registered" in register(enter("monitor"))
        assert "尚无破盲记录" in register(enter("monitor", language="zh"))

    def test_a_code_break_by_telephone_is_in_the_participants_record(self, enter):
        given = {**SUSPICION, "how": "by_telephone", "whom": "investigator", "time": "03:10", "key": key()}
        client = enter("investigator")
        client.post("/demo/unmaskings/report/now/", given)
        when = "30-AUG-2021 03:10:00 Asia/Shanghai (UTC+08:00)"
        assert f"Code break without the server · {when}" in text(client.get(PAGE))
        assert when in register(enter("monitor"))
        (act,) = acts("UnmaskingReported")
        assert act.happened == datetime(2021, 8, 29, 19, 10, tzinfo=UTC)

    def test_its_time_is_needed_and_has_come_and_that_of_a_suspicion_may_be_unknown(self, enter):
        client, given = enter("investigator"), {**SUSPICION, "how": "by_telephone", "key": key()}
        refused = client.post("/demo/unmaskings/report/now/", given)
        assert problem_ids(text(refused)) == {"web.E025"}
        later = client.post("/demo/unmaskings/report/now/", {**given, "on": "2021-09-01", "time": "11:01"})
        assert problem_ids(text(later)) == {"conduct.E151"}
        assert 'value="11:01"' in text(later)
        assert client.post("/demo/unmaskings/report/now/", {**given, "code": "", "time": "3:10"}).status_code == 302
        client.post("/demo/unmaskings/report/now/", {**SUSPICION, "key": key()})
        assert [each.happened is None for each in acts("UnmaskingReported")] == [False, True]
        html_ = register(enter("monitor"))
        assert "30-AUG-2021 03:10:00" in html_
        assert '<span class="soft">30-AUG-2021</span>' in html_
