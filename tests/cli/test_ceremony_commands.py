"""The ceremony as people hold it: keys, sealing, opening, the emergency, and each loss, without any server."""

import json
import os
import re
import shutil
import stat

import pytest

from equipoise.cli import ceremony
from equipoise.cli.main import COMMANDS
from equipoise.envelopes import Code, read_list, read_locks, write_code
from tests.cli.conftest import PROMPT, SLOTS, WORDS, key_file, run


@pytest.fixture(scope="module")
def opened(place, sealed, people):
    """The opened list, to compare with what single envelopes say."""
    out = place / "opened.json"
    code, printed = run("open", sealed[0], "--quorum", people["QA"], "--quorum", people["Stat"], "--out", out)
    assert code == 0, printed
    return out, printed


@pytest.fixture
def copy(sealed, tmp_path):
    """The folder of the ceremony, to be altered."""
    shutil.copytree(sealed[0], tmp_path / "copy")
    return tmp_path / "copy"


def on_call(folder, label, purpose):
    """What the operator of the allocator reads from the second locks over the telephone."""
    kept = folder / "allocator" / "second-locks.json"
    return run("envelope", "release", "--locks", kept, "--label", label, "--for", purpose)


def arms(opened):
    return {slot["slot"]: slot["arm"] for slot in json.loads(opened[0].read_bytes())["slots"]}


def locks(folder):
    return read_locks((folder / "allocator" / "second-locks.json").read_bytes())[1]


def published(folder):
    return re.search(r"commitment   (\w{64})", (folder / "publish" / "commitment.txt").read_text("utf-8"))[1]


# --- Keys ---------------------------------------------------------------------------------------------------------


class TestKeys:
    def test_a_new_key_is_locked_private_and_never_overwritten(self, place, tmp_path):
        file = tmp_path / "li.key"
        code, printed = run("keys", "new", "pharmacist", "--holder", "Li", "--out", file)
        assert code == 0
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        before = file.read_bytes()
        fingerprint = printed.split("fingerprint")[1].strip()
        assert re.fullmatch(r"(\w{4}-){4}\w{4}", fingerprint)
        for shown in (file, tmp_path / "li.key.pub"):
            assert fingerprint in run("keys", "show", shown)[1]
        code, printed = run("keys", "check", file)
        assert (code, "The passphrase opens it." in printed, fingerprint in printed) == (0, True, True)
        code, printed = run("keys", "new", "pharmacist", "--out", file)
        assert (code, "envelopes.E051" in printed, file.read_bytes() == before) == (1, True, True)

    def test_a_passphrase_is_asked_twice_and_not_shown(self, place, tmp_path, monkeypatch):
        monkeypatch.setattr(ceremony.click, "prompt", PROMPT)
        code, printed = run("keys", "new", "p", "--out", tmp_path / "k", answers=f"{WORDS}\n{WORDS}\n")
        assert (code, WORDS in printed) == (0, False)
        assert run("keys", "check", tmp_path / "k", answers=f"{WORDS}\n")[0] == 0
        code, printed = run("keys", "new", "p", "--out", tmp_path / "other", answers=f"{WORDS}\n{WORDS}x\n")
        assert (code, (tmp_path / "other").exists()) == (1, False)

    def test_a_short_passphrase_is_refused_with_words(self, place, tmp_path):
        (tmp_path / "words").write_text("elevenchars\n")
        code, printed = run("keys", "new", "p", "--out", tmp_path / "p.key", "--passphrase-file", tmp_path / "words")
        assert code == 1
        assert "envelopes.E023" in printed
        assert "Four or five words" in printed
        assert not (tmp_path / "p.key").exists()

    @pytest.mark.parametrize("content", [b"", b"\xff\xfe"])
    def test_a_passphrase_file_without_a_line_is_said(self, place, tmp_path, content):
        (tmp_path / "words").write_bytes(content)
        code, printed = run("keys", "new", "p", "--out", tmp_path / "p.key", "--passphrase-file", tmp_path / "words")
        assert (code, "envelopes.E050" in printed) == (1, True)

    def test_a_wrong_passphrase_another_public_key_and_an_open_file_are_said(self, place, people, tmp_path):
        file = tmp_path / "Li.key"
        shutil.copy(people["Li"], file)
        (tmp_path / "wrong").write_text("another horse battery")
        assert "envelopes.E021" in run("keys", "check", file, "--passphrase-file", tmp_path / "wrong")[1]
        file.chmod(0o644)
        code, printed = run("keys", "check", file)
        assert (code, "envelopes.W005" in printed) == (0, True)
        shutil.copy(place / "Wang.key.pub", tmp_path / "Li.key.pub")
        code, printed = run("keys", "check", file)
        assert (code, "envelopes.E024" in printed) == (1, True)

    def test_what_is_no_key_is_said(self, place, tmp_path):
        (tmp_path / "x").write_bytes(b"{}")
        for command in ("show", "check"):
            code, printed = run("keys", command, tmp_path / "x")
            assert (code, "envelopes.E020" in printed) == (1, True)
        assert "envelopes.E050" in run("keys", "show", tmp_path / "none")[1]
        assert "envelopes.E050" in run("keys", "new", "p", "--out", tmp_path / "none" / "p.key")[1]


