"""The pages of docs/reference/instruments, read as tables that can be run: one row is one patient.

A table is run when a comment stands before it:

    <!-- examples variant=selena rest=absent -->
    | `rash` | `arthritis` | → `total` | Why |

A cell in backticks in the header is an input, a setting (`set:name`) or `variant`; after an arrow it is a result, or
`unknown` (the inputs that are lacking), `lower`, `upper`, `fired` (what contributed) or `problem`. A header without
backticks is for the reader. An empty cell is a question nobody answered. In the comment, `rest=absent` answers every
other state with absent, every other yes/no with no and every other choice with its first code; `name=value` fixes one
answer; `of=instrument` runs another instrument than the page's. A number after ≈ is compared as printed.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from equipoise import instruments

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "instruments"
_EXAMPLES = re.compile(r"<!-- examples ?(.*?) ?-->\n((?:\|.*\n)+)")


@dataclass(frozen=True)
class Example:
    """One row of a table: what is known of a patient and what must come out."""

    page: str
    instrument: str
    fixed: dict[str, str]
    given: dict[str, str]
    expected: dict[str, str]

    def __str__(self):
        return f"{self.page}: {' '.join(self.given.values())} -> {' '.join(self.expected.values())}"


def examples(path):
    for options, table in _EXAMPLES.findall(path.read_text("utf-8")):
        fixed = dict(option.split("=", 1) for option in options.split())
        header, _, *rows = (cells(line) for line in table.splitlines())
        for row in rows:
            named = dict(zip(header, row, strict=True))
            yield Example(
                page=path.stem,
                instrument=fixed.get("of", path.stem),
                fixed={name: text for name, text in fixed.items() if name != "of"},
                given={name(head): text for head, text in named.items() if head.startswith("`")},
                expected={name(head): text for head, text in named.items() if head.startswith("→")},
            )


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def name(head):
    return re.search("`([^`]+)`", head)[1]


def run(example):
    """What the instrument says, in the words of the table."""
    instrument = instruments.get(example.instrument)
    written = {**example.fixed, **{key: text for key, text in example.given.items() if text}}
    rest = written.pop("rest", "")
    variant = written.pop("variant", "")
    settings = {key[4:]: text for key, text in written.items() if key.startswith("set:")}
    answers = {q.id: absent(q) for q in instrument.inputs if rest == "absent" and q.id not in example.given}
    answers |= {key: answer(text) for key, text in written.items() if not key.startswith("set:")}
    result = instrument.score(
        {key: value for key, value in answers.items() if value is not None}, variant=variant, settings=settings
    )
    also = {
        "unknown": ", ".join(result.unknown), "lower": result.lower, "upper": result.upper,
        "fired": ", ".join(key for key, part in result.contributions.items() if part),
        "problem": ", ".join(problem.where.split(" / ")[-1] for problem in result.problems),
    }  # fmt: skip
    return {key: said(result.results[key] if key in result.results else also[key], text)
            for key, text in example.expected.items()}  # fmt: skip


def absent(question):
    match question.type:
        case "state":
            return "absent"
        case "yes_no":
            return False
        case "choice":
            return question.codes[0]
    return None


def answer(text):
    if text in ("yes", "no"):
        return text == "yes"
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def said(value, expected):
    """A result in the words of a table; a number to as many places as the table prints after ≈."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "unknown"
    if isinstance(value, Decimal | int) and expected.startswith("≈"):
        places = Decimal(expected.lstrip("≈ "))
        return f"≈ {Decimal(value).quantize(places, ROUND_HALF_UP)}"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
