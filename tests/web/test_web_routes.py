"""Every route says who may enter it. The list comes from the URLs themselves: a new route without a row fails."""

import pytest
from django.urls import get_resolver, reverse
from django.utils.http import urlencode

from equipoise.ledger.store import Ledger
from tests.web.people import entered, given, invited
from tests.web.web_pages import key, without_address
from tests.web.web_world import STAFF

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

STUDY_ROLES = ("unmasked_monitor", "monitor", "data_manager", "statistician", "dsmb_statistician", "sponsor")
VIEWERS = frozenset((*STAFF, *STUDY_ROLES))
EVERYONE = VIEWERS | {"administrator"}
SITE = frozenset({"coordinator", "investigator"})
PHARMACIST = frozenset({"pharmacist"})
PHARMACY = PHARMACIST | {"unmasked_monitor"}
DESIGNERS = frozenset({"statistician", "dsmb_statistician", "data_manager", "sponsor"})
LOCKERS, SIGNERS = frozenset({"data_manager", "sponsor"}), frozenset({"investigator", "assessor"})
HIDDEN = "pharmacy"  # routes with this beginning do not exist for others
FILLERS = SITE | {"nurse", "assessor", "unmasked_monitor"}

# route → (method, who may enter). "anybody" needs no sign-in, "accounts" a session of one's own account, which a
# demonstration has not; of the others, strangers are shown the door.
ROWS: dict[str, tuple[str, frozenset[str] | str]] = {
    "welcome": ("get", "anybody"),
    "sign_in": ("post", "anybody"),
    "sign_out": ("post", "anybody"),
    "language": ("post", "anybody"),
    "account": ("get", "accounts"),
    "enter_role": ("post", "accounts"),
    "renew": ("post", "accounts"),
    "end_sessions": ("post", "accounts"),
    "session": ("get", "anybody"),
    "stay": ("post", "anybody"),
    "by_password": ("post", "anybody"),
    "by_passkey": ("post", "anybody"),
    "passkey_challenge": ("post", "anybody"),
    "invitation": ("get", "anybody"),
    "passkey_options": ("post", "anybody"),
    "with_passkey": ("post", "anybody"),
    "with_app": ("post", "anybody"),
    "style": ("get", "anybody"),
    "health": ("get", "anybody"),
    "study": ("get", EVERYONE),
    "activate": ("post", frozenset({"administrator"})),
    "recruitment": ("post", frozenset({"data_manager", "sponsor"})),
    "people": ("get", EVERYONE),
    "review": ("get", frozenset({"monitor", "unmasked_monitor", "data_manager", "sponsor", "administrator"})),
    "give_role": ("get", frozenset({"administrator"})),
    "give_role_now": ("post", frozenset({"administrator"})),
    "end_role": ("post", frozenset({"administrator"})),
    "lock": ("get", frozenset({"monitor", "unmasked_monitor", "data_manager", "sponsor", "administrator"})),
    "request_lock": ("post", LOCKERS),
    "grant_lock": ("post", LOCKERS),
    "decline_lock": ("post", LOCKERS),
    "freeze_all": ("post", LOCKERS),
    "freeze": ("post", LOCKERS),
    "study_trail": ("get", EVERYONE),
    "trail_export": ("get", EVERYONE),
    "signatures": ("get", SIGNERS),
    "sign_look": ("get", SIGNERS),
    "sign_records": ("post", SIGNERS),
    "protocol": ("get", EVERYONE),
    "design": ("get", DESIGNERS),
    "design_curve": ("get", DESIGNERS),
    "report": ("get", VIEWERS),
    "report_file": ("get", VIEWERS),
    "pharmacy": ("get", PHARMACY),
    "pharmacy_leave": ("post", PHARMACY),
    "pharmacy_supply": ("post", PHARMACY),
    "pharmacy_records": ("post", PHARMACIST),
    "pharmacy_register": ("get", PHARMACY),
    "pharmacy_open": ("post", PHARMACIST),
    "pharmacy_release": ("post", PHARMACIST),
    "pharmacy_doubt": ("post", PHARMACIST),
    "stock": ("get", frozenset()),  # the trial has no kits: test_web_kits.py
    "stock_act": ("post", frozenset()),
    "supply": ("get", frozenset()),
    "supply_act": ("post", frozenset()),
    "visit_kit": ("post", frozenset()),
    "queries": ("get", VIEWERS),
    "today": ("get", VIEWERS),
    "subjects": ("get", VIEWERS),
    "screen": ("post", SITE),
    "casebook": ("get", VIEWERS),
    "subject_trail": ("get", VIEWERS),
    "print_casebook": ("get", VIEWERS),
    "print_randomised": ("get", VIEWERS),
    "print_checklist": ("get", VIEWERS),
    "print_blank": ("get", VIEWERS),
    "consent": ("post", frozenset({"investigator"})),
    "eligibility": ("get", VIEWERS),
    "confirm": ("post", frozenset({"investigator"})),
    "fail": ("post", frozenset({"investigator"})),
    "before_randomising": ("get", SITE),
    "randomise": ("post", SITE),
    "in_error": ("post", frozenset({"investigator"})),
    "deviations": ("get", VIEWERS),
    "deviation": ("get", FILLERS),
    "record_deviation": ("post", FILLERS),
    "medication": ("get", VIEWERS),
    "serious": ("get", VIEWERS),
    "know_serious": ("post", FILLERS),
    "send_safety_report": ("post", frozenset({"investigator", "sponsor"})),
    "downgrade_serious": ("post", frozenset({"investigator", "sponsor"})),
    "stop": ("post", frozenset({"investigator"})),
    "end": ("post", frozenset({"investigator"})),
    "unmaskings": ("get", frozenset({"monitor", "unmasked_monitor", "data_manager", "sponsor", "administrator"})),
    "assess_unmasking": ("post", frozenset({"data_manager", "sponsor"})),
    "about_unmasking": ("get", VIEWERS),
    "about_unmasking_of": ("get", VIEWERS),
    "report_unmasking": ("post", VIEWERS),
    "code_break": ("get", frozenset({"investigator"})),
    "break_code": ("post", frozenset({"investigator"})),
    "answer": ("post", SITE | {"assessor"}),
    "close": ("post", frozenset({"monitor", "data_manager"})),
    "close_together": ("post", frozenset({"monitor", "data_manager"})),
    "visit": ("get", VIEWERS),
    "infusion": ("get", VIEWERS),
    "check_bag": ("post", FILLERS),
    "record_infusion": ("post", FILLERS),
    "hold": ("post", FILLERS),
    "miss": ("post", FILLERS),
    "form": ("get", VIEWERS),
    "asked": ("post", VIEWERS),
    "draft": ("post", FILLERS),
    "discard": ("post", FILLERS),
    "row_in_error": ("post", FILLERS),
    "sign": ("post", frozenset({"investigator", "assessor"})),
    "trail": ("get", VIEWERS),
    "file": ("get", VIEWERS),
    "ask": ("post", frozenset({"monitor", "data_manager"})),
}
_ARGUMENTS = {
    "study": "demo", "site": "03", "path": "report.html", "code": "01-001", "visit": "week_0", "form": "examination",
    "repeat": 1, "item": "weight", "digest": "0" * 64, "kind": "html", "token": "nothing", "what": "dispense",
}  # fmt: skip


