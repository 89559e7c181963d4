"""Every instrument under its own id with its own names of inputs: for cases written for this product."""

from collections.abc import Callable
from typing import Any, Final

from equipoise.instruments.registry import all_instruments, get
from equipoise.validation.scores.answered import answers_of, score
from equipoise.validation.vector import NotMappedError, Vector


def _own_names(vector: Vector) -> Any:
    """Inputs that the case does not name are not answered. The method is `id` or `id/variant`."""
    instrument, variant = get(vector.method.partition("/")[0]), vector.flavour
    if variant and variant not in instrument.variants:
        raise NotMappedError(f"there is no variant {variant!r}")
    settings = {name: str(value) for name, value in vector.take("settings", {}).items()}
    answers = answers_of(instrument, vector.remaining(), {})
    return score(instrument.id, answers, variant=variant, settings=settings)


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    name: _own_names for one in all_instruments() for name in (one.id, f"{one.id}/*")
}
