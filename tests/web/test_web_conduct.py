"""A participant's way through the trial on the pages, from the first code to the last day."""

import re

import pytest

from equipoise.conduct.acts import Randomised
from equipoise.ledger.store import Ledger
from tests.web.web_pages import EXAMINATION, key, problem_ids, save

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])


def subject(code, study="demo"):
    return Ledger.of(study).snapshot().subjects.get(code)


def post(client, path, **data):
    return client.post(path, {"key": key(), **data})


def test_from_screening_to_randomisation(enter):
    coordinator, investigator = enter("coordinator", "02"), enter("investigator", "02")
    answer = post(coordinator, "/demo/subjects/screen/", site="02")
    assert answer.headers["Location"] == "/demo/subjects/02-002/"
    assert "Waiting for an investigator" in coordinator.get("/demo/subjects/02-002/").content.decode()
    assert post(coordinator, "/demo/subjects/02-002/consent/", on="2021-04-02", document="2.1").status_code == 403
    consent = post(investigator, "/demo/subjects/02-002/consent/", on="02-APR-2021", document="2.1", language="zh")
    assert consent.status_code == 302
    assert subject("02-002").consent_document == "2.1"
    assert post(coordinator, "/demo/subjects/02-002/screening/hold/", on="2021/4/3", mode="site").status_code == 302
    html = investigator.get("/demo/subjects/02-002/eligibility/").content.decode()
    assert "unknown" in html
    assert "disabled" in html
    refused = post(investigator, "/demo/subjects/02-002/eligibility/confirm/", again="investigator-02")
    assert refused.status_code == 422
    assert "conduct.E021" in problem_ids(refused.content.decode())


def test_eligibility_shows_each_criterion_with_the_values_it_was_judged_by(enter):
    html = enter("investigator").get("/demo/subjects/01-002/eligibility/").content.decode()
    assert "all criteria met" in html
    assert re.search(r"Age</span> 34", html)
    assert re.search(r"Creatinine clearance \(Cockcroft-Gault\)</span> 113.64 mL/min", html)
    assert re.search(r"\(upper limit of normal\)</span> \d+ U/L", html), "a limit has the unit of its item"
    results = re.findall(r"BILAG-2004 score[^<]* · ([^<]+)</span>", html)
    assert len(set(results)) == len(results) == 2, "two results of one instrument are told apart"
    nurse = enter("nurse").get("/demo/subjects/01-002/eligibility/").content.decode()
    assert "not shown to your role" in nurse
    assert "113.64" not in nurse
    assert re.search(r"Age</span> 34", nurse)


def test_confirming_and_randomising_in_two_steps(enter):
    investigator = enter("investigator")
    confirmed = post(investigator, "/demo/subjects/01-002/eligibility/confirm/", again="investigator-01")
    assert confirmed.status_code == 302
    page = investigator.get("/demo/subjects/01-002/randomise/").content.decode()
    assert "01-002 is to be randomised now" in page
    unsure = post(investigator, "/demo/subjects/01-002/randomise/now/")
    assert unsure.status_code == 422
    assert "web.E005" in problem_ids(unsure.content.decode())
    assert subject("01-002").randomised is None
    data = {"key": key(), "sure": "yes"}
    assert investigator.post("/demo/subjects/01-002/randomise/now/", data).status_code == 302
    assert investigator.post("/demo/subjects/01-002/randomise/now/", data).status_code == 302
    assert len([act for act in Ledger.of("demo").acts(subject="01-002") if isinstance(act.act, Randomised)]) == 1
    html = investigator.get("/demo/subjects/01-002/").content.decode()
    assert subject("01-002").slot in html
    third = post(investigator, "/demo/subjects/01-002/randomise/now/", sure="yes")
    assert "conduct.E022" in problem_ids(third.content.decode())


def test_a_screen_failure_has_coded_reasons(enter):
    client = enter("investigator")
    path = "/demo/subjects/01-002/eligibility/fail/"
    empty = post(client, path, on="2021-04-05")
    assert "conduct.E025" in problem_ids(empty.content.decode())
    assert post(client, path, on="2021-04-05", reasons=["E6", "consent_withdrawn"]).status_code == 302
    assert subject("01-002").screen_failure == ("E6", "consent_withdrawn")
    assert "screen failure" in client.get("/demo/subjects/01-002/").content.decode()
    html = client.get("/demo/subjects/01-002/eligibility/").content.decode()
    assert "E6, Consent withdrawn" in html


