"""Every import goes down the stairs: the contracts of pyproject.toml hold."""

import subprocess
import sys
import tomllib

from tests.house.house_sources import PACKAGE, ROOT


def test_the_contracts_hold():
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    linted = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True)
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert "0 broken" in linted.stdout


def test_every_room_stands_on_a_floor():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    floors = next(contract for contract in contracts if contract["type"] == "layers")
    placed = {room.strip() for layer in floors["layers"] for room in layer.split("|")}
    assert placed == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert floors["exhaustive"]
    assert (floors["layers"][0], floors["layers"][-1]) == ("cli", "items")
    kinds = [contract["type"] for contract in contracts]
    assert {"layers", "forbidden", "protected", "acyclic_siblings"} <= set(kinds)
