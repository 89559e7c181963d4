"""The restricted file of a minimised trial: what it holds, and every way in which it can be wrong."""

from fractions import Fraction

import pytest

from equipoise.randomisation.dynamic import Dynamic
from equipoise.randomisation.minimisation import Minimisation
from equipoise.randomisation.restricted_minimisation import Minimised, dynamic_of, is_minimised, read_minimised

LEAST = "procedure: minimisation\nslots: 40\n"
FACTORS = {"site": ("11", "12"), "sex": ("f", "m")}


def ids(found):
    return [(each.id, each.where.rpartition(":")[2]) for each in found]


@pytest.mark.parametrize(("text", "minimised"), [
    (LEAST, True),
    ("procedure: minimisation\nslots: many\n", True),  # what else is wrong with it is told when it is read
    ("procedure: permuted_blocks\nslots: 40\nsizes: [4]\n", False),
    ("slots: 40\n", False),
    ("procedure: [minimisation", False),
    ("minimisation", False),
])  # fmt: skip
def test_a_minimised_trial_is_known_by_its_file(text, minimised):
    assert is_minimised(text) is minimised


def test_the_least_file_takes_the_usual_choices():
    assert read_minimised(LEAST) == Minimised(40, Fraction(4, 5), "range", {}, "stays")


def test_a_file_with_everything():
    text = LEAST + "probability: 0.9\nmeasure: standard_deviation\nfactor_weights: {sex: 2, site: 1}\n"
    text += "randomised_in_error: leaves\n"
    expected = Minimised(40, Fraction(9, 10), "standard_deviation", {"sex": 2, "site": 1}, "leaves")
    assert read_minimised(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("[]", [("randomisation.E020", "randomisation.restricted.yaml")]),
    ("procedure: minimisation", [("randomisation.E027", "1")]),
    ("procedure: minimization\nslots: 40", [("randomisation.E032", "1")]),
    ("procedure: wei_urn\nslots: 40", [("randomisation.E028", "1")]),
    (LEAST + "weights: [1]", [("randomisation.E031", "3")]),
    (LEAST + "sizes: [4]", [("randomisation.E025", "3")]),
    (LEAST + "measure: rnge", [("randomisation.E044", "3")]),
    (LEAST + "measure: kappa", [("randomisation.E043", "3")]),
    (LEAST + "measure: [range]", [("randomisation.E043", "3")]),
    (LEAST + "randomised_in_error: stay", [("randomisation.E044", "3")]),
    (LEAST + "probability: high", [("randomisation.E033", "3")]),
    (LEAST + "factor_weights: [1]", [("randomisation.E045", "3")]),
    (LEAST + "factor_weights: {sex: 0}", [("randomisation.E029", "3")]),
    (LEAST + "factor_weights: {sex: 1, sex: 2}", [("randomisation.E026", "3")]),
])  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(text, expected):
    assert ids(read_minimised(text)) == expected


def test_a_word_that_is_not_known_is_answered_with_those_that_are():
    (found,) = read_minimised(LEAST + "measure: kappa")
    assert found.hint == "It can be range, variance, standard_deviation."


def test_the_arms_are_taken_by_name():
    found = dynamic_of(Minimised(40, weights={"sex": 3}), "trial", {"b": 1, "a": 2}, FACTORS)
    assert found == Dynamic("trial", ("a", "b"), FACTORS, Minimisation((2, 1), {"sex": 3}), 40)


@pytest.mark.parametrize(("read", "ratio", "factors", "expected"), [
    (Minimised(40, weights={"stage": 1}), {"a": 1, "b": 1}, FACTORS, ["randomisation.E041"]),
    (Minimised(40), {"a": 1, "b": 1}, {}, ["randomisation.E040"]),
    (Minimised(40, Fraction(1)), {"a": 1, "b": 1}, FACTORS, ["randomisation.E042"]),
    (Minimised(40, Fraction(1, 3)), {"a": 1, "b": 1}, FACTORS, ["randomisation.E042"]),
    (Minimised(40), {"a": 1}, FACTORS, ["randomisation.E001"]),
    (Minimised(40), {"a": 1, "b": 0}, FACTORS, ["randomisation.E001"]),
])  # fmt: skip
def test_what_does_not_suit_the_protocol_is_named(read, ratio, factors, expected):
    assert [each.id for each in dynamic_of(read, "trial", ratio, factors)] == expected
