"""What we stand on: each dependency has its reason, and is pinned with hashes and no address."""

import re
import tomllib

import pytest

from tests.house.house_sources import ROOT, listing

PROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PARSED = tomllib.loads(PROJECT)


def declared() -> list[str]:
    """Every requirement in pyproject.toml, as written."""
    extras = PARSED["project"]["optional-dependencies"].values()
    groups = PARSED["dependency-groups"].values()
    return [each for part in (PARSED["project"]["dependencies"], *extras, *groups) for each in part]


def plain(requirement: str) -> str:
    """The name of a requirement as an index writes it."""
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", requirement)[0]).lower()


def pinned() -> dict[str, str]:
    """The locked packages and what stands under each."""
    entries = re.split(r"(?m)^(?=[A-Za-z0-9])", LOCK)
    return {plain(entry): entry for entry in entries if entry.strip()}


@pytest.mark.parametrize("requirement", sorted(set(declared())))
def test_every_dependency_says_why_it_is_there(requirement):
    """A comment stands above it, or above the group it begins or continues."""
    before = PROJECT[: PROJECT.index(f'"{requirement}"')].splitlines()
    above = [line.strip() for line in before[:-1]]
    while above and above[-1].startswith('"'):
        above.pop()
    grouped = requirement in PARSED["dependency-groups"]["dev"]
    assert above[-1].startswith("#"), requirement
    assert grouped or not before[-2].strip().startswith('"'), f"{requirement} shares a comment with its neighbour"


def test_every_dependency_is_pinned():
    """Except the engine of a cluster, which the machines of the cluster must have in one version of their own."""
    cluster = {plain(requirement) for requirement in PARSED["project"]["optional-dependencies"]["cluster"]}
    missing = {plain(requirement) for requirement in declared()} - pinned().keys() - cluster
    assert not missing, f"run `make lock`: {sorted(missing)}"


def test_every_pin_is_exact_and_has_its_hashes():
    loose = [
        name
        for name, entry in pinned().items()
        if not re.fullmatch(r"\S+==[^\s;]+( ; [^\\\n]+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+", entry)
    ]
    assert not loose, listing(loose)


def test_no_address_is_recorded():
    for name in ("requirements.lock", "pyproject.toml", "Makefile"):
        assert "://" not in (ROOT / name).read_text("utf-8"), name
    assert "index-url" not in LOCK
    assert "find-links" not in LOCK