# --- Sealing ------------------------------------------------------------------------------------------------------


class TestSeal:
    def test_everything_is_there_for_its_place_and_for_its_owner_only(self, sealed):
        out, printed = sealed
        files = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
        assert files == {
            "transcript.txt", "allocator/second-locks.json", "publish/commitment.txt",
            "web-host/sealed-list.json", "web-host/protocol.yaml",
            *(f"escrow/{name}.json" for name in ("second-locks-for-escrow", "share-1", "share-2", "share-3")),
            *(f"sites/{site}/{name}" for site in ("11", "12")
              for name in ("code-break-cards.pdf", "code-break-instructions.pdf", "sealed-list.json", "protocol.yaml")),
        }  # fmt: skip
        assert {stat.S_IMODE((out / name).stat().st_mode) for name in files} == {0o600}
        assert stat.S_IMODE(out.stat().st_mode) == 0o700
        assert published(out) in printed

    def test_every_stratum_has_the_slots_of_the_specification_and_the_buffer(self, sealed):
        counted = {}
        for lock in locks(sealed[0]):
            counted[lock.stratum] = counted.get(lock.stratum, 0) + 1
        assert set(counted.values()) == {SLOTS}
        assert len(counted) == 4

    def test_no_file_and_no_line_tells_an_arm_a_block_or_an_order(self, sealed):
        out, printed = sealed
        public = {"protocol.yaml"}
        for path in out.rglob("*"):
            if path.is_file() and path.name not in public:
                text = path.read_bytes().lower()
                for word in (b"placebo", b"nirotensin", b"permuted", b"block size", b'"low"', b'"high"'):
                    assert word not in text, path
        assert "placebo" not in printed

    def test_the_transcript_says_who_when_with_what_and_every_digest(self, sealed, people):
        import hashlib

        out, _ = sealed
        text = (out / "transcript.txt").read_text("utf-8")
        assert "Chen, Xu" in text
        assert re.search(r"at           \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text)
        assert "program      equipoise " in text
        assert text.count(f"{SLOTS:6}  site=") == 4
        for path in out.rglob("*"):
            if path.is_file() and path.name != "transcript.txt":
                line = f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(out)}"
                assert line in text
        for name in ("pharmacist/Li", "pharmacist/Wang", "holder/QA", "holder/GCP", "holder/Stat", "escrow"):
            assert re.search(rf"(\w{{4}}-){{4}}\w{{4}}  {name}\n", text), name

    def test_two_lists_have_nothing_in_common(self, place, protocol, recipients, sealed):
        out = place / "second"
        code, printed = run("seal", protocol, "--recipients", recipients, "--out", out)
        assert code == 0
        assert "envelopes.W002" in printed
        assert "envelopes.W003" in printed
        assert published(out) != published(sealed[0])
        assert {lock.label for lock in locks(out)}.isdisjoint(lock.label for lock in locks(sealed[0]))

    def test_there_is_no_seed(self, place, protocol, recipients):
        code, printed = run("seal", protocol, "--recipients", recipients, "--out", place / "x", "--seed", 1)
        assert (code, "--seed" in printed) == (2, True)

    @pytest.mark.parametrize("name", ["equipoise.sqlite3", "allocator.sqlite3", "DEMO"])
    @pytest.mark.parametrize("where", [".", "home"])
    def test_a_deployment_s_home_is_refused(self, place, protocol, recipients, tmp_path, name, where):
        (tmp_path / "home").mkdir()
        (tmp_path / "home" / name).touch()
        out = tmp_path / "home" if where == "." else tmp_path / "home" / "out"
        code, printed = run("seal", protocol, "--recipients", recipients, "--out", out)
        assert (code, "envelopes.E052" in printed) == (1, True)

    @pytest.mark.parametrize("variable", ["EQUIPOISE_HOME", "EQUIPOISE_DEMO", "EQUIPOISE_ALLOCATOR"])
    def test_a_deployment_s_environment_is_refused(self, place, protocol, recipients, monkeypatch, variable):
        monkeypatch.setenv(variable, "yes")
        code, printed = run("seal", protocol, "--recipients", recipients, "--out", place / "x")
        assert (code, "envelopes.E052" in printed) == (1, True)

    def test_a_demonstration_key_is_refused(self, place, protocol, people, tmp_path):
        shown = key_file(tmp_path, "pharmacist", "Demo", demo=True)
        file = tmp_path / "r.txt"
        holders = "".join(f"escrow {place / name}.key.pub\n" for name in ("QA", "GCP", "Stat"))
        file.write_text(f"recipient {shown}\n{holders}")
        code, printed = run("seal", protocol, "--recipients", file, "--out", tmp_path / "x")
        assert (code, "envelopes.E004" in printed, (tmp_path / "x").exists()) == (1, True, False)

    @pytest.mark.parametrize(
        ("lines", "identity"),
        [
            ("recipient QA.key.pub", "E007"),
            ("recipient Li.key.pub", "E008"),
            ("recipient Li.key.pub\nescrow QA.key.pub\nescrow QA.key.pub\nescrow GCP.key.pub", "E008"),
            ("recipient Li.key.pub\nrecipient Li.key.pub", "E003"),
            ("escrow QA.key.pub\nescrow GCP.key.pub\nescrow Stat.key.pub", ""),
            ("pharmacist Li.key.pub", "E053"),
            ("recipient", "E053"),
            ("recipient none.pub", "E050"),
        ],
    )
    def test_who_cannot_be_a_recipient_or_holder_is_said(self, place, protocol, people, lines, identity):
        file = place / "others.txt"
        file.write_text(lines)
        out = place / f"others-{identity}"
        code, printed = run("seal", protocol, "--recipients", file, "--out", out)
        assert code == (1 if identity else 0)
        assert f"envelopes.{identity or 'W001'}" in printed
        assert out.exists() == (not identity)

    def test_a_wrong_protocol_or_specification_is_said(self, place, protocol, recipients, tmp_path):
        wrong = tmp_path / "protocol.yaml"
        wrong.write_text(protocol.read_text("utf-8").replace("procedure: permuted", "procedure: permutd"), "utf-8")
        assert "Did you mean" in run("seal", wrong, "--recipients", recipients, "--out", tmp_path / "x")[1]
        shutil.copy(protocol, wrong)
        restricted = tmp_path / "randomisation.restricted.yaml"
        for text, identity in (
            ("procedure: permuted_blocks\nsizes: [3]\nslots_per_stratum: 8\n", "E004"),
            ("seed: 1\n", "E025"),
        ):
            restricted.write_text(text)
            code, printed = run("seal", wrong, "--recipients", recipients, "--out", tmp_path / "x")
            assert (code, f"randomisation.{identity}" in printed) == (1, True)
        assert not (tmp_path / "x").exists()

    def test_nothing_is_overwritten(self, sealed, protocol, recipients):
        code, printed = run("seal", protocol, "--recipients", recipients, "--out", sealed[0])
        assert (code, "envelopes.E051" in printed) == (1, True)

    @pytest.mark.parametrize("broken", range(0, 24, 3))
    def test_the_folder_is_written_whole_or_not_at_all(self, tmp_path, monkeypatch, broken):
        """The disk fails at one of its syncs: nothing is left, not even beside it."""
        files = {f"place-{number}/file": b"x" for number in range(8)}
        count = iter(range(10_000))
        sync = os.fsync

        def failing(handle):
            if next(count) == broken:
                raise OSError(28, "No space left on device")
            sync(handle)

        monkeypatch.setattr(ceremony.os, "fsync", failing)
        whole = broken >= 8 + 8 + 1  # after the rename only the parent's entry is synced
        if whole:
            with pytest.raises(ceremony.Stopped) if broken == 17 else pytest.MonkeyPatch.context():
                ceremony.write_folder(tmp_path / "out", files)
        else:
            with pytest.raises(ceremony.Stopped):
                ceremony.write_folder(tmp_path / "out", files)
        left = sorted(path.name for path in tmp_path.iterdir())
        assert left == (["out"] if whole else [])
        assert not whole or len([p for p in (tmp_path / "out").rglob("*") if p.is_file()]) == 8

    def test_the_usual_argon2id_effort_is_used_for_new_keys(self, place, tmp_path):
        run("keys", "new", "pharmacist", "--out", tmp_path / "k")
        heading = json.loads((tmp_path / "k").read_bytes())
        assert (heading["passes"], heading["memory"]) == (3, 256 * 1024 * 1024)


