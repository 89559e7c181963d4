"""A good protocol, and one slip of the pen for each problem a protocol can have."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import yaml

from equipoise.protocol.schema import Label, Part

PROTOCOLS = Path(__file__).parents[2] / "protocols"
SMALL = (PROTOCOLS / "small.yaml").read_text(encoding="utf-8")


def with_slip(old: str, new: str) -> tuple[str, int]:
    """The small protocol with one passage replaced, and the line where it begins."""
    assert SMALL.count(old) == 1, f"{old!r} stands {SMALL.count(old)} times in small.yaml"
    return SMALL.replace(old, new), SMALL[: SMALL.index(old)].count("\n") + 1


def parts(model: type[Part], path: str, found: dict[type[Part], str]) -> dict[type[Part], str]:
    """Each part of the schema under the first path that leads to it."""
    if model in found:
        return found
    found[model] = "label" if model is Label else path or "protocol"
    for name, field in model.model_fields.items():
        for inner in models_in(field.annotation):
            parts(inner, f"{path}.{name}" if path else name, found)
    return found


def models_in(annotation: object) -> Iterator[type[Part]]:
    """The parts a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for argument in get_args(annotation):
        yield from models_in(argument)


# id, bytes, line
UNREADABLE = [
    ("protocol.E001", b"a: 1\n" * 250_000, 1),
    ("protocol.E002", b"a: 1\nb: \xff\n", 2),
    ("protocol.E002", "a: 1".encode("utf-16"), 1),
    ("protocol.E003", b"a: 1\nb: \0\n", 2),
    ("protocol.E003", b"\xef\xbb\xbfa: 1", 1),
    ("protocol.E003", "a: 1\nb: x\u202ey".encode(), 2),
    ("protocol.E003", b'a: 1\nb: "\\0"\n', 2),
    ("protocol.E003", b'a: 1\n"b\\u200b": 2\n', 2),
    ("protocol.E004", b"a: 1\nb:\t2\n", 2),
    ("protocol.E005", b"a: 1\nb: [1\n", 3),
    ("protocol.E005", b'a: 1\nb: "\\UFFFFFFFF"\n', 2),
    ("protocol.E005", b"a: 1\n  b: 2\n", 2),
    ("protocol.E005", b'a: "\\ud800"', 1),
    ("protocol.E006", b"a: " + b"[" * 200_000, 1),
    ("protocol.E006", b"a:\n" + b"- " * 40, 2),
    ("protocol.E007", b"a: [" + b"1," * 110_000 + b"]", 1),
    ("protocol.E008", b"a: 1\nb: 2\na: 3\n", 3),
    ("protocol.E009", b"a: 1\nb: &x 1\n", 2),
    ("protocol.E009", b"a: 1\nb: *x\n", 2),
    ("protocol.E009", b"a: 1\nb: {<<: 1}\n", 2),
    ("protocol.E009", b"a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", 1),
    ("protocol.E010", b"a: 1\nb: !!python/object:os.system 1\n", 2),
    ("protocol.E010", b"a: 1\nb: ! 1\n", 2),
    ("protocol.E010", b"%TAG ! x:y\n---\na: 1\n", 1),
    ("protocol.E011", b"a: 1\n---\nb: 1\n", 2),
    ("protocol.E012", b"", 1),
    ("protocol.E012", b"\n- a\n", 2),
    ("protocol.E012", b"nothing", 1),
    ("protocol.E013", b"a: 1\n? [b]\n: 1\n", 2),
]

_SLIPS = yaml.load((PROTOCOLS / "slips.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
MISSHAPEN = [
    *_SLIPS["misshapen"],
    ["protocol.E026", "  participants: 40", f"  participants: {'9' * 5000}", "a whole number", "0"],
    ["protocol.E029", "rule: age >= 18}", f"rule: {'a' * 1001}}}", "longer than 1000 characters", "0"],
]
UNSOUND = _SLIPS["unsound"]


def line_of(where: str, text: str, line: int) -> int | None:
    """The line meant by the last word of a slip."""
    if where == "anywhere":
        return None
    return line + int(where) if where.lstrip("-").isdecimal() else text[: text.index(where)].count("\n") + 1
