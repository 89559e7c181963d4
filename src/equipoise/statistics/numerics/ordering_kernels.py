"""The order of tied times, made the same on every machine."""

import numpy as np

from equipoise.statistics.numerics.compiled import compiled
from equipoise.statistics.result import Floats, Integers


@compiled
def restore_ties(ascending: Floats, order: Integers) -> None:
    """Put rows of equal time back into the order in which they came: the fastest sorts do not keep it."""
    n, i = order.size, 0
    while i < n:
        j = i + 1
        while j < n and ascending[j] == ascending[i]:
            j += 1
        if j - i > 1:
            order[i:j] = np.sort(order[i:j])
        i = j
