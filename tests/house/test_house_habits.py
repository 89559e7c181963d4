"""The habits of the repository: two commands, one fragment for each change, decisions that say why."""

import re
import subprocess

from tests.house.house_sources import ROOT, listing

KINDS = ("added", "changed", "fixed", "removed", "security")


def test_the_two_commands_of_the_readme_are_there():
    readme, makefile = ((ROOT / name).read_text("utf-8") for name in ("README.md", "Makefile"))
    for command in ("demo", "test"):
        assert f"make {command}" in readme
        assert re.search(rf"(?m)^{command}:", makefile), command


def test_what_guards_main_runs_what_a_person_runs():
    guard = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "make --no-print-directory test" in guard
    assert "set -euo pipefail" in guard
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"]).returncode == 0


def test_the_preparation_is_plain_shell():
    assert subprocess.run(["sh", "-n", ROOT / "tests" / "prepare.sh"]).returncode == 0


def test_every_change_has_a_fragment_of_its_own():
    fragments = sorted(path.name for path in (ROOT / "changes").iterdir())
    wrong = [name for name in fragments if not re.fullmatch(rf"\d{{4}}\.({'|'.join(KINDS)})\.md", name)]
    assert fragments, "a change is told in changes/NNNN.kind.md"
    assert not wrong, f"not NNNN.kind.md with one of {KINDS}:{listing(wrong)}"
    assert all((ROOT / "changes" / name).read_text("utf-8").strip().endswith(".") for name in fragments)


def test_every_folder_of_tests_has_its_promise():
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split("## Tests by promise")[1]
    promised = {name for row in re.findall(r"(?m)^\| ([^|]+) \|", table) for name in re.findall(r"`(\w+)/`", row)}
    there = {path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").rglob("test_*.py")}
    assert there <= promised, sorted(there - promised)


def test_every_decision_has_three_parts_and_fits_on_a_page():
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        text = path.read_text("utf-8")
        assert re.findall(r"(?m)^## (.+)$", text) == ["Context", "Decision", "Consequences"], path.name
        assert re.match(rf"# {int(path.name[:4])}\. \S", text), path.name
        assert len(text.split()) <= 400, f"{path.name} is longer than a page"
