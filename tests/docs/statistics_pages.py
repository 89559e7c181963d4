"""Pages of methods: sections with fixed parts, and examples that are run as the page prints them.

A section is a heading with one function's name in backticks. Its first line is the call, what it gives and the methods;
then come paragraphs that begin with the words of `PARTS`, and a fenced block of Python with prompts, run by `doctest`.
The blocks of one page are one session, in the repository's folder, so that a page's data stand once at its top.
"""

import ast
import dataclasses
import doctest
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import equipoise.statistics as room
from equipoise.statistics import METHODS

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
INDEX = REFERENCE / "statistics" / "README.md"
TYPES = REFERENCE / "statistics" / "results.md"
PAGES = sorted(REFERENCE.glob("statistics/*.md"))
DIFFERENCES = ROOT / "docs" / "explanation" / "why-our-number-differs.md"
PARTS = ("Assumes", "Not for", "Degenerate", "Numbers")
FUNCTIONS = sorted(name for name in room.__all__ if name.islower())
CLASSES = sorted(name for name in room.__all__ if inspect.isclass(getattr(room, name)))
MANY = 9  # an index row names the first and the last of more methods than this
_BLOCK = re.compile(r"(?ms)^```python\n(.*?)^```$")
_HEADING = re.compile(r"(?m)^### `(\w+)`$")


@dataclass(frozen=True)
class Section:
    """What one page says about one function."""

    page: Path
    name: str
    text: str

    @property
    def call(self) -> str:
        return self.text.strip().split("`")[1]

    @property
    def methods(self) -> list[str]:
        """The methods its first line (or, for the mixed model, its table) names, in order."""
        head, _, rest = self.text.strip().partition("\n\n")
        rows = "\n".join(re.findall(r"(?m)^\|.*\|$", rest))
        return [name for name in dict.fromkeys(re.findall("`([^`]+)`", head + rows)) if name in METHODS]

    def missing(self, parts: Sequence[str]) -> list[str]:
        """The parts without a paragraph of their own."""
        return [part for part in parts if not re.search(rf"(?m)^\*\*{part}\.\*\* \S", self.text)]


def sections(page: Path) -> list[Section]:
    pieces = _HEADING.split(page.read_text("utf-8"))
    bodies = (re.split(r"(?m)^## ", body)[0] for body in pieces[2::2])
    return [Section(page, name, body) for name, body in zip(pieces[1::2], bodies, strict=True)]


def signature(function: Callable[..., object]) -> str:
    """A call as a page writes it: the parameters with their defaults, without types."""
    plain = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in inspect.signature(function).parameters.values()
    ]
    return function.__name__ + str(inspect.Signature(plain)).replace("'", '"')


def class_row(name: str) -> str:
    """The line of a class: the first line of its docstring, its fields, and what it can be asked for."""
    described = getattr(room, name)
    fields = [field.name for field in dataclasses.fields(described)]
    asked = [part for part in vars(described) if not part.startswith("_") and part not in fields]
    cells = (", ".join(f"`{part}`" for part in parts) or "—" for parts in (fields, asked))
    return " | ".join(("", f"`{name}`", described.__doc__.splitlines()[0], *cells, "")).strip()


def public_functions(package: ModuleType) -> set[str]:
    """Every public function that a module of the package defines."""
    return {
        node.name
        for tree in _trees(package)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }


def called_functions(package: ModuleType) -> set[str]:
    """The names that the modules of the package use, other than to pass them on at the door."""
    nodes = [node for tree in _trees(package) for node in ast.walk(tree)]
    return {node.id for node in nodes if isinstance(node, ast.Name)} | {
        node.attr for node in nodes if isinstance(node, ast.Attribute)
    }


def _trees(package: ModuleType) -> list[ast.Module]:
    return [ast.parse(path.read_text("utf-8")) for path in Path(package.__path__[0]).rglob("*.py")]


def only_python(text: str) -> str:
    """The page with everything but its Python emptied, so that line numbers stay those of the page."""
    kept, place = [], 0
    for block in _BLOCK.finditer(text):
        kept += ["\n" * text.count("\n", place, block.start(1)), block[1]]
        place = block.end(1)
    return "".join(kept)


def failures(text: str, name: str) -> tuple[str, int]:
    """What the examples of a page print instead of what they should, and how many there are."""
    test = doctest.DocTestParser().get_doctest(only_python(text), {}, name, name, 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test, out=said.append)
    return "".join(said), len(test.examples)


def index_row(section: Section) -> str:
    """The line of a function in the index: where it stands, its methods, and the papers they come from."""
    methods = section.methods
    shown = [methods[0], "…", methods[-1]] if len(methods) > MANY else methods
    named = ", ".join(f"`{name}`" if name in METHODS else name for name in shown) or "—"
    papers = "; ".join(dict.fromkeys(part for name in methods for part in METHODS[name].source.split("; "))) or "—"
    return f"| [`{section.name}`]({section.page.name}#{section.name}) | {named} | {papers} |"
