"""What a laboratory result cannot be in the unit a variant asks for: such a result is in another unit, or misread.

The limits are those an instrument declares as `<variant>_low` and `<variant>_high`; a variant without them accepts all.
"""

from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from equipoise.instruments.columns import UNKNOWN, Column, met
from equipoise.instruments.parts import Threshold


def why_impossible(number: Decimal | None, variant: str, limits: Mapping[str, Threshold]) -> str:
    """Why a result is refused, or nothing."""
    for limit in _range(variant, limits):
        if limit.met(number) is False:
            return f"{number} {limit.unit} is not possible; the result is in another unit, or misread."
    return ""


def possible_only(column: Column, variant: str, limits: Mapping[str, Threshold]) -> Column:
    """The column with its impossible results unknown."""
    for limit in _range(variant, limits):
        column = np.where(met(column, limit)[1], UNKNOWN, column)
    return column


def _range(variant: str, limits: Mapping[str, Threshold]) -> tuple[Threshold, ...]:
    return tuple(limits[name] for name in (f"{variant}_low", f"{variant}_high") if name in limits)
