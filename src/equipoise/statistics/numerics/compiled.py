"""How a kernel is compiled: without the interpreter's lock, cached on disk where a disk may be written."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function as machine code, cached beside its module or else in the user's cache.

    numba looks for a writable cache when it decorates, and raises RuntimeError if it finds none (a read-only
    installation without a home). The kernel then works all the same; it is compiled once per process. Division follows
    IEEE 754, and no `fastmath`: the same input gives the same bytes.
    """
    try:
        return cast(F, njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        return cast(F, njit(nogil=True, error_model="numpy")(function))
