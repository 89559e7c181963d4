"""What arrives at a server is what was published, or nothing of it is kept; each half is checked alone."""

import json
import re

import pytest

from equipoise.envelopes import (
    COMMITMENT,
    SEALED_LIST,
    SECOND_LOCKS,
    hold,
    new_key,
    read_list,
    read_locks,
    receive_list,
    receive_locks,
    rewrap,
    write_list,
    write_locks,
)
from equipoise.items import Problem
from equipoise.randomisation import operating_system, seeded

PLAN = {"site=1": ("drug", "placebo"), "site=2": ("placebo", "drug")}
PROTOCOL = "ab" * 32
PHARMACISTS = [new_key("pharmacist", seeded(b"p", name), demo=True, holder=name) for name in ("A", "B")]
HOLDERS = [new_key("holder", seeded(b"h", name), demo=True, holder=name) for name in ("A", "B", "C")]


def files(*, study="trial", seed=b"arrival", protocol=PROTOCOL, demo=True, keys=(PHARMACISTS, HOLDERS)):
    recipients, holders = ([key.public for key in each] for each in keys)
    held = hold(study, PLAN, recipients, holders, seeded(seed), protocol=protocol, demo=demo)
    where = {"list": f"web-host/{SEALED_LIST}", "locks": f"allocator/{SECOND_LOCKS}", "text": f"publish/{COMMITMENT}"}
    return {name: held.files[path] for name, path in where.items()}


CEREMONY, OTHER = files(), files(seed=b"another")
TEXT = CEREMONY["text"].decode()


def listed(file=CEREMONY["list"], published=TEXT, study="trial", protocol=PROTOCOL, demo=True):
    return receive_list(file, published, study=study, protocol=protocol, demo=demo)


def locked(file=CEREMONY["locks"], published=TEXT, study="trial", protocol=PROTOCOL):
    return receive_locks(file, published, study=study, protocol=protocol)


def test_what_was_published_arrives():
    assert listed() == read_list(CEREMONY["list"])
    assert locked() == read_locks(CEREMONY["locks"])[1]


def test_line_ends_of_a_register_do_not_matter():
    assert listed(published=TEXT.replace("\n", "\r\n")) == read_list(CEREMONY["list"])


def altered_list():
    read = json.loads(CEREMONY["list"])
    read["slots"][0]["label"], read["slots"][1]["label"] = read["slots"][1]["label"], read["slots"][0]["label"]
    return json.dumps(read).encode()


def wrapped_anew():
    """A list with another recipient has the published commitment, and is not the file that was published."""
    stranger = new_key("pharmacist", seeded(b"stranger"), demo=True, holder="X")
    again = rewrap(read_list(CEREMONY["list"]), PHARMACISTS[0], seeded(b"again"), add=[stranger.public])
    return write_list(again)


def altered_locks():
    """Two participants' places exchanged: whoever is next would get the other envelope."""
    study, locks = read_locks(CEREMONY["locks"])
    return write_locks(study, [*locks[1:], locks[0]])


@pytest.mark.parametrize(
    ("given", "identity"),
    [
        ({"file": b"{}"}, "E022"),
        ({"study": "another"}, "E073"),
        ({"published": OTHER["text"].decode()}, "E055"),
        ({"published": ""}, "E055"),
        ({"protocol": "cd" * 32}, "E070"),
        ({"published": re.sub("protocol .*", "protocol     sha256 not named", TEXT)}, "E070"),
        ({"file": altered_list()}, "E071"),
        ({"file": wrapped_anew()}, "E071"),
        ({"demo": False}, "E074"),
    ],
    ids=str,
)
def test_a_list_that_is_not_what_was_published_is_refused(given, identity):
    found = listed(**given)
    assert isinstance(found, Problem)
    assert found.id == f"envelopes.{identity}"


@pytest.mark.parametrize(
    ("given", "identity"),
    [
        ({"file": CEREMONY["list"]}, "E022"),
        ({"study": "another"}, "E073"),
        ({"protocol": "cd" * 32}, "E070"),
        ({"file": OTHER["locks"]}, "E072"),
        ({"file": altered_locks()}, "E072"),
        ({"published": OTHER["text"].decode()}, "E072"),
        ({"published": ""}, "E070"),
    ],
    ids=str,
)
def test_second_locks_that_are_not_what_was_published_are_refused(given, identity):
    found = locked(**given)
    assert isinstance(found, Problem)
    assert found.id == f"envelopes.{identity}"


def test_a_list_under_keys_of_its_own_is_kept_outside_a_demonstration():
    keys = [[new_key(key.role, operating_system, holder=key.holder) for key in each] for each in (PHARMACISTS, HOLDERS)]
    real = files(demo=False, keys=keys)
    assert listed(real["list"], real["text"].decode(), demo=False) == read_list(real["list"])


def test_the_published_text_tells_nothing_of_the_arms_and_has_one_size():
    swapped = {"drug": "placebo", "placebo": "drug"}
    plan = {stratum: tuple(swapped[arm] for arm in arms) for stratum, arms in PLAN.items()}
    recipients, holders = [key.public for key in PHARMACISTS], [key.public for key in HOLDERS]
    twin = hold("trial", plan, recipients, holders, seeded(b"arrival"), protocol=PROTOCOL, demo=True)
    other = twin.files[f"publish/{COMMITMENT}"].decode()
    assert len(other) == len(TEXT)
    line = re.compile(r"(?m)^second locks .*$")
    assert line.search(other)[0] == line.search(TEXT)[0]
