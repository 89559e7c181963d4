"""Random words against published vectors, and the numbers made of them against their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from equipoise.simulation.design import philox_kernels as streams
from equipoise.simulation.design.running import key_of

# kat_vectors of Random123 1.14.0 (D. E. Shaw Research), lines "philox4x32 10": counter, key, words.
KNOWN = """
00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8
ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd
243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1
"""
WORD = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("line", KNOWN.split("\n")[1:-1])
def test_the_published_vectors(line):
    numbers = [np.uint64(int(word, 16)) for word in line.split()]
    assert list(streams.philox(*numbers[:6])) == numbers[6:]


def rounds(counter, key):
    """Philox4x32-10 as the paper writes it down, in whole numbers of any size."""
    (c0, c1, c2, c3), (k0, k1), mask = counter, key, 2**32 - 1
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b & mask, (a >> 32) ^ c3 ^ k1, a & mask
        k0, k1 = (k0 + 0x9E3779B9) & mask, (k1 + 0xBB67AE85) & mask
    return c0, c1, c2, c3


@given(st.integers(0, 2**31), WORD, st.integers(0, 2**62), st.integers(0, 2**64 - 1))
def test_words_are_those_of_participant_purpose_trial_and_seed(participant, purpose, trial, seed):
    counter = participant, purpose, trial % 2**32, trial // 2**32
    expected = rounds(counter, (seed % 2**32, seed // 2**32))
    assert tuple(map(int, streams.words(participant, purpose, trial, key_of(seed)))) == expected


def test_filling_is_asking_one_after_another():
    key, many, blocks = key_of(7), np.zeros((4, 5), np.uint64), np.zeros((4, 3), np.uint64)
    streams.fill_participants(many, streams.CORE, 11, key)
    streams.fill_blocks(blocks, 2, streams.VISITS, 11, key)
    assert many.T.tolist() == [list(streams.words(i, streams.CORE, 11, key)) for i in range(5)]
    assert blocks.T.tolist() == [list(streams.words(2, streams.VISITS + i, 11, key)) for i in range(3)]


@given(WORD, WORD)
def test_units_lie_strictly_between_nought_and_one(high, low):
    for found in (streams.unit(np.uint64(high)), streams.fine_unit(np.uint64(high), np.uint64(low))):
        assert 0.0 < found < 1.0
    assert abs(streams.unit(np.uint64(high)) - high / 2**32) < 2**-32


@given(st.floats(1e-11, 1 - 1e-11))
def test_the_normal_quantile_is_scipys(p):
    assert streams.normal(p) == pytest.approx(ndtri(p), rel=1e-13, abs=1e-14)


@pytest.mark.parametrize("shape", [0.2, 1.0, 3.3])
def test_gamma_variables_follow_their_law(shape):
    drawn = [streams.gamma(shape, participant, 5, 1, key_of(3)) for participant in range(4000)]
    assert stats.kstest(drawn, stats.gamma(shape).cdf).pvalue > 1e-4
