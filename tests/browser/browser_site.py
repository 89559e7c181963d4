"""A demonstration in a folder of its own, served as a user's would be: `python -m tests.browser.browser_site PORT`."""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command

PASSPHRASE = "correct horse 电池"


def prepare() -> None:
    """Make the databases and a small world in them."""
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("migrate", database="allocator", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from tests.web.web_world import make_demo, make_done

    make_demo("demo").release("01-001", "week_2", "K7M2P9")
    make_done("done")
    make_a_pharmacy(Path(os.environ["EQUIPOISE_HOME"]) / "keys")
    make_kits()


def make_a_pharmacy(keys: Path) -> None:
    """A study whose envelopes open, one order opened long ago, and key files: the pharmacist's at the full effort."""
    from equipoise.envelopes import new_key, write_private_key
    from equipoise.randomisation import seeded
    from tests.web.web_pharmacy import ELSEWHERE, KEYS, key_file, make_pharmacy, opened, recorded

    world = make_pharmacy("pharmacy", participants=5)
    recorded(world, {"kind": "receipt", "day": "2021-04-10", "lines": [
        {"product": "belimumab_vial", "lot": "B7", "expiry": "2099-01-01", "units": 20},
        {"product": "saline", "lot": "S1", "expiry": "2099-01-01", "units": 40},
    ]})  # fmt: skip
    opened(world, "01-001")
    keys.mkdir()
    full = write_private_key(KEYS["pharmacist"], PASSPHRASE, seeded(b"file"))
    stranger = new_key("pharmacist", seeded(b"somebody else's"), demo=True)
    quick = {
        "quick": KEYS["pharmacist"],
        "stranger": stranger,
        "elsewhere": ELSEWHERE,
        "unmasked_monitor": KEYS["unmasked_monitor"],
    }
    files = {"pharmacist": full} | {name: key_file(key, PASSPHRASE) for name, key in quick.items()}
    for name, content in files.items():
        (keys / f"{name}.key").write_bytes(content)


def make_kits() -> None:
    """A study whose treatment is in numbered kits: at site 11, one of them handed out, and on the way to 12."""
    from tests.desk.at_work import KITS_TEXT, done
    from tests.desk.test_desk_kits import CRC, MANAGER, KitStudy

    study = KitStudy(text=KITS_TEXT)
    study.stocked()
    done(study.desk.dispense_kit(study.treated(), "week_0", by=CRC, key=study.key()))
    done(study.desk.resupply("12", depot="central", by=MANAGER, key=study.key()))


def main() -> None:
    """Prepare, then become the server."""
    prepare()
    become_the_server()


def become_the_server() -> None:
    """Serve in place of this process."""
    arguments = [
        "granian", "--interface", "wsgi", "equipoise.web.wsgi:application", "--host", "127.0.0.1",
        "--port", sys.argv[1],
        "--workers", "1", "--blocking-threads", "2", "--no-ws",
    ]  # fmt: skip
    os.execv(sys.executable, [sys.executable, "-m", *arguments])


if __name__ == "__main__":
    main()