@pytest.mark.parametrize(
    ("on", "expected"), [("", "web.E004"), ("31-FEB-2021", "items.E010"), ("2999-01-01", "conduct.E011")]
)
def test_a_date_that_cannot_be_is_refused_and_kept(enter, on, expected):
    client = enter("coordinator")
    answer = post(client, "/demo/subjects/01-001/week_4/hold/", on=on, mode="remote", because="pandemic")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert expected in problem_ids(html)
    assert '<option value="pandemic" selected>' in html
    assert f'value="{on}"' in html
    assert re.search(r'value="remote" checked', html)


def test_a_visit_outside_its_window_is_recorded_with_a_deviation(enter):
    client = enter("coordinator")
    assert post(client, "/demo/subjects/01-001/week_4/hold/", on="2021-05-28", mode="home").status_code == 302
    assert subject("01-001").visits["week_4"].mode == "home"
    html = client.get("/demo/subjects/01-001/").content.decode()
    assert "visit window" in html
    assert "at home" in html
    assert "visit window" not in enter("assessor").get("/demo/subjects/01-001/").content.decode()


def test_a_remote_visit_says_why_in_a_code_and_is_corrected_with_a_reason(enter):
    client, path = enter("coordinator"), "/demo/subjects/01-001/week_4/hold/"
    said = {"on": "2021-05-13", "mode": "remote", "because": "pandemic"}
    assert "web.E006" in problem_ids(post(client, path, **{**said, "because": "closed ward"}).content.decode())
    assert post(client, path, **said).status_code == 302
    found = subject("01-001").visits["week_4"]
    assert (found.mode, found.because) == ("remote", "pandemic")
    assert "conduct.E044" in problem_ids(post(client, path, **{**said, "mode": "site"}).content.decode())
    assert post(client, path, **{**said, "mode": "site", "because": ""}, reason="misread").status_code == 302
    assert subject("01-001").visits["week_4"].mode == "site"


def test_a_missed_visit_needs_a_reason(enter):
    client = enter("coordinator")
    for nothing in (" ", "closed ward"):
        refused = post(client, "/demo/subjects/01-001/week_8/miss/", because=nothing)
        assert "web.E006" in problem_ids(refused.content.decode())
    page = client.get("/demo/subjects/01-001/week_8/").content.decode()
    assert '<button class="grave" name="because" value="pandemic">pandemic restriction<' in page
    assert post(client, "/demo/subjects/01-001/week_8/miss/", because="pandemic").status_code == 302
    found = subject("01-001").visits["week_8"]
    assert (found.status, found.because) == ("missed", "pandemic"), "a code that the analysis reads"
    assert 'class="c missed" href="01-001/week_8/"' in client.get("/demo/subjects/").content.decode()


def test_treatment_stops_and_follow_up_goes_on_until_the_end(enter):
    client = enter("investigator")
    base = "/demo/subjects/01-001/"
    assert "web.E006" in problem_ids(post(client, base + "stop/", on="2021-06-01").content.decode())
    assert post(client, base + "stop/", on="2021-06-01", because="nausea").status_code == 302
    assert "off treatment" in client.get(base).content.decode()
    assert "off treatment" not in enter("assessor").get(base).content.decode()
    assert "web.E006" in problem_ids(post(client, base + "end/", on="2021-06-01", how="?").content.decode())
    assert post(client, base + "end/", on="2021-07-01", how="withdrew").status_code == 302
    html = client.get(base).content.decode()
    assert "left the trial" in html
    assert "withdrew" in html
    assert "not expected" in html


def test_a_refused_step_keeps_what_was_typed(enter):
    html = post(
        enter("investigator"), "/demo/subjects/01-003/consent/", on="12/04/2021", document="2.1"
    ).content.decode()
    assert 'value="12/04/2021"' in html
    assert 'value="2.1"' in html
    assert "items.E009" in problem_ids(html)


def test_sites_are_activated_once(enter):
    administrator = enter("administrator")
    assert post(administrator, "/demo/sites/03/activate/").status_code == 302
    assert "conduct.E004" in problem_ids(post(administrator, "/demo/sites/03/activate/").content.decode())


# --- Queries and trails -----------------------------------------------------------------------------------------------

QUESTION = "At rest / after walking?"
QUERY = "examination.week_0.1.expected_range.systolic"


