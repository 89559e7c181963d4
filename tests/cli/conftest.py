"""A ceremony at hand: a clean machine, people with keys of their own, and a list they sealed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from equipoise.cli import ceremony, main
from equipoise.envelopes import Effort, new_key, write_private_key, write_public_key
from equipoise.randomisation import operating_system

ROOT = Path(__file__).parents[2]
TABLETS = ROOT / "trials" / "hypertension-tablets"
WORDS = "correct horse battery staple"
QUICK = Effort(1, 8192)  # Argon2id's least: the usual effort is tried once, below
PROMPT = ceremony.click.prompt
SLOTS = 8  # in each of four strata


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A clean machine: an empty folder, and no word of a deployment in the environment."""
    folder = tmp_path_factory.mktemp("ceremony")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("EQUIPOISE"):
                patch.delenv(name)
        patch.chdir(folder)
        patch.setattr(ceremony.click, "prompt", lambda *_, **__: WORDS)
        yield folder


def run(*arguments, answers=""):
    """What a command prints and how it ends: never in a traceback."""
    done = CliRunner().invoke(main, [str(argument) for argument in arguments], input=answers)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith(("EQUIPOISE", "DJANGO"))}


def typed(*arguments, program=("-m", "equipoise.cli"), **environment):
    """A command in a process of its own, outside demo mode unless told otherwise: never in a traceback."""
    words = [sys.executable, *map(str, (*program, *arguments))]
    done = subprocess.run(words, env=OUTSIDE | environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def ended(*arguments, **more):
    """How such a command ends, and everything it prints."""
    done = typed(*arguments, **more)
    return done.returncode, done.stdout + done.stderr


def key_file(folder, role, holder, *, demo=False):
    key = new_key(role, operating_system, holder=holder, demo=demo)
    file = folder / f"{holder}.key"
    file.write_bytes(write_private_key(key, WORDS, operating_system, QUICK))
    file.chmod(0o600)
    (folder / f"{holder}.key.pub").write_bytes(write_public_key(key.public))
    return file


@pytest.fixture(scope="module")
def people(place):
    """Two pharmacists, their successor, and three holders of the escrow key, each with a key of their own."""
    pharmacists = {name: key_file(place, "pharmacist", name) for name in ("Li", "Wang", "Zhao")}
    return pharmacists | {name: key_file(place, "holder", name) for name in ("QA", "GCP", "Stat", "New")}


@pytest.fixture(scope="module")
def protocol(place):
    trial = place / "trial"
    trial.mkdir()
    shutil.copy(TABLETS / "protocol.yaml", trial)
    restricted = (TABLETS / "randomisation.restricted.yaml").read_text("utf-8")
    shorter = re.sub(r"slots_per_stratum: \d+", "slots_per_stratum: 4", restricted)
    (trial / "randomisation.restricted.yaml").write_text(shorter, "utf-8")
    return trial / "protocol.yaml"


@pytest.fixture(scope="module")
def recipients(place, people):
    file = place / "recipients.txt"
    file.write_text(
        "# who can open\nrecipient Li.key.pub\nrecipient Wang.key.pub\n\nescrow QA.key.pub\nescrow GCP.key.pub\n"
        "escrow Stat.key.pub  # the independent statistician\n"
    )
    return file


@pytest.fixture(scope="module")
def sealed(place, protocol, recipients):
    out = place / "sealed"
    code, printed = run(
        "seal", protocol, "--recipients", recipients, "--out", out, "--buffer", SLOTS - 4, "--by", "Chen", "--by", "Xu"
    )
    assert code == 0, printed
    return out, printed
