"""How the kernels of simulated trials are compiled: without counting who refers to which array.

A plan holds dozens of arrays, and numba would count a reference to each of them wherever a part of the plan is handed
on, which took two thirds of the time. These kernels make no array of their own, so nothing needs to be counted; numba
refuses to compile one that does. As everywhere, no `fastmath`: the same input gives the same bytes.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy", "_nrt": False}


def compiled(function: F) -> F:
    """The function as machine code, cached beside its module or else in the user's cache, where one may be written."""
    try:
        return cast(F, njit(cache=True, **_OPTIONS)(function))
    except RuntimeError:
        return cast(F, njit(**_OPTIONS)(function))


def inlined(function: F) -> F:
    """The function as machine code inside its callers, for what is called once for a participant or a visit."""
    return cast(F, njit(forceinline=True, **_OPTIONS)(function))
