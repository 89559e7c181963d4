"""The master test of masking: exchange the arms, and nobody who is masked can tell.

The same people do the same things at the same moments in two worlds, over envelopes that hold different arms. Every
page of every masked role in both languages, with its headers, every table of both databases, every log line, the open
report of a look, the names and sizes of its sealed files and the ledger's head must be the same, byte for byte. Only
the sealed list and what is sealed for a look are ciphertext by declaration.
"""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.desk.at_work import TEXT

HERE = Path(__file__).parent
TRIALS = HERE.parents[1] / "trials"
WORLDS = {"belimumab-sle": (2, 3), "hypertension-tablets": (3, 4), "hypertension-tablets minimised": (3, 3)}
MINIMISED = "procedure: minimisation\nslots: 12\n"


def protocol_file(folder, name):
    """The protocol of a trial; where its arms are to be minimised, a copy that says so, with its restricted file.

    In the copy a pharmacist prepares the tablets, and beliefs are asked from the first dose on, which is as far as its
    few weeks go.
    """
    trial, _, how = name.partition(" ")
    if not how:
        return TRIALS / trial / "protocol.yaml"
    shutil.copytree(TRIALS / trial, folder / "trial")
    file = folder / "trial" / "protocol.yaml"
    text = re.sub(r"(form: belief_\w+, at: )[^}]*", r'\1"0, 12"', TEXT.decode())
    file.write_text(text.replace("procedure: permuted_blocks", "procedure: minimisation"), "utf-8")
    (folder / "trial" / "randomisation.restricted.yaml").write_text(MINIMISED)
    return file


