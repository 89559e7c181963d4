"""How the kernels of simulated trials are compiled: without counting who refers to which array.

A plan holds dozens of arrays, and numba would count a reference to each of them wherever a part of the plan is handed
on, which took two thirds of the time. These kernels make no array of their own, so nothing needs to be counted; numba
refuses to compile one that does. As everywhere, no `fastmath`: the same input gives the same bytes.

Compiling took a third longer while every kernel could be called from Python and through a pointer, since taking a plan
apart is long code. Only what Python calls is `compiled`; an `inner` or `inlined` kernel would crash if it did.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}
_WITHIN: Final[dict[str, Any]] = {**_OPTIONS, "no_cpython_wrapper": True}


def compiled(function: F) -> F:
    """The function as machine code, cached beside its module or else in the user's cache, where one may be written."""
    return _cached(function, _OPTIONS)


def inner(function: F) -> F:
    """As `compiled`, for what other kernels call and nobody else."""
    return _cached(function, _WITHIN)


def inlined(function: F) -> F:
    """The function as machine code inside the kernels that call it, once for a participant or a visit."""
    return cast(F, njit(forceinline=True, **_WITHIN)(function))


def _cached(function: F, options: dict[str, Any]) -> F:
    try:
        return cast(F, njit(cache=True, **options)(function))
    except RuntimeError:
        return cast(F, njit(**options)(function))
