"""Error-spending functions and boundary shapes: how a trial with several looks divides its error among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, expm1, isfinite, log, sqrt
from typing import Final

from scipy import special

# What the parameter of a rule may be; None where it takes none.
_PARAMETERS: Final[dict[str, tuple[float, float] | None]] = {
    "obrien_fleming": None,
    "pocock": None,
    "wang_tsiatis": (-1.0, 1.0),
    "lan_demets_of": None,
    "lan_demets_pocock": None,
    "hwang_shih_decani": (-40.0, 40.0),
    "kim_demets_power": (1e-3, 100.0),
}
_SHAPES: Final = {"obrien_fleming": 0.0, "pocock": 0.5}


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """How error is divided among the looks: a classical shape of the boundary, or a spending function.

    Shapes: "obrien_fleming", "pocock", and "wang_tsiatis" with its power in [−1, 1] (0 and ½ are the first two).
    Spending functions: "lan_demets_of", "lan_demets_pocock" (Lan & DeMets 1983), "hwang_shih_decani" with its gamma
    (Hwang, Shih & DeCani 1990) and "kim_demets_power" with its exponent (Kim & DeMets 1987).
    """

    name: str
    parameter: float | None = None

    def __post_init__(self) -> None:
        if self.name not in _PARAMETERS:
            raise ValueError(f"{self.name!r} is not one of {', '.join(_PARAMETERS)}")
        allowed = _PARAMETERS[self.name]
        if (allowed is None) != (self.parameter is None):
            raise ValueError(f"{self.name} takes {'no' if allowed is None else 'one'} parameter")
        if allowed is not None and self.parameter is not None and not allowed[0] <= self.parameter <= allowed[1]:
            raise ValueError(f"the parameter of {self.name} lies in {allowed}, not at {self.parameter}")

    @property
    def shape(self) -> float | None:
        """The power Δ of a boundary c × fraction^(Δ − ½); None for a spending function."""
        return self.parameter if self.name == "wang_tsiatis" else _SHAPES.get(self.name)

    def spent(self, fraction: float, error: float) -> float:
        """The error spent when this fraction of the information is in, out of all error of one side.

        The function belongs to a spending rule; a shape has none and raises ValueError.
        """
        if not 0.0 <= fraction <= 1.0:
            raise ValueError(f"a fraction of the information lies between 0 and 1, not {fraction}")
        if fraction == 0.0:
            return 0.0
        if self.name == "lan_demets_of":
            return float(2.0 * special.ndtr(special.ndtri(0.5 * error) / sqrt(fraction)))
        if self.name == "lan_demets_pocock":
            return error * log(1.0 + (exp(1.0) - 1.0) * fraction)
        if self.name == "hwang_shih_decani":
            gamma = self.parameter or 0.0
            return error * (expm1(-gamma * fraction) / expm1(-gamma) if gamma else fraction)
        if self.name == "kim_demets_power":
            return error * float(fraction ** (self.parameter or 1.0))
        raise ValueError(f"{self.name} is a shape and spends nothing by itself")


def spent_at(rule: StoppingRule, fractions: Sequence[float], error: float) -> tuple[float, ...]:
    """The cumulative error spent at each fraction; at the last look everything that is left."""
    return (*(min(error, rule.spent(fraction, error)) for fraction in fractions[:-1]), error)


def check_fractions(fractions: Sequence[float], *, least: float = 1e-4) -> None:
    """Refuse looks that do not rise to 1, or that add less than `least` of what is known by then."""
    if not fractions or fractions[-1] != 1.0:
        raise ValueError("the information fractions end at 1")
    if not all(isfinite(fraction) and fraction > 0.0 for fraction in fractions):
        raise ValueError("information fractions are positive numbers")
    for before, now in zip((0.0, *fractions), fractions, strict=False):
        if now - before < least * now:
            raise ValueError(f"the look at {now} adds too little to the one at {before}")
