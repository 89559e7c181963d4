"""Who sees what, as a table; and that nothing which is hidden can be guessed from what is shown."""

import re
from dataclasses import replace

import pytest

from equipoise.conduct import acts as a
from equipoise.conduct.acts import Person
from equipoise.conduct.snapshot import Query
from equipoise.ledger.store import Ledger
from equipoise.protocol.load import load
from equipoise.protocol.schema import Protocol
from equipoise.web import deployment
from equipoise.web.visibility import Sight, sight
from tests.web.web_pages import EXAMINATION
from tests.web.web_world import TRIAL, UNMASKED

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
PROTOCOL, _ = load(TRIAL.read_bytes())
assert PROTOCOL is not None

# role           laboratory  immunology  c3     assessment  infusion  igg    sledai_total  prednisone_daily
FORMS_AND_ITEMS = """
coordinator        yes         yes       yes       yes        yes      no       no             yes
investigator       yes         yes       yes       yes        yes      no       yes            yes
nurse              no          no        no        no         yes      no       no             yes
assessor           no          no        no        yes        no       no       no             no
pharmacist         no          no        no        no         yes      no       no             no
monitor            yes         yes       yes       yes        yes      no       no             yes
data_manager       yes         yes       yes       yes        yes      no       yes            yes
unmasked_monitor   no          no        no        no         yes      yes      no             no
dsmb_statistician  yes         yes       yes       yes        yes      yes      yes            yes
"""


def of(role: str, site: str = "01") -> Sight:
    return sight(PROTOCOL, Person(role, role, site))


def hiding(role_id: str, item: str) -> Protocol:
    """The reference trial with one item more kept from a role."""
    roles = tuple(
        role.model_copy(update={"hidden_items": (item,)}) if role.id == role_id else role for role in PROTOCOL.roles
    )
    return Protocol(**{name: getattr(PROTOCOL, name) for name in Protocol.model_fields} | {"roles": roles})


@pytest.mark.parametrize("row", FORMS_AND_ITEMS.strip().splitlines(), ids=lambda row: row.split()[0])
def test_the_table(row):
    role, *expected = row.split()
    seen = of(role)
    derived = {derivation.id: derivation for derivation in PROTOCOL.derivations}
    found = (
        seen.form("laboratory"), seen.form("immunology"), seen.item("immunology", "c3"), seen.form("assessment"),
        seen.form("infusion"), seen.item("masked_results", "igg"), seen.derivation(derived["sledai_total"]),
        seen.derivation(derived["prednisone_daily"]),
    )  # fmt: skip
    assert ["yes" if each else "no" for each in found] == expected


def test_a_masked_item_is_hidden_from_every_masked_role_on_whatever_form_it_stands():
    masked = {item.item for item in PROTOCOL.masking.items if item.level == "masked"}
    for role in PROTOCOL.roles:
        seen = of(role.id)
        for form in PROTOCOL.forms:
            shown = {item.id for item in seen.items(form)}
            assert not (role.masked and shown & masked), (role.id, form.id)


def test_a_derived_value_never_tells_what_an_item_keeps():
    """Take an item from a role: everything computed from it goes too, unless the protocol names the role."""
    seen = sight(hiding("nurse", "weight"), Person("n", "nurse", "01"))
    derived = {derivation.id: derivation for derivation in PROTOCOL.derivations}
    assert of("nurse").derivation(derived["bmi"])
    assert not seen.derivation(derived["bmi"])
    assert not seen.rule("bmi > 20")
    assert not seen.rule("previous.weight > 20")
    assert seen.rule("height > 20")


def test_every_result_of_a_score_tells_what_the_score_tells():
    assert of("investigator").rule("bilag_score.count_a == 0")
    assert not of("nurse").rule("bilag_score.count_a == 0")
    assert not of("assessor").rule("previous.bilag_score.grade_renal")


def test_sites_do_not_see_each_other():
    subjects = Ledger.of("demo").snapshot().subjects
    assert of("nurse", "01").subject(subjects["01-001"])
    assert not of("nurse", "02").subject(subjects["01-001"])
    assert of("monitor", "").subject(subjects["01-001"])
    assert not of("administrator", "").subject(subjects["01-001"])


def test_a_query_is_seen_with_its_item_and_never_tells_what_its_check_read():
    def query(form, item, check):
        return Query("q", ("week_4", form, 1), item, check, "text", "open")

    assert of("monitor").query(query("laboratory", "esr", "person"))
    assert not of("nurse").query(query("laboratory", "esr", "person"))
    assert of("investigator").query(query("assessment", "fever", "assessment_fever"))
    secret = hiding("assessor", "temperature")
    assert not sight(secret, Person("a", "assessor", "01")).query(query("assessment", "fever", "assessment_fever"))


