"""What lies in the repository: text, of a size one reads, that names no machine and no place to download from."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.house_sources import ROOT, files, listing, modules

LARGEST = 1_500_000  # bytes
# Written with brackets so that this file does not match itself.
FOREIGN = {
    "the name of a package registry or its mirror": r"p[y]pi\.o[r]g|p[y]thonhosted|registry\.n[p]mjs|d[e]b\.debian\.org"
    r"|a[r]chive\.ubuntu|c[o]nda\.anaconda|t[u]na\.tsinghua|mirrors\.a[l]iyun|files\.p[y]thon",
    "the path of a machine": r"/w[o]rk/|/f[a]rm/|/h[o]me/[a-z]|/U[s]ers/|/r[o]ot/|/tmp/[b]ash|\.\./s[h]ared"
    r"|[A-Z]:\\U[s]ers",
}


def lines(path: Path) -> Iterator[tuple[int, str]]:
    yield from enumerate(path.read_text("utf-8").splitlines(), start=1)


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_names_what_is_not_ours(what):
    pattern = re.compile(FOREIGN[what])
    found = [f"{path.relative_to(ROOT)}:{n}" for path in files() for n, line in lines(path) if pattern.search(line)]
    assert not found, f"{what} in:{listing(found)}"


def test_the_patterns_find_what_they_are_for():
    samples = {
        "the name of a package registry or its mirror": "https://py" + "pi.org/simple",
        "the path of a machine": "/ho" + "me/somebody/equipoise",
    }
    assert all(re.search(FOREIGN[what], text) for what, text in samples.items())


def test_every_file_is_text():
    binary = [str(path.relative_to(ROOT)) for path in files() if b"\0" in path.read_bytes()]
    assert not binary, f"a zero byte, so not text:{listing(binary)}"


def test_no_file_is_large():
    large = [f"{p.relative_to(ROOT)} has {p.stat().st_size:,} bytes" for p in files() if p.stat().st_size > LARGEST]
    assert not large, f"more than {LARGEST:,} bytes:{listing(large)}"


def test_no_lock_file_with_addresses_is_kept():
    assert not [path for path in files() if path.name == "uv.lock"], "it records download addresses"


def test_nothing_is_left_to_do_in_the_source():
    unfinished = re.compile(r"\bTODO\b|\bFIXME\b|\bXXX\b|NotImplementedError")
    found = [f"{m.name}:{n}" for m in modules() for n, line in lines(m.path) if unfinished.search(line)]
    assert not found, f"not finished:{listing(found)}"
