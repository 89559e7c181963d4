"""A name that cannot say everything is followed by a sentence that does."""

import ast
from collections.abc import Iterator

from tests.house.house_sources import TOP_FLOOR, Function, Module, listing, modules


def below_the_top_floor() -> list[Module]:
    return [module for module in modules() if module.room not in TOP_FLOOR]


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """The public functions and classes of a body, and of its public classes."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{prefix}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{node.name}.")


def test_every_module_says_what_it_is():
    empty = [m.name for m in modules() if not ast.get_docstring(m.tree) and not m.migration]
    assert not empty, f"no docstring:{listing(empty)}"


def test_every_migration_says_what_it_is():
    empty = [m.name for m in modules() if m.migration and m.text and not ast.get_docstring(m.tree)]
    assert not empty, f"no docstring:{listing(empty)}"


def test_every_public_name_below_the_top_floor_has_a_sentence():
    without = [
        f"{module.name}:{node.lineno} {name}"
        for module in below_the_top_floor()
        for name, node in public(module.tree.body)
        if not _declared(node) and not _sentence(node)
    ]
    assert not without, f"no docstring that is a sentence:{listing(without)}"


def _declared(node: Function | ast.ClassDef) -> bool:
    """Whether this only declares the shape of something: its body is `...`."""
    return isinstance(node.body[-1], ast.Expr) and getattr(node.body[-1].value, "value", None) is Ellipsis


def _sentence(node: Function | ast.ClassDef) -> bool:
    """Whether the docstring begins with a sentence."""
    return (ast.get_docstring(node) or "").split("\n\n")[0].endswith((".", ":"))