def routes() -> dict[str, object]:
    return {pattern.name: pattern for pattern in get_resolver().url_patterns}


def address(name: str) -> str:
    wanted = routes()[name].pattern.converters
    return reverse(name, kwargs={argument: _ARGUMENTS[argument] for argument in wanted})


def test_every_route_has_a_row():
    assert set(routes()) == set(ROWS)


@pytest.mark.parametrize("role", sorted(EVERYONE))
def test_a_role_enters_where_its_row_says(enter, role):
    client = enter(role)
    before = Ledger.of("demo").snapshot().acts
    for name, (method, who) in ROWS.items():
        if isinstance(who, str):
            continue
        answer = getattr(client, method)(address(name))
        if role in who:
            assert answer.status_code in (200, 302, 400, 404, 422), (name, answer.status_code)
        else:
            assert answer.status_code == (404 if name.startswith(HIDDEN) else 403), (name, answer.status_code)
    assert Ledger.of("demo").snapshot().acts == before, "a post without its key records nothing"


def test_strangers_are_shown_the_door(client):
    for name, (method, who) in ROWS.items():
        answer = getattr(client, method)(address(name))
        if who != "anybody":
            back = f"?{urlencode({'next': address(name)})}" if method == "get" and who != "accounts" else ""
            assert (answer.status_code, answer.headers.get("Location")) == (302, f"/{back}"), name