# --- The cards ----------------------------------------------------------------------------------------------------


def test_each_site_gets_the_cards_of_its_own_slots_in_the_order_of_labels(sealed):
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here: the words of the cards cannot be read")
    import subprocess

    out, _ = sealed
    for site in ("11", "12"):
        text = subprocess.run(
            ["pdftotext", "-layout", out / "sites" / site / "code-break-cards.pdf", "-"],
            capture_output=True,
            check=True,
        ).stdout.decode()
        labels = [found.replace("-", "") for found in re.findall(r"(?m)^\s*(\w{4}-\w{4})\b", text)]
        assert labels == sorted(lock.label for lock in locks(out) if f"site={site}" in lock.stratum)
        assert "紧急揭盲卡" in text or "emergency code break" in text


# --- Opening the whole list ---------------------------------------------------------------------------------------


class TestOpen:
    def test_a_quorum_opens_it_and_nothing_is_printed_but_where(self, opened, sealed):
        out, printed = opened
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        assert str(out) in printed
        found = arms(opened)
        assert len(found) == 4 * SLOTS
        assert set(found.values()) == {"placebo", "low", "high"}
        for arm in ("placebo", "low", "high"):
            assert not re.search(rf"\b{arm}\b", printed)

    def test_two_recipients_are_a_quorum_too(self, sealed, people, opened, tmp_path):
        out = tmp_path / "o.json"
        code, _ = run("open", sealed[0], "--quorum", people["Li"], "--quorum", people["Wang"], "--out", out)
        assert (code, out.read_bytes()) == (0, opened[0].read_bytes())

    @pytest.mark.parametrize(
        "who", [["QA"], ["QA", "QA"], ["QA", "Li"], ["Li"], ["Li", "Li"], ["Zhao", "New"]], ids=str
    )
    def test_less_is_no_quorum(self, sealed, people, tmp_path, who):
        quorum = [part for name in who for part in ("--quorum", people[name])]
        code, printed = run("open", sealed[0], *quorum, "--out", tmp_path / "o.json")
        assert code == 1
        assert "envelopes.E054" in printed or "envelopes.E042" in printed
        assert not (tmp_path / "o.json").exists()

    def test_a_single_altered_slot_is_named(self, copy, people):
        altered = json.loads((copy / "web-host" / "sealed-list.json").read_bytes())
        one, other = altered["slots"][4], altered["slots"][5]
        one["ciphertext"] = other["ciphertext"]
        for path in copy.rglob("sealed-list.json"):
            path.write_text(json.dumps(altered))
        code, printed = run("open", copy, "--quorum", people["QA"], "--quorum", people["GCP"])
        assert code == 1
        assert f"{one['label']}: error envelopes.E012" in printed
        assert not (copy / "opened-list.json").exists()

    def test_another_commitment_is_refused(self, copy, people, tmp_path):
        """Published of another list: the same text with another root."""
        published = (copy / "publish" / "commitment.txt").read_text("utf-8")
        root = re.search(r"(?m)^commitment +([0-9a-f]{64})$", published)[1]
        (tmp_path / "published.txt").write_text(published.replace(root, root[::-1]), "utf-8")
        quorum = ("--quorum", people["QA"], "--quorum", people["GCP"])
        code, printed = run("open", copy, *quorum, "--commitment", tmp_path / "published.txt")
        assert (code, "envelopes.E055" in printed) == (1, True)
        (copy / "publish" / "commitment.txt").write_text("commitment   " + "0" * 64)
        assert "envelopes.E055" in run("open", copy, *quorum)[1]

    def test_a_file_that_lacks_or_has_another_copy_is_said(self, copy, people):
        quorum = ("--quorum", people["QA"], "--quorum", people["GCP"])
        (copy / "sites" / "11" / "sealed-list.json").write_bytes(b"{}")
        assert "envelopes.E056" in run("open", copy, *quorum)[1]
        (copy / "sites" / "11" / "sealed-list.json").unlink()
        (copy / "allocator" / "second-locks.json").unlink()
        assert "envelopes.E056" in run("open", copy, *quorum)[1]

    def test_the_list_is_not_opened_over_another_file(self, sealed, people, opened):
        quorum = ("--quorum", people["QA"], "--quorum", people["GCP"])
        assert "envelopes.E051" in run("open", sealed[0], *quorum, "--out", opened[0])[1]


