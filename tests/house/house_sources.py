"""The source of the house as its tests read it: every module once, as text and as a syntax tree."""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "equipoise"
TOP_FLOOR = ("ledger", "allocator", "desk", "accounts", "web", "cli")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of the package."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Its place in the repository."""
        return str(self.path.relative_to(ROOT))

    @property
    def room(self) -> str:
        """The room it belongs to; nothing for the package's own file."""
        return self.path.relative_to(PACKAGE).parts[0] if self.path.parent != PACKAGE else ""

    @property
    def migration(self) -> bool:
        """Whether Django's migrations live here, which are written once and never edited."""
        return self.path.parent.name == "migrations"


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package, in the order of the alphabet."""
    paths = sorted(path for path in PACKAGE.rglob("*.py"))
    return tuple(Module(path, text, ast.parse(text)) for path in paths for text in [path.read_text("utf-8")])


def functions(module: Module) -> list[Function]:
    """Every function and method of a module."""
    return [node for node in ast.walk(module.tree) if isinstance(node, Function)]


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the repository: tracked, or new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(sorted(path for name in listed.split("\0") if name and (path := ROOT / name).is_file()))


def listing(offenders: list[str]) -> str:
    """A message that names every offender on a line of its own."""
    return "\n  ".join(["", *offenders])
