"""Every route says who may enter it. The list comes from the URLs themselves: a new route without a row fails."""

import pytest
from django.urls import get_resolver, reverse

from equipoise.ledger.store import Ledger
from tests.web.web_pages import key
from tests.web.web_world import STAFF

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])

STUDY_ROLES = ("unmasked_monitor", "monitor", "data_manager", "statistician", "dsmb_statistician", "sponsor")
VIEWERS = frozenset((*STAFF, *STUDY_ROLES))
EVERYONE = VIEWERS | {"administrator"}
SITE = frozenset({"coordinator", "investigator"})
PHARMACIST = frozenset({"pharmacist"})
PHARMACY = PHARMACIST | {"unmasked_monitor"}
HIDDEN = "pharmacy"  # routes with this beginning do not exist for others
FILLERS = SITE | {"nurse", "assessor", "unmasked_monitor"}

# route → (method, who may enter). "anybody" needs no sign-in; of the others, strangers are shown the door.
DESIGNERS = frozenset({"statistician", "dsmb_statistician", "data_manager", "sponsor"})
ROWS: dict[str, tuple[str, frozenset[str] | str]] = {
    "welcome": ("get", "anybody"),
    "sign_in": ("post", "anybody"),
    "sign_out": ("post", "anybody"),
    "language": ("post", "anybody"),
    "style": ("get", "anybody"),
    "health": ("get", "anybody"),
    "study": ("get", EVERYONE),
    "activate": ("post", frozenset({"administrator"})),
    "recruitment": ("post", frozenset({"data_manager", "sponsor"})),
    "lock": ("post", frozenset({"data_manager", "sponsor"})),
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
    "queries": ("get", VIEWERS),
    "today": ("get", VIEWERS),
    "subjects": ("get", VIEWERS),
    "screen": ("post", SITE),
    "casebook": ("get", VIEWERS),
    "subject_trail": ("get", VIEWERS),
    "print_casebook": ("get", VIEWERS),
    "print_checklist": ("get", VIEWERS),
    "print_blank": ("get", VIEWERS),
    "consent": ("post", frozenset({"investigator"})),
    "eligibility": ("get", VIEWERS),
    "confirm": ("post", frozenset({"investigator"})),
    "fail": ("post", frozenset({"investigator"})),
    "before_randomising": ("get", SITE),
    "randomise": ("post", SITE),
    "in_error": ("post", frozenset({"investigator"})),
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
    "visit": ("get", VIEWERS),
    "hold": ("post", FILLERS),
    "miss": ("post", FILLERS),
    "form": ("get", VIEWERS),
    "asked": ("post", VIEWERS),
    "draft": ("post", FILLERS),
    "discard": ("post", FILLERS),
    "sign": ("post", frozenset({"investigator", "assessor"})),
    "trail": ("get", VIEWERS),
    "ask": ("post", frozenset({"monitor", "data_manager"})),
}
_ARGUMENTS = {
    "study": "demo", "site": "03", "path": "report.html", "code": "01-001", "visit": "week_0", "form": "examination",
    "repeat": 1, "item": "weight", "kind": "html",
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
        if who == "anybody":
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
            assert (answer.status_code, answer.headers.get("Location")) == (302, "/"), name


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


@pytest.mark.parametrize("name", [name for name, (method, _) in ROWS.items() if method == "get"])
def test_pages_to_read_take_nothing(enter, name):
    answer = enter("monitor").post(address(name), {"key": key()})
    assert answer.status_code in (403, 405, 422), (name, answer.status_code)


def test_without_the_demonstration_nobody_gets_in(client, settings):
    settings.DEMO = False
    page = client.get("/").content.decode()
    assert "Accounts come with a later version" in page
    assert "<table" not in page
    assert client.post("/sign-in/", {"role": "monitor"}).status_code == 404


@pytest.mark.parametrize("data", [{"role": "nobody"}, {"role": "nurse"}, {"role": "nurse", "site": "99"}, {}])
def test_the_door_knows_only_the_roles_and_sites_of_the_protocols(client, data):
    assert client.post("/sign-in/", data).status_code == 404
    assert client.get("/demo/subjects/").status_code == 302