def test_an_edit_check_asks_beside_the_field_and_is_answered_there(enter):
    client = enter("coordinator")
    assert "182 mmHg is unusually high" in client.get(EXAMINATION).content.decode()
    path = "/demo/subjects/01-001/queries/answer/"
    empty = client.post(path, {"key": key(), "query": QUERY, "text": ""}, headers={"hx-request": "true"})
    assert empty.status_code == 422
    answer = client.post(path, {"key": key(), "query": QUERY, "text": "confirmed"}, headers={"hx-request": "true"})
    html = answer.content.decode()
    assert "confirmed" in html
    assert "answered" in html
    assert "<html" not in html, "only the thread comes back, so nothing else on the page is touched"
    assert subject("01-001").queries[QUERY].status == "answered"


def test_without_htmx_an_answer_leads_back_to_the_field(enter):
    answer = enter("coordinator").post(
        "/demo/subjects/01-001/queries/answer/", {"key": key(), "query": QUERY, "text": "confirmed"}
    )
    assert answer.headers["Location"] == EXAMINATION + "#item-systolic"


def test_a_person_asks_and_settles(enter):
    monitor = enter("monitor")
    trail = EXAMINATION + "pulse/trail/"
    assert "web.E006" in problem_ids(post(monitor, EXAMINATION + "pulse/query/", text="").content.decode())
    answer = post(monitor, EXAMINATION + "pulse/query/", text=QUESTION)
    assert answer.headers["Location"] == trail
    assert QUESTION in monitor.get(trail).content.decode()
    query = next(q for q in subject("01-001").queries.values() if q.item == "pulse")
    assert QUESTION in enter("coordinator").get("/demo/queries/").content.decode()
    assert post(monitor, "/demo/subjects/01-001/queries/close/", query=query.id).status_code == 302
    assert subject("01-001").queries[query.id].status == "closed"
    assert QUESTION in monitor.get("/demo/queries/?status=closed").content.decode()


def test_answered_queries_are_settled_together(enter):
    monitor, coordinator = enter("monitor"), enter("coordinator")
    for item in ("pulse", "weight"):
        post(monitor, EXAMINATION + f"{item}/query/", text="Please confirm")
    asked = [q.id for q in subject("01-001").queries.values() if q.text == "Please confirm"]
    for query in asked:
        post(coordinator, "/demo/subjects/01-001/queries/answer/", query=query, text="confirmed")
    shown = monitor.get("/demo/queries/?status=answered").content.decode()
    ticked = re.findall(r'name="query" value="([^"]+)"', shown)
    assert ticked == [f"01-001/{query}" for query in asked]
    assert 'name="query"' not in coordinator.get("/demo/queries/?status=answered").content.decode()
    assert 'name="query"' not in monitor.get("/demo/queries/").content.decode()
    assert post(monitor, "/demo/queries/close/", query=[*ticked, "01-001/none"]).status_code == 404
    assert post(monitor, "/demo/queries/close/", query=["nonsense"]).status_code == 404
    assert post(monitor, "/demo/queries/close/", query=ticked).status_code == 302
    assert {subject("01-001").queries[query].status for query in asked} == {"closed"}
    again = post(monitor, "/demo/queries/close/", query=ticked)
    assert "conduct.E071" in problem_ids(again.content.decode())


def test_neither_a_question_nor_an_answer_names_a_treatment(enter):
    monitor, coordinator = enter("monitor"), enter("coordinator")
    asked = post(monitor, EXAMINATION + "pulse/query/", text="Was this after the belimumab?")
    assert problem_ids(asked.content.decode()) == {"desk.E041"}
    assert "Was this after the belimumab?" in asked.content.decode(), "what was typed stays, to be changed"
    query = next(q.id for q in subject("01-001").queries.values() if q.item == "systolic")
    path = "/demo/subjects/01-001/queries/answer/"
    said = coordinator.post(path, {"key": key(), "query": query, "text": "安慰剂组"}, headers={"HX-Request": "true"})
    assert problem_ids(said.content.decode()) == {"desk.E041"}
    assert subject("01-001").queries[query].answers == ()


def test_queries_of_hidden_items_are_neither_listed_nor_counted_nor_answered(enter):
    assessor = enter("assessor")
    html = assessor.get("/demo/queries/").content.decode()
    assert "unusually high" in html
    assert "sample lies more than 10 days" not in html
    assert '<span class="n">1</span> open' in html
    lab = next(q.id for q in subject("01-001").queries.values() if q.key[1] == "laboratory")
    assert post(assessor, "/demo/subjects/01-001/queries/answer/", query=lab, text="x").status_code == 404
    assert post(assessor, "/demo/subjects/01-001/queries/answer/", query="none", text="x").status_code == 404


