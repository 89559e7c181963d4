"""The reference says what every key means and what every problem asks for; the code raises nothing else."""

import re
from pathlib import Path

from protocol_cases import parts

import equipoise.protocol
from equipoise.protocol.problems import PROBLEMS
from equipoise.protocol.schema import Protocol

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
SOURCE = Path(equipoise.protocol.__file__).parent


def sections(text, level):
    pieces = re.split(rf"(?m)^{'#' * level} (.+)$", text)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def test_every_key_of_the_file_is_explained():
    described = sections((REFERENCE / "protocol-file.md").read_text(encoding="utf-8"), 2)
    for model, path in parts(Protocol, "", {}).items():
        rows = dict(re.findall(r"(?m)^\| `(\w+)`( \*)? \|", described[f"`{path}`"]))
        assert list(rows) == list(model.model_fields), path
        optional = {name for name, mark in rows.items() if mark}
        assert optional == {n for n, f in model.model_fields.items() if not f.is_required()} - {"zh"}, path


def test_every_problem_is_a_heading_with_its_title():
    described = sections((REFERENCE / "problems.md").read_text(encoding="utf-8"), 4)
    mine = {id_: text for id_, text in described.items() if id_.startswith("protocol.")}
    assert set(mine) == set(PROBLEMS)
    for id_, title in PROBLEMS.items():
        assert mine[id_].strip().startswith(f"**{title}.** "), id_


def test_the_code_raises_the_listed_problems_and_no_others():
    source = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.name != "problems.py")
    assert set(re.findall(r"protocol\.[EW]\d{3}", source)) == set(PROBLEMS)