def world(home, file, script, participants, weeks, *flags):
    command = [sys.executable, str(HERE / "world.py"), str(home), str(file), str(script)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("EQUIPOISE", "DJANGO"))}
    done = subprocess.run(
        [*command, str(participants), str(weeks), *flags], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    printed = re.sub(r"^[\d-]+ [\d:,]+ ", "", done.stdout + done.stderr, flags=re.MULTILINE)  # without the time of day
    return json.loads((home / "seen.json").read_text()), printed


@pytest.fixture(scope="module", params=list(WORLDS))
def twins(request, tmp_path_factory):
    folder, size = tmp_path_factory.mktemp("twins"), WORLDS[request.param]
    file = protocol_file(folder, request.param)
    language = ["--one-language"] if "minimised" in request.param and "EVERY_PAGE" not in os.environ else []
    first = world(folder / "one", file, folder / "script", *size, *language)
    second = world(folder / "two", file, folder / "script", *size, "--exchange", *language)
    return request.param.partition(" ")[0], folder, first, second


def test_masked_people_see_the_same_bytes(twins):
    _, _, (one, printed_one), (two, printed_two) = twins
    different = [name for name in sorted({*one, *two}) if one.get(name) != two.get(name)]
    assert different == []
    assert printed_one == printed_two


def test_the_crawl_reached_what_it_should(twins):
    trial, folder, (one, _), _ = twins
    for page in (
        "/protocol/",
        "/queries/",
        "/subjects/",
        "/people/",
        "/trail/",
        "/eligibility/",
        "/design/curve/",
        "/lock/",
        "/signatures/look/",
        "/trail/?",
        "/trail/export.csv?subject=",
        "/people/review.csv",
        "/unscheduled_1/",
        "/early_termination/",
    ):
        assert any(page in name for name in one), page
    for page in ("/serious/", "/deviations/", "/code-break/", "/unmasking/", "/unmaskings/", "code break/zh"):
        assert any(page in name for name in one), page
    if trial == "hypertension-tablets" and not (folder / "trial").exists():  # the minimised one has no kits
        assert any(name.endswith("/hypertension-tablets/kits/") for name in one)
        assert any(name.endswith("/hypertension-tablets/supply/") for name in one)
    if trial == "belimumab-sle":
        taken = {name for name in one if "/file/" in name}
        assert any("/screening_laboratory/" in name for name in taken)
        assert not any("/masked_results/" in name for name in taken), "no masked role comes to a file of theirs"
    assert sum(name.endswith("equipoise.sqlite3/ledger_act") for name in one) == 1
    assert not any("Traceback" in name for name in one)


def test_the_unusual_happened_in_both_worlds(twins):
    """A list that arrived, a stop, a randomisation in error; where a factor is asked, its correction."""
    trial, folder, _, _ = twins
    wanted = {"ListLoaded", "SecondLocksLoaded", "RecruitmentStopped", "RecruitmentResumed", "RandomisedInError"}
    wanted |= {"CodeBroken", "UnmaskingReported", "UnmaskingAssessed", "RoleGranted", "RoleAccepted", "RoleEnded"}
    wanted |= {"FormDrafted", "EntryFrozen", "EntryUnfrozen", "LockRequested", "LockDeclined", "RowInError"}
    wanted |= {"SeriousEventKnown", "SafetyReportSent", "SeriousEventDowngraded"}
    if trial == "belimumab-sle":
        wanted |= {"BagChecked", "InfusionStepped", "VitalSignsTaken", "ReactionSeen"}
        assert any(name.endswith("/infusion/") for name in twins[2][0])
    wanted |= {"StratumCorrected"} if trial == "hypertension-tablets" else set()
    if trial == "hypertension-tablets" and not (folder / "trial").exists():
        wanted |= {"KitReplaced", "KitMisallocated", "KitsDecided"}
    for which in ("one", "two"):
        connection = sqlite3.connect(folder / which / "equipoise.sqlite3")
        kinds = {kind for (kind,) in connection.execute("SELECT DISTINCT kind FROM ledger_act")}
        connection.close()
        assert wanted <= kinds


def test_beliefs_were_asked_and_their_pages_compared(twins):
    _, folder, (one, _), _ = twins
    if not (folder / "trial").exists():
        return  # it ends before the first of them
    for asked in ("participant", "investigator", "assessor"):
        assert any(f"/week_0/belief_{asked}/1/" in name for name in one), asked
        for which in ("one", "two"):
            connection = sqlite3.connect(folder / which / "equipoise.sqlite3")
            (saved,) = connection.execute(
                "SELECT count(*) FROM ledger_act WHERE kind = 'FormSaved' AND body LIKE ?", (f'%"belief_{asked}"%',)
            ).fetchone()
            connection.close()
            assert saved, (asked, which)


def test_in_a_minimised_trial_everybody_was_given_the_same_envelope_and_drawn_another_arm(twins):
    _, folder, _, _ = twins
    draws = []
    for which in ("one", "two"):
        connection = sqlite3.connect(folder / which / "allocator.sqlite3")
        draws.append(connection.execute("SELECT number, subject, label FROM allocator_draw ORDER BY 1").fetchall())
        secret = connection.execute("SELECT digest FROM allocator_sealedseed").fetchall()
        draws.append(secret)
        connection.close()
    minimised = (folder / "trial").exists()
    assert draws[0] == draws[2]
    assert (len(draws[0]) >= 2, draws[1] != draws[3]) == (minimised, minimised)


def test_the_worlds_do_differ_underneath(twins):
    """Otherwise the test above could not fail."""
    _, folder, _, _ = twins
    lists = [_sealed(folder / which) for which in ("one", "two")]
    assert lists[0] != lists[1]
    assert len(lists[0]) == len(lists[1])


def test_doses_were_prepared_and_their_records_differ_underneath_only(twins):
    """The register has as many rows in both worlds, one for each bag; what is in the boxes is not the same."""
    trial, folder, _, _ = twins
    if trial == "hypertension-tablets" and not (folder / "trial").exists():
        return  # its kits were packed before; nothing is prepared
    found = []
    for which in ("one", "two"):
        connection = sqlite3.connect(folder / which / "allocator.sqlite3")
        found.append(connection.execute("SELECT record, bag, box FROM allocator_record ORDER BY id").fetchall())
        connection.close()
    one, two = found
    assert one
    assert [row[:2] for row in one] == [row[:2] for row in two]
    assert all(bag for _, bag, _ in one)
    assert [box for *_, box in one] != [box for *_, box in two]


def test_a_look_was_held_and_only_its_closed_report_differs(twins):
    trial, folder, (one, _), _ = twins
    look = {"belimumab-sle": "safety_1", "hypertension-tablets": "interim_1"}[trial]
    for file in ("package.sealed", "closed-report.sealed", "arm-letters.sealed", "open/open.html", "open/open.pdf"):
        assert f"{look}/{file}" in one
    hidden = [json.loads((folder / world / "underneath.json").read_text()) for world in ("one", "two")]
    assert hidden[0][f"{look}/underneath"] != hidden[1][f"{look}/underneath"]


def test_no_arm_and_no_product_is_written_outside_the_protocol(twins):
    """No cell of any table but the protocol's own text holds a word for an arm or a product."""
    trial, folder, _, _ = twins
    words = arm_words(TRIALS / trial / "protocol.yaml")
    for home in (folder / "one", folder / "two"):
        for database in ("equipoise.sqlite3", "allocator.sqlite3"):
            for table, cell in cells(home / database):
                found = [word for word in words if re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", cell)]
                assert not found, (table, found, cell[:200])


def arm_words(file):
    """Ids and labels of arms and products, in both languages, long enough to mean something."""
    protocol = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    words = set()
    for thing in (*protocol["arms"], *protocol["products"]):
        words |= {thing["id"].lower(), thing["label"]["en"].lower(), thing["label"]["zh"]}
    return {word for word in words if len(word) > 1}


def cells(database):
    """Every text of every table, but the protocol as it was read and the sealed list."""
    connection = sqlite3.connect(database)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if table in ("ledger_protocoltext", "ledger_sealedlist"):  # public text; ciphertext by declaration
            continue
        for row in connection.execute(f"SELECT * FROM {table}"):
            for cell in row:
                text = cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
                yield table, text.lower()
    connection.close()


def _sealed(home):
    connection = sqlite3.connect(home / "equipoise.sqlite3")
    (file,) = connection.execute("SELECT file FROM ledger_sealedlist").fetchone()
    connection.close()
    return bytes(file)