def test_acts_are_shown_whole_in_part_or_not_at_all():
    ledger = Ledger.of("demo")
    subject = ledger.snapshot().subjects["01-001"]
    recorded = list(ledger.acts(subject="01-001"))
    kinds = {each.act.kind: each for each in recorded}
    masked = next(r for r in recorded if isinstance(r.act, a.FormSaved) and r.act.form == "masked_results")
    for role in ("investigator", "assessor", "monitor", "data_manager"):
        assert of(role).act(masked, subject) is None, role
    assert of("dsmb_statistician").act(masked, subject) is masked
    assert of("nurse", "02").act(kinds["Consented"], subject) is None
    shown = of("monitor").act(kinds["Randomised"], subject)
    assert shown.act.stratum == ""
    assert shown.act.slot == subject.slot
    assert of("monitor").act(kinds["EligibilityConfirmed"], subject).act.criteria == {}
    mixed = replace(
        kinds["FormSaved"],
        act=a.FormSaved(
            subject="01-001", visit="week_4", form="immunology", changes={"c3": (None, "0.9"), "c4": (None, "0.2")}
        ),
    )
    partly = sight(hiding("monitor", "c3"), Person("m", "monitor")).act(mixed, subject)
    assert set(partly.act.changes) == {"c4"}


def test_only_those_concerned_see_that_a_code_was_broken():
    ledger = Ledger.of("demo")
    subject = ledger.snapshot().subjects["01-001"]
    broken = replace(next(ledger.acts(subject="01-001")), act=a.CodeBroken(subject="01-001", why="serious_event"))
    assert of("investigator").act(broken, subject) is broken
    assert of("monitor").act(broken, subject) is broken
    assert of("assessor").act(broken, subject) is None


# --- On the pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("assessor", "/demo/subjects/01-001/week_0/laboratory/1/"),
        ("assessor", "/demo/subjects/01-001/week_0/immunology/1/c3/trail/"),
        ("assessor", "/demo/subjects/01-001/log/adverse_events/1/"),
        ("coordinator", "/demo/subjects/01-001/log/masked_results/1/"),
        ("coordinator", "/demo/subjects/01-001/log/masked_results/1/igg/trail/"),
        ("coordinator", "/demo/subjects/02-001/"),
        ("coordinator", "/demo/subjects/02-001/trail/"),
        ("coordinator", "/demo/subjects/02-001/screening/"),
        ("coordinator", "/demo/subjects/02-001/screening/demographics/1/"),
        ("coordinator", "/demo/subjects/01-999/"),
        ("coordinator", "/demo/subjects/01-001/week_3/"),
        ("coordinator", "/demo/subjects/01-001/week_2/laboratory/1/"),
        ("coordinator", "/demo/subjects/01-001/week_0/laboratory/2/"),
        ("coordinator", "/demo/subjects/01-001/log/adverse_events/0/"),
        ("coordinator", "/demo/subjects/01-001/week_0/laboratory/1/nothing/trail/"),
        ("coordinator", "/nowhere/subjects/"),
    ],
)
def test_what_is_hidden_looks_as_if_it_did_not_exist(enter, role, path):
    client = enter(role)
    answer = client.get(path)
    assert answer.status_code == 404
    nothing = client.get("/demo/subjects/01-998/")
    assert len(answer.content) == len(nothing.content) or "nowhere" in path


def test_the_pages_of_a_masked_role_do_not_depend_on_what_is_hidden_from_it(enter):
    """An entry on a hidden form changes not one byte of what a masked role is shown."""
    paths = ["/demo/subjects/", "/demo/subjects/01-001/", "/demo/subjects/01-001/trail/", "/demo/queries/", EXAMINATION]
    roles = ("coordinator", "investigator", "assessor", "monitor")
    before = {role: [pages(enter, role, path) for path in paths] for role in roles}
    outcome = deployment.desk("demo").save_form(
        "01-001", "log", "masked_results", {"igg": "4.20", "b_cells": "3"}, by=UNMASKED, key="k" * 32, repeat=2
    )
    assert outcome.acts
    after = {role: [pages(enter, role, path) for path in paths] for role in roles}
    assert before == after


def pages(enter, role, path):
    html = enter(role).get(path).content.decode()
    return re.sub(r'(csrfmiddlewaretoken|name="key") ?(value=)?"?[\w"= ]*', "", html)


def test_no_page_names_an_arm_of_a_participant(enter):
    for role in ("coordinator", "investigator", "nurse", "assessor", "monitor", "data_manager", "statistician"):
        html = enter(role).get("/demo/subjects/01-001/").content.decode().casefold()
        assert "placebo" not in html, role
        assert "saline" not in html, role
        assert "belimumab" not in html, role