# --- One envelope -------------------------------------------------------------------------------------------------


def opening(listed, key, label, share):
    return run("envelope", "open", "--list", listed, "--key", key, "--label", label, "--share", share)


def breaking(listed, card, release):
    return run("code-break", "--list", listed, "--card", card, "--release", release)


class TestEnvelope:
    def test_a_pharmacist_opens_an_assigned_envelope_without_a_server(self, sealed, people, opened):
        folder, _ = sealed
        label = locks(folder)[7].label
        share = on_call(folder, label, "open")[1]
        code, printed = opening(folder / "web-host" / "sealed-list.json", people["Li"], label, share)
        assert code == 0
        assert re.search(rf"arm · 组别  {arms(opened)[label]}: .* · .*组", printed)
        assert "product · 药品" in printed
        assert printed.count("Shown once") == 1

    def test_another_slot_s_second_lock_opens_nothing(self, sealed, people):
        folder, _ = sealed
        one, other = locks(folder)[:2]
        share = on_call(folder, other.label, "open")[1]
        listed = folder / "web-host" / "sealed-list.json"
        code, printed = opening(listed, people["Li"], one.label, share)
        assert (code, f"{one.label}: error envelopes.E012" in printed) == (1, True)
        assert "envelopes.E019" in opening(listed, people["Li"], "ZZZZZZZZ", share)[1]

    def test_a_code_is_broken_at_three_in_the_morning_with_the_server_down(self, sealed, opened, tmp_path):
        """The drill: the site's bundle and card, the operator on call with the second locks, and a telephone."""
        folder, _ = sealed
        shutil.copytree(folder / "sites" / "11", tmp_path / "site")
        lock = next(lock for lock in locks(folder) if "site=11" in lock.stratum)
        code, said = on_call(folder, lock.label.lower(), "break")
        assert code == 0
        card = card_of(tmp_path / "site", lock.label)
        listed = tmp_path / "site" / "sealed-list.json"
        code, printed = run("code-break", "--list", listed, answers=f"{card}\n{said}")
        assert code == 0
        assert f"{lock.label[:4]}-{lock.label[4:]}" in printed
        assert f"arm · 组别  {arms(opened)[lock.label]}:" in printed

    def test_a_slip_of_the_pen_and_exchanged_codes_are_said(self, sealed):
        listed = sealed[0] / "web-host" / "sealed-list.json"
        card, release = write_code(Code.CARD, bytes(16)), write_code(Code.RELEASE, bytes(16))
        wrong = card.replace("0", "2", 1)
        for codes, identity in (
            ((wrong, release), "E033"),
            ((wrong.replace("0", "3", 1), release), "E031"),
            ((release, card), "E032"),
            (("x", release), "E030"),
            ((card, release), "E018"),
        ):
            code, printed = breaking(listed, *codes)
            assert (code, f"envelopes.{identity}" in printed) == (1, True)
        assert "envelopes.E022" in breaking(sealed[0] / "transcript.txt", card, release)[1]

    def test_without_a_protocol_the_arm_is_said_all_the_same(self, sealed, people, opened, tmp_path):
        folder, _ = sealed
        label = locks(folder)[0].label
        share = on_call(folder, label, "open")[1]
        shutil.copy(folder / "web-host" / "sealed-list.json", tmp_path)
        _, printed = opening(tmp_path / "sealed-list.json", people["Wang"], label, share)
        assert f"arm · 组别  {arms(opened)[label]}\n" in printed
        assert "envelopes.E019" in on_call(folder, "x", "break")[1]


