"""Philox4x32-10: random words as a pure function of a key and a counter.

Source: Salmon, Moraes, Dror & Shaw 2011, doi:10.1145/2063384.2063405.

The counter is (participant, purpose, trial, trial): any number of any trial can be had alone, in any order, by anybody.
Words of 32 bits are kept in lanes of 64, so that the processor multiplies several counters at once.
"""

from typing import Any, Final

import numpy as np

from equipoise.simulation.design.compiling import compiled

M0: Final = np.uint64(0xD2511F53)
M1: Final = np.uint64(0xCD9E8D57)
W0: Final = np.uint64(0x9E3779B9)
W1: Final = np.uint64(0xBB67AE85)
LOW: Final = np.uint64(0xFFFFFFFF)
HALF: Final = np.uint64(32)

# What numbers are drawn for. Another purpose is another stream: a draw added to one shifts nothing in another.
# They are of one type, not numbers that numba takes for types of their own: what draws is compiled once.
CORE: Final = np.int64(0)  # onset of the first event, leaving, allocation
ENTRY: Final = np.int64(1 << 16)
CHARACTER: Final = np.int64(2 << 16)  # treatment stop, dose at baseline, death, medication not permitted; frailty
EVENTS: Final = np.int64(3 << 16)
VISITS: Final = np.int64(4 << 16)
SITES: Final = np.int64(5 << 16)
LISTS: Final = np.int64(6 << 16)  # other lists of the scheme, four in a block
WEIGHT: Final = np.int64(7 << 16)
COVARIATES: Final = np.int64(8 << 16)


@compiled
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Four words of 32 bits for a counter of four and a key of two."""
    for _ in range(10):
        a, b = M0 * c0, M1 * c2
        c0, c1, c2, c3 = (b >> HALF) ^ c1 ^ k0, b & LOW, (a >> HALF) ^ c3 ^ k1, a & LOW
        k0, k1 = (k0 + W0) & LOW, (k1 + W1) & LOW
    return c0, c1, c2, c3


@compiled
def words(participant: int, purpose: Any, trial: int, key: Any) -> Any:
    """The four words of one participant for one purpose."""
    low, high = np.uint64(trial) & LOW, np.uint64(trial) >> HALF
    return philox(np.uint64(participant), np.uint64(purpose), low, high, key[0], key[1])


@compiled
def fill_participants(drawn: Any, purpose: Any, trial: int, key: Any) -> None:
    """The words of every participant for one purpose, 4 × participants."""
    low, high, code = np.uint64(trial) & LOW, np.uint64(trial) >> HALF, np.uint64(purpose)
    for i in range(drawn.shape[1]):
        a, b, c, d = philox(np.uint64(i), code, low, high, key[0], key[1])
        drawn[0, i], drawn[1, i], drawn[2, i], drawn[3, i] = a, b, c, d


@compiled
def fill_blocks(drawn: Any, participant: int, purpose: Any, trial: int, key: Any) -> None:
    """The words of one participant for as many blocks of a purpose, 4 × blocks."""
    low, high, who = np.uint64(trial) & LOW, np.uint64(trial) >> HALF, np.uint64(participant)
    for i in range(drawn.shape[1]):
        a, b, c, d = philox(who, np.uint64(purpose + i), low, high, key[0], key[1])
        drawn[0, i], drawn[1, i], drawn[2, i], drawn[3, i] = a, b, c, d


@compiled
def unit(word: Any) -> float:
    """A number strictly between 0 and 1 from one word, on a grid of 2⁻³²."""
    return (float(word) + 0.5) * 2.0**-32


@compiled
def fine_unit(high: Any, low: Any) -> float:
    """A number strictly between 0 and 1 from two words, on a grid of 2⁻⁵²."""
    return (float((high << np.uint64(20)) | (low >> np.uint64(12))) + 0.5) * 2.0**-52


@compiled
def normal(p: float) -> float:
    """The standard normal quantile of p in (1e-11, 1 − 1e-11) to 1e-15: Wichura's PPND16 (1988, AS 241)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = 2.5090809287301226727e3
        for c in (3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4, 1.3731693765509461125e4,
                  1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0):  # fmt: skip
            top = top * r + c
        foot = 5.2264952788528545610e3
        for c in (2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4, 5.3941960214247511077e3,
                  6.8718700749205790830e2, 4.2313330701600911252e1, 1.0):  # fmt: skip
            foot = foot * r + c
        return q * top / foot
    r = np.sqrt(-np.log(min(p, 1.0 - p))) - 1.6
    top = 7.74545014278341407640e-4
    for c in (2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0, 3.64784832476320460504e0,
              5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0):  # fmt: skip
        top = top * r + c
    foot = 1.05075007164441684324e-9
    for c in (5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
              6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0):  # fmt: skip
        foot = foot * r + c
    return top / foot if q > 0 else -(top / foot)


@compiled
def gamma(shape: float, participant: int, purpose: Any, trial: int, key: Any) -> Any:
    """A gamma variable of mean `shape` and scale 1 (Marsaglia & Tsang 2000); it uses as many blocks as it needs."""
    d = (shape if shape >= 1.0 else shape + 1.0) - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    block = 0
    while True:
        first, second, third, fourth = words(participant, purpose + block, trial, key)
        x = normal(unit(first))
        v = (1.0 + c * x) ** 3
        if v > 0.0 and np.log(fine_unit(second, third)) < 0.5 * x * x + d - d * v + d * np.log(v):
            return d * v if shape >= 1.0 else d * v * unit(fourth) ** (1.0 / shape)
        block += 1