def test_the_trail_of_an_answer_tells_who_when_what_and_why(enter):
    nurse = enter("nurse")
    save(nurse, EXAMINATION, pulse="88", reason="Source corrected")
    html = enter("monitor").get(EXAMINATION + "pulse/trail/").content.decode()
    last = list(Ledger.of("demo").acts(kinds=("FormSaved",)))[-1]
    assert "nurse-01" in html
    assert "Source corrected" in html
    assert re.search(r"<del>82 /min</del> → <b>88 /min</b>", html)
    assert last.hash in html
    assert f">{last.sequence}<" in html
    assert "Asia/Shanghai (UTC+08:00)" in html
    assert last.id not in html, "the key keeps the hash from being guessed"


def test_the_trail_of_a_participant_is_the_ledger_as_the_role_sees_it(enter):
    monitor = enter("monitor").get("/demo/subjects/01-001/trail/").content.decode()
    assert "Randomised" in monitor
    assert "Consent recorded" in monitor
    assert "7.13" not in monitor
    unmasked = enter("unmasked_monitor").get("/demo/subjects/01-001/trail/").content.decode()
    assert "7.13" in unmasked
    assert "Randomised" in unmasked
    assert "Haemoglobin" not in unmasked


def test_recruitment_stops_and_goes_on_with_reasons(enter):
    sponsor, coordinator = enter("sponsor"), enter("coordinator")
    refused = post(sponsor, "/demo/recruitment/", site="01", reason="")
    assert (refused.status_code, problem_ids(refused.content.decode())) == (422, {"conduct.E081"})
    assert post(sponsor, "/demo/recruitment/", site="01", reason="audit").status_code == 302
    assert Ledger.of("demo").snapshot().recruitment.stopped == {"01"}
    assert "recruitment stopped" in coordinator.get("/demo/").content.decode()
    assert "Stop recruitment" not in coordinator.get("/demo/").content.decode()
    assert "Let it go on" in sponsor.get("/demo/").content.decode()
    resumed = post(sponsor, "/demo/recruitment/", site="01", reason="audit passed", resume="yes")
    assert (resumed.status_code, Ledger.of("demo").snapshot().recruitment.stopped) == (302, frozenset())


def test_randomised_in_error_is_recorded_with_a_coded_reason_and_stays_in_sight(enter):
    investigator, base = enter("investigator"), "/demo/subjects/01-001/"
    refused = post(investigator, base + "in-error/", because="bad luck", reason="x")
    assert (refused.status_code, problem_ids(refused.content.decode())) == (422, {"web.E006"})
    recorded = {"because": "wrong_participant", "reason": "two charts of one name"}
    assert post(investigator, base + "in-error/", **recorded).status_code == 302
    assert subject("01-001").randomised_in_error == "wrong_participant"
    html = investigator.get(base).content.decode()
    assert "another participant was meant" in html
    assert "in-error/" not in html
    assert "two charts of one name" in investigator.get(base + "trail/").content.decode()


def test_who_works_for_the_whole_study_sees_that_the_allocator_is_locked(enter, monkeypatch):
    from equipoise.allocator import door

    said = "unlocks it on the server"
    assert said not in enter("administrator").get("/demo/").content.decode()
    monkeypatch.setattr(door, "locked", lambda *, study: study == "demo")
    for role, told in (
        ("administrator", True), ("unmasked_monitor", True), ("coordinator", False), ("pharmacist", False),
        ("statistician", False), ("data_manager", False),
    ):  # fmt: skip
        assert (said in enter(role).get("/demo/").content.decode()) is told, role


def test_only_people_who_are_not_masked_see_that_the_list_ends(enter, monkeypatch):
    from equipoise.allocator import door

    assert "has ended" not in enter("unmasked_monitor").get("/demo/").content.decode()
    ended = (door.RunningOut("site=01", ended=True), door.RunningOut("site=02", ended=False))
    usual = door.running_out

    def at_its_end(**asked):
        return ended if isinstance(usual(**asked), tuple) else usual(**asked)

    monkeypatch.setattr(door, "running_out", at_its_end)
    html = enter("unmasked_monitor").get("/demo/").content.decode()
    assert all(words in html for words in ("site=01", "has ended", "site=02", "comes to its end"))
    for role in ("pharmacist", "coordinator", "data_manager", "statistician", "administrator"):
        assert "has ended" not in enter(role).get("/demo/").content.decode(), role