def card_of(bundle, label):
    """The code on a card, as eyes find it on the paper."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not here: the card cannot be read")
    import subprocess

    boxes = subprocess.run(
        ["pdftotext", "-bbox", bundle / "code-break-cards.pdf", "-"], capture_output=True, check=True
    ).stdout.decode()
    for page in boxes.split("<page ")[1:]:
        words = [
            (float(x), float(y), word)
            for x, y, word in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]+)<', page)
        ]
        here = [y for _, y, word in words if word == f"{label[:4]}-{label[4:]}"]
        if here:
            groups = sorted(
                (y, x, w) for x, y, w in words if re.fullmatch(r"[0-9A-Z]{5}", w) and -70 < y - here[0] < 40
            )
            return "".join(w for _, _, w in groups)
    raise AssertionError(f"there is no card {label}")


# --- Losses -------------------------------------------------------------------------------------------------------


class TestLosses:
    def test_a_holder_checks_the_share(self, sealed, people, copy):
        share = sealed[0] / "escrow" / "share-1.json"
        code, printed = run("escrow", "check", share, "--key", people["QA"])
        assert (code, "share 1" in printed, "genuine" in printed) == (0, True, True)
        fingerprint = re.search(r"(\w{4}-){4}\w{4}", printed)[0]
        assert f"{fingerprint}  escrow" in (sealed[0] / "transcript.txt").read_text("utf-8")
        assert "envelopes.E040" in run("escrow", "check", share, "--key", people["GCP"])[1]
        bent = json.loads(share.read_bytes()) | {"index": 2}
        (copy / "escrow" / "share-1.json").write_text(json.dumps(bent))
        assert "envelopes.E041" in run("escrow", "check", copy / "escrow" / "share-1.json", "--key", people["QA"])[1]

    def test_one_share_is_lost(self, sealed, people, copy, tmp_path, opened):
        (copy / "escrow" / "share-3.json").unlink()
        holders = [part for name in ("QA", "GCP", "New") for part in ("--holder", f"{people[name]}.pub")]
        quorum = ("--quorum", people["QA"], "--quorum", people["GCP"])
        code, printed = run("escrow", "split-again", copy, *quorum, *holders, "--out", tmp_path / "new")
        assert code == 0, printed
        old = (copy / "escrow" / "share-2.json").read_bytes()
        shutil.rmtree(copy / "escrow")
        shutil.copytree(tmp_path / "new" / "escrow", copy / "escrow")
        out = tmp_path / "o.json"
        code, printed = run("open", copy, "--quorum", people["QA"], "--quorum", people["New"], "--out", out)
        assert (code, out.read_bytes()) == (0, opened[0].read_bytes())
        (copy / "escrow" / "share-2.json").write_bytes(old)
        assert "envelopes.E042" in run("open", copy, "--quorum", people["GCP"], "--quorum", people["New"])[1]

    def test_two_shares_are_lost(self, sealed, people, copy, tmp_path, opened):
        for number in (1, 2):
            (copy / "escrow" / f"share-{number}.json").unlink()
        holders = [part for name in ("QA", "GCP", "New") for part in ("--holder", f"{people[name]}.pub")]
        code, printed = run("escrow", "renew", copy, "--key", people["Li"], *holders, "--out", tmp_path / "new")
        assert code == 0, printed
        for place in ("escrow", "web-host", "sites"):
            shutil.rmtree(copy / place)
        shutil.copytree(tmp_path / "new", copy, dirs_exist_ok=True)
        out = tmp_path / "o.json"
        code, printed = run("open", copy, "--quorum", people["GCP"], "--quorum", people["New"], "--out", out)
        assert (code, out.read_bytes()) == (0, opened[0].read_bytes()), printed

    def test_the_allocator_s_store_is_lost(self, sealed, people, copy, tmp_path):
        (copy / "allocator" / "second-locks.json").unlink()
        out = tmp_path / "second-locks.json"
        code, _ = run("escrow", "recover", copy, "--quorum", people["GCP"], "--quorum", people["Stat"], "--out", out)
        assert code == 0
        assert out.read_bytes() == (sealed[0] / "allocator" / "second-locks.json").read_bytes()
        assert stat.S_IMODE(out.stat().st_mode) == 0o600

    def test_a_pharmacist_s_key_is_lost(self, sealed, people, tmp_path, opened):
        folder, out = sealed[0], tmp_path / "sealed-list.json"
        quorum = ("--quorum", people["QA"], "--quorum", people["Stat"])
        code, printed = run(
            "escrow",
            "rewrap",
            folder,
            *quorum,
            "--add",
            f"{people['Zhao']}.pub",
            "--drop",
            "pharmacist/Li",
            "--out",
            out,
        )
        assert (code, "pharmacist/Wang, escrow, pharmacist/Zhao" in printed) == (0, True)
        label = locks(folder)[3].label
        share = on_call(folder, label, "open")[1]
        one = ("envelope", "open", "--list", out, "--label", label, "--share", share, "--key")
        assert f"arm · 组别  {arms(opened)[label]}" in run(*one, people["Zhao"])[1]
        assert "envelopes.E010" in run(*one, people["Li"])[1]

    def test_a_key_may_be_stolen(self, place, sealed, protocol, people, tmp_path, opened):
        file = place / "after-theft.txt"
        lines = ("recipient Wang", "recipient Zhao", "escrow QA", "escrow GCP", "escrow New")
        file.write_text("".join(f"{line}.key.pub\n" for line in lines))
        out = tmp_path / "again"
        asked = (
            "escrow", "seal-again", sealed[0], "--quorum", people["QA"], "--quorum", people["GCP"], "--protocol",
            protocol, "--recipients", file, "--version", "2", "--by", "Chen", "--by", "Xu", "--out", out,
        )  # fmt: skip
        code, printed = run(*asked)
        assert code == 0, printed
        assert published(out) == published(sealed[0])
        assert read_list((out / "web-host" / "sealed-list.json").read_bytes()).version == "2"
        assert {a.share for a in locks(out)}.isdisjoint(b.share for b in locks(sealed[0]))
        where = tmp_path / "o.json"
        assert run("open", out, "--quorum", people["Wang"], "--quorum", people["Zhao"], "--out", where)[0] == 0
        assert arms((where, "")) == arms(opened)
        assert "envelopes.E054" in run("open", out, "--quorum", people["Li"], "--quorum", people["Stat"])[1]

    def test_a_list_is_not_sealed_again_under_another_commitment(self, copy, protocol, people, recipients, tmp_path):
        (copy / "publish" / "commitment.txt").write_text("0" * 64)
        code, printed = run(
            "escrow", "seal-again", copy, "--quorum", people["QA"], "--quorum", people["GCP"], "--protocol", protocol,
            "--recipients", recipients, "--version", "2", "--by", "Chen", "--out", tmp_path / "x",
        )  # fmt: skip
        assert (code, "envelopes.E055" in printed) == (1, True)


@pytest.mark.parametrize("name", ["envelope", "escrow", "keys", "open", "seal"])
def test_the_commands_are_listed(name):
    assert name in COMMANDS
