"""Keys bound to sites, as people hold them: named in the file of recipients, used, lost, and no quorum."""

import json
import re
import shutil

import pytest

from equipoise.cli import ceremony
from equipoise.envelopes import read_list, read_locks, receive_replacement, write_lock_code
from tests.cli.conftest import key_file, run

HOLDERS = "".join(f"escrow {name}.key.pub\n" for name in ("QA", "GCP", "Stat"))
ROLES = {"North": "11", "Nora": "11", "South": "12"}


@pytest.fixture(scope="module")
def staff(place, people):
    """Two pharmacists of site 11, one of site 12, and two people unmasked for the whole study."""
    named = {name: key_file(place, "pharmacist", name) for name in ROLES}
    for name, role in (("Lab", "central_laboratory"), ("DSMB", "unmasked_statistician")):
        named[name] = key_file(place, role, name)
    return people | named


def named_in(place, name, *lines):
    file = place / name
    file.write_text("".join(f"{line}\n" for line in lines) + HOLDERS)
    return file


BOUND = [f"recipient {name}.key.pub site {site}" for name, site in ROLES.items()]


@pytest.fixture(scope="module")
def bound(place, protocol, staff):
    """A list sealed for pharmacists of their own sites, and what the command said."""
    file = named_in(place, "bound.txt", *BOUND, "recipient Lab.key.pub", "recipient DSMB.key.pub")
    out = place / "bound"
    code, printed = run("seal", protocol, "--recipients", file, "--out", out, "--by", "Chen", "--by", "Xu")
    assert code == 0, printed
    return out, printed


@pytest.fixture(scope="module")
def truth(place, bound, staff):
    """What is in every envelope, by two recipients bound to no site."""
    out = place / "bound-opened.json"
    code, printed = run("open", bound[0], "--quorum", staff["Lab"], "--quorum", staff["DSMB"], "--out", out)
    assert code == 0, printed
    return {slot["slot"]: slot["arm"] for slot in json.loads(out.read_bytes())["slots"]}


def lock_at(folder, site):
    locks = read_locks((folder / "allocator" / "second-locks.json").read_bytes())[1]
    return next(lock for lock in locks if f"site={site}" in lock.stratum)


def opening(listed, key, lock, *more):
    """The first problem or the arm that `envelope open` says."""
    arguments = ("--list", listed, "--key", key, "--label", lock.label, "--share", write_lock_code(lock.share))
    _, printed = run("envelope", "open", *arguments, *more)
    found = re.search(r"envelopes\.E\d+|arm · 组别  (\w+)", printed)
    return found[1] or found[0]


# --- Sealing --------------------------------------------------------------------------------------------------------


def test_the_list_and_the_transcript_say_who_is_bound_to_what(bound):
    out, _ = bound
    assert read_list((out / "web-host" / "sealed-list.json").read_bytes()).sites == {
        "pharmacist/North": "11", "pharmacist/Nora": "11", "pharmacist/South": "12",
    }  # fmt: skip
    assert re.search(r"pharmacist/South  site 12\n", (out / "transcript.txt").read_text("utf-8"))


def test_a_site_with_one_key_is_warned_of_and_one_with_two_is_not(bound):
    assert re.findall(r"site (\d+): \w+ envelopes\.W010", bound[1]) == ["12"]
    assert "W001" not in bound[1]
    assert "W011" not in bound[1]


def test_a_key_for_every_site_counts_at_each_and_a_list_without_any_is_warned_of(place, protocol, staff):
    """Warnings come before the list is drawn, so a line that stops the command keeps the test short."""
    for more, said in ((["recipient Li.key.pub"], []), ([], ["W010", "W011"])):
        file = named_in(place, "some.txt", *BOUND, *more, "recipient Zhao.key.pub site 99")
        _, printed = run("seal", protocol, "--recipients", file, "--out", place / "some")
        assert re.findall(r"envelopes\.(W01\d)", printed) == said, printed


@pytest.mark.parametrize(
    ("line", "identity"),
    [
        ("recipient North.key.pub site 99", "E101"),
        ("recipient DSMB.key.pub site 11", "E102"),
        ("recipient North.key.pub site", "E050"),
        ("recipient site 11", "E050"),
        ("escrow North.key.pub site 11", "E050"),
        ("recipients North.key.pub site 11", "E053"),
    ],
)
def test_who_cannot_be_bound_is_said(place, protocol, staff, line, identity):
    file = named_in(place, "wrong.txt", line)
    code, printed = run("seal", protocol, "--recipients", file, "--out", place / "wrong")
    assert (code, f"envelopes.{identity}" in printed, (place / "wrong").exists()) == (1, True, False), printed


