"""The tutorial is run from top to bottom in an empty folder, and must answer what it says."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorials" / "first-trial.md"


@dataclass(frozen=True)
class Step:
    """A command as it is typed, and what the page says it answers."""

    command: str
    answer: str


def steps(text):
    """The commands of the console blocks, in order."""
    found = []
    for block in re.findall(r"(?ms)^```console\n(.*?)^```$", text):
        for part in re.split(r"(?m)^\$ ", block)[1:]:
            lines = part.splitlines()
            more = next((n for n, line in enumerate(lines[1:], 1) if not re.match(r"> ?", line)), len(lines))
            command = "\n".join([lines[0], *(re.sub(r"^> ?", "", line) for line in lines[1:more])])
            found.append(Step(command, "\n".join(lines[more:])))
    return found


def fits(said, expected):
    """Whether an answer is the expected one, `...` standing for anything, also for several lines."""
    pattern = ".*?".join(re.escape(part) for part in expected.split("..."))
    return re.fullmatch(pattern, said.strip(), re.DOTALL) is not None


def script(commands):
    """One shell for the whole page, so that what is exported stays; each answer ends in a mark with its number."""
    marked = [f"{{ {command}\n}} 2>&1\nprintf '\\n--- %s\\n' {n}" for n, command in enumerate(commands)]
    return "\n".join(marked)


def test_the_tutorial_answers_what_it_says(tmp_path):
    shutil.copytree(ROOT / "trials", tmp_path / "trials")
    page = steps(TUTORIAL.read_text("utf-8"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("EQUIPOISE", "DJANGO"))}
    environment |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "200"}
    ran = subprocess.run(
        ["bash", "-c", script([step.command for step in page])], cwd=tmp_path, env=environment, capture_output=True,
        text=True, stdin=subprocess.DEVNULL, timeout=300,
    )  # fmt: skip
    answers = re.split(r"\n--- \d+\n", ran.stdout)[:-1]
    assert len(answers) == len(page) >= 10, ran.stderr
    for step, said in zip(page, answers, strict=True):
        assert fits(said, step.answer), f"$ {step.command}\n{said}\n--- but the page says\n{step.answer}"


def test_a_wrong_answer_is_seen():
    assert fits("a\nb\nc 1.2 s", "...\nc ... s")
    assert not fits("a\nb\nd 1.2 s", "...\nc ... s")
    assert not fits("more", "")
    assert steps("```console\n$ cat <<E\n> a\n> E\na\n$ ls\n```\n") == [Step("cat <<E\na\nE", "a"), Step("ls", "")]