def test_a_page_half_filled_in_is_not_sent_away_when_the_session_ends(client):
    answer = client.post(address("form"), {"key": key(), "weight": "60"}, headers={"hx-request": "true"})
    assert answer.status_code == 401
    assert "Location" not in answer.headers


def test_nothing_changes_by_looking(enter):
    """Routes that change something refuse to be visited."""
    client = enter("investigator")
    for name, (method, _) in ROWS.items():
        if method == "post":
            assert client.get(address(name)).status_code == 405, name


def test_every_page_of_a_study_passes_through_the_one_door():
    """The door sets `permissions` on what it guards; a view without it was not guarded."""
    for name, pattern in routes().items():
        guarded = hasattr(pattern.callback, "permissions")
        assert guarded == ("study" in pattern.pattern.converters), name


# --- Objects: what belongs to another site, or to nobody, is not there ------------------------------------------------

SITE_ROLES = frozenset(STAFF)
# The argument of a route that names an object → another site's, and one that does not exist.
FOREIGN = {"code": ("02-001", "02-999"), "study": ("done", "nothing")}
OBJECTS = [name for name, (_, who) in ROWS.items() if not isinstance(who, str)]


def asked_for(client, name, **objects):
    """The answer to a request, with the address taken out of it."""
    wanted = {argument: objects.get(argument, _ARGUMENTS[argument]) for argument in routes()[name].pattern.converters}
    place = reverse(name, kwargs=wanted)
    return without_address(getattr(client, ROWS[name][0])(place, {"key": key()}), place)


@pytest.mark.parametrize("role", sorted(SITE_ROLES))
def test_another_sites_participant_is_answered_byte_for_byte_like_one_who_does_not_exist(enter, role):
    client, before = enter(role, "01"), Ledger.of("demo").snapshot().acts
    for name in OBJECTS:
        if "code" not in routes()[name].pattern.converters:
            continue
        foreign, nobody = (asked_for(client, name, code=code) for code in FOREIGN["code"])
        assert foreign == nobody, name
        assert foreign[0] == (404 if role in ROWS[name][1] or name.startswith(HIDDEN) else 403), name
        if role in ROWS[name][1] and ROWS[name][0] == "get":
            assert asked_for(client, name)[0] in (200, 404), "one's own is another matter"
    assert Ledger.of("demo").snapshot().acts == before


@pytest.mark.parametrize("role", ["coordinator", "monitor", "administrator"])
def test_a_study_one_has_no_role_in_is_answered_like_one_that_does_not_exist(settings, role):
    settings.DEMO = False
    account = invited("lin@example.org")
    given(account, role, "01" if role == "coordinator" else "")
    client = entered(account)
    for name in OBJECTS:
        foreign, nothing = (asked_for(client, name, study=study) for study in FOREIGN["study"])
        assert foreign == nothing, name
        assert foreign[0] == 404, name


def test_every_argument_that_names_an_object_is_among_those_exchanged():
    named = {argument for name in OBJECTS for argument in routes()[name].pattern.converters}
    inside = {"visit", "form", "repeat", "item", "digest", "kind", "what"}  # of the protocol, or what is done
    assert named - inside == {*FOREIGN, "site", "path"}  # a site's page is the administrator's; a file is the study's


@pytest.mark.parametrize("site", ["02", "99"])
def test_lists_hold_ones_own_site_only(enter, site):
    client = enter("coordinator", "01")
    for path in ("/demo/subjects/", f"/demo/subjects/?site={site}", "/demo/queries/", "/demo/", "/demo/people/"):
        assert "02-001" not in client.get(path).content.decode(), path
    answer = client.post("/demo/subjects/screen/", {"key": key(), "site": site})
    assert answer.status_code == 422
    assert "desk.E002" in answer.content.decode()


@pytest.mark.parametrize("name", [name for name, (method, _) in ROWS.items() if method == "get"])
def test_pages_to_read_take_nothing(enter, name):
    answer = enter("monitor").post(address(name), {"key": key()})
    assert answer.status_code in (403, 405, 422), (name, answer.status_code)


@pytest.mark.parametrize("data", [{"role": "nobody"}, {"role": "nurse"}, {"role": "nurse", "site": "99"}, {}])
def test_the_door_knows_only_the_roles_and_sites_of_the_protocols(client, data):
    assert client.post("/sign-in/", data).status_code == 404
    assert client.get("/demo/subjects/").status_code == 302