@pytest.mark.parametrize("change", ["strata: [diabetes]", "procedure: minimisation"])
def test_where_no_envelope_is_a_sites_nobody_is_bound_to_one(place, protocol, staff, tmp_path, change):
    text = protocol.read_text("utf-8")
    start = text.index("\nrandomisation:")
    key = change.partition(":")[0]
    whole = text[:start] + re.sub(rf"{key}: .*", change, text[start:], count=1)
    (tmp_path / "protocol.yaml").write_text(whole, "utf-8")
    restricted = protocol.with_name("randomisation.restricted.yaml").read_text("utf-8")
    if "minim" in change:
        restricted = "procedure: minimisation\nprobability: 4/5\nslots: 4\n"
    (tmp_path / "randomisation.restricted.yaml").write_text(restricted, "utf-8")
    keeper = ["keeper Lab.key.pub"] if "minim" in change else []
    file = named_in(place, "by-site.txt", *BOUND, *keeper)
    code, printed = run("seal", tmp_path / "protocol.yaml", "--recipients", file, "--out", tmp_path / "out")
    assert (code, "envelopes.E100" in printed) == (1, True), printed


# --- Opening --------------------------------------------------------------------------------------------------------


def test_a_key_opens_at_its_site_and_says_so_at_another(bound, staff, truth):
    listed, here, there = bound[0] / "web-host" / "sealed-list.json", lock_at(bound[0], "11"), lock_at(bound[0], "12")
    assert opening(listed, staff["North"], here, "--site", "11") == truth[here.label]
    assert opening(listed, staff["South"], there, "--site", "12") == truth[there.label]
    assert opening(listed, staff["North"], there, "--site", "12") == "envelopes.E103"
    assert opening(listed, staff["Lab"], there) == truth[there.label]


def test_an_envelope_altered_at_the_own_site_is_an_alarm(bound, staff, tmp_path):
    lock = lock_at(bound[0], "11")
    read = json.loads((bound[0] / "web-host" / "sealed-list.json").read_bytes())
    slot = next(slot for slot in read["slots"] if slot["label"] == lock.label)
    slot["ciphertext"] = slot["ciphertext"][::-1].lstrip("=")
    slot["ciphertext"] += "=" * (-len(slot["ciphertext"]) % 4)
    (tmp_path / "list.json").write_text(json.dumps(read))
    assert opening(tmp_path / "list.json", staff["North"], lock, "--site", "11") == "envelopes.E012"


def test_the_participants_site_is_asked_for_where_the_key_is_bound(bound, staff, truth, monkeypatch):
    listed, lock, asked = bound[0] / "web-host" / "sealed-list.json", lock_at(bound[0], "12"), []
    known = ceremony.click.prompt
    monkeypatch.setattr(
        ceremony.click, "prompt", lambda text, **more: asked.append(text) or ("12" if "site" in text else known(text))
    )
    assert opening(listed, staff["South"], lock) == truth[lock.label]
    assert opening(listed, staff["North"], lock) == "envelopes.E103"
    assert [text for text in asked if "site" in text] == ["The participant's site"] * 2


def test_two_keys_bound_to_sites_are_no_quorum_whatever_else_is_there(bound, staff):
    for two in (("North", "South"), ("North", "Lab"), ("North", "QA")):
        quorum = [part for name in two for part in ("--quorum", staff[name])]
        code, printed = run("open", bound[0], *quorum)
        assert (code, "envelopes.E106" in printed, "pharmacist/North" in printed) == (1, True, True), printed
    assert "envelopes.E054" in run("open", bound[0], "--quorum", staff["Lab"], "--quorum", staff["QA"])[1]


def test_a_pharmacist_beside_two_holders_stops_nobody(bound, staff, tmp_path, truth):
    out = tmp_path / "o.json"
    quorum = [part for name in ("North", "QA", "GCP") for part in ("--quorum", staff[name])]
    code, printed = run("open", bound[0], *quorum, "--out", out)
    assert code == 0, printed
    assert {slot["slot"]: slot["arm"] for slot in json.loads(out.read_bytes())["slots"]} == truth


# --- Losses ---------------------------------------------------------------------------------------------------------


def rewrapped(folder, out, people, *more):
    quorum = [part for name in people for part in ("--quorum", name)]
    return run("escrow", "rewrap", folder, *quorum, *more, "--out", out)


def test_one_pharmacists_key_of_a_site_is_lost(bound, staff, tmp_path, truth):
    out, here, there = tmp_path / "list.json", lock_at(bound[0], "11"), lock_at(bound[0], "12")
    change = ("--add", f"{staff['Zhao']}.pub", "--site", "12", "--drop", "pharmacist/South")
    code, printed = rewrapped(bound[0], out, (staff["QA"], staff["GCP"]), *change)
    assert code == 0, printed
    assert opening(out, staff["Zhao"], there, "--site", "12") == truth[there.label]
    assert opening(out, staff["Zhao"], here, "--site", "11") == "envelopes.E103"
    assert opening(out, staff["South"], there, "--site", "12") == "envelopes.E010"
    assert opening(out, staff["North"], here, "--site", "11") == truth[here.label]
    assert read_list(out.read_bytes()).sites["pharmacist/Zhao"] == "12"
    published = (bound[0] / "publish" / "commitment.txt").read_text("utf-8")
    kept = read_list((bound[0] / "web-host" / "sealed-list.json").read_bytes())
    identity = re.search(r"(?m)^protocol +sha256 (\w+)$", published)[1]
    taken = receive_replacement(out.read_bytes(), published, kept=kept, protocol=identity, demo=False)
    assert taken == read_list(out.read_bytes())  # `load list --replace` takes it under the text published first


def test_who_has_no_strata_is_sent_to_the_holders_of_the_escrow_key(bound, staff, tmp_path):
    change = ("--add", f"{staff['Zhao']}.pub", "--site", "12")
    code, printed = rewrapped(bound[0], tmp_path / "list.json", (staff["Lab"], staff["DSMB"]), *change)
    assert (code, "envelopes.E105" in printed, "escrow rewrap" in printed) == (1, True, True)
    shutil.copytree(bound[0], tmp_path / "copy")
    (tmp_path / "copy" / "escrow" / "second-locks-for-escrow.json").unlink()
    code, printed = rewrapped(tmp_path / "copy", tmp_path / "list.json", (staff["QA"], staff["GCP"]), *change)
    assert (code, "envelopes.E056" in printed, "second-locks-for-escrow" in printed) == (1, True, True)
    change = ("--add", f"{staff['Zhao']}.pub", "--site", "99")
    assert "envelopes.E101" in rewrapped(bound[0], tmp_path / "l", (staff["QA"], staff["GCP"]), *change)[1]


def test_a_bound_key_makes_no_new_escrow_key(bound, staff, tmp_path):
    holders = [part for name in ("QA", "GCP", "New") for part in ("--holder", f"{staff[name]}.pub")]
    code, printed = run("escrow", "renew", bound[0], "--key", staff["North"], *holders, "--out", tmp_path / "new")
    assert (code, "envelopes.E104" in printed) == (1, True)
    code, printed = run("escrow", "renew", bound[0], "--key", staff["Lab"], *holders, "--out", tmp_path / "new")
    assert code == 0, printed
    again = read_list((tmp_path / "new" / "web-host" / "sealed-list.json").read_bytes())
    assert again.sites["pharmacist/South"] == "12"


@pytest.mark.slow
def test_the_list_is_sealed_again_with_keys_bound_to_sites(bound, protocol, staff, place, tmp_path, truth):
    lines = ("recipient Nora.key.pub site 11", "recipient Zhao.key.pub site 12")
    file = named_in(place, "after-theft-by-site.txt", *lines)
    code, printed = run(
        "escrow", "seal-again", bound[0], "--quorum", staff["QA"], "--quorum", staff["GCP"], "--protocol", protocol,
        "--recipients", file, "--version", "2", "--by", "Chen", "--by", "Xu", "--out", tmp_path / "again",
    )  # fmt: skip
    assert code == 0, printed
    listed, here = tmp_path / "again" / "web-host" / "sealed-list.json", lock_at(tmp_path / "again", "11")
    assert opening(listed, staff["Nora"], here, "--site", "11") == truth[here.label]
    assert opening(listed, staff["Zhao"], here, "--site", "11") == "envelopes.E103"
