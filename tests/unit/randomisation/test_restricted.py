"""The restricted file: read strictly, and every fault named with its line."""

from fractions import Fraction

import pytest

from equipoise.randomisation import Specification, check, read_specification

EVEN = {"a": 1, "b": 1}


@pytest.mark.parametrize(
    ("text", "specification"),
    [
        ("procedure: complete\nslots_per_stratum: 40\n", Specification("complete", 40)),
        (
            "# restricted\nprocedure: permuted_blocks\nslots_per_stratum: '60'\nsizes: [4, 6, 8]\nweights: [1, 2, 1]",
            Specification("permuted_blocks", 60, (4, 6, 8), (1, 2, 1)),
        ),
        ("slots_per_stratum: 60\nprocedure: big_stick\nlimit: 3", Specification("big_stick", 60, limit=3)),
    ],
)
def test_a_good_file_is_a_specification(text, specification):
    assert read_specification(text) == specification
    assert check(specification, EVEN) == []


COMPLETE = "procedure: complete\nslots_per_stratum: 9\n"


@pytest.mark.parametrize(
    ("text", "identity", "line"),
    [
        ("", "E020", None),
        ("- procedure", "E020", None),
        ("procedure: [", "E021", 1),
        ("\x00", "E021", None),
        (COMPLETE + "---\nlimit: 2", "E021", 3),
        (COMPLETE + "#" * 10_000, "E022", None),
        ("procedure: &p complete\nslots_per_stratum: 9", "E023", 1),
        (COMPLETE + "limit: !!int 3", "E023", 3),
        (COMPLETE + "sizes: [[[[1]]]]", "E024", 3),
        (COMPLETE + "wieghts: [1]", "E031", 3),
        (COMPLETE + "zzz: 1", "E025", 3),
        (COMPLETE + "? [sizes]\n: 1", "E025", 3),
        (COMPLETE + "slots_per_stratum: 9", "E026", 3),
        ("procedure: complete", "E027", 1),
        ("slots_per_stratum: 4", "E027", 1),
        ("procedure: permuted_block\nslots_per_stratum: 4", "E032", 1),
        ("procedure: [complete]\nslots_per_stratum: 4", "E028", 1),
        ("procedure: complete\nslots_per_stratum: 0b11", "E029", 2),
        ("procedure: complete\nslots_per_stratum: 010", "E029", 2),
        ("procedure: complete\nslots_per_stratum: 1:1", "E029", 2),
        (COMPLETE + "limit:", "E029", 3),
        (COMPLETE + "sizes: 4", "E030", 3),
        (COMPLETE + "sizes:\n  - 4\n  - four", "E029", 5),
    ],
)
def test_a_fault_has_an_id_and_a_line(text, identity, line):
    problems = read_specification(text)
    assert [problem.id for problem in problems] == [f"randomisation.{identity}"]
    file = "randomisation.restricted.yaml"
    assert problems[0].where == (file if line is None else f"{file}:{line}")


@pytest.mark.parametrize(
    ("text", "value"), [("2/3", Fraction(2, 3)), ("0.7", Fraction(7, 10)), (".75", Fraction(3, 4))]
)
def test_a_probability_is_exact(text, value):
    read = read_specification(f"procedure: biased_coin\nslots_per_stratum: 40\nprobability: {text}\nlimit: 3\n")
    assert read == Specification("biased_coin", 40, limit=3, probability=value)


@pytest.mark.parametrize("text", ["2/0", "-1/2", "1e-1", "two thirds", "7", "[1]"])
def test_what_is_no_probability_is_refused(text):
    problems = read_specification(f"procedure: biased_coin\nslots_per_stratum: 40\nprobability: {text}\n")
    assert [problem.id for problem in problems] == ["randomisation.E033"]


def test_a_misspelt_key_is_answered_with_the_likely_one():
    assert read_specification(COMPLETE + "wieghts: [1]")[0].hint == "Did you mean 'weights'?"


def test_all_faults_are_told_at_once():
    assert {problem.id for problem in read_specification("limit: x\nsize: 4")} == {
        "randomisation.E031", "randomisation.E027", "randomisation.E029",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("specification", "ratio", "identity"),
    [
        (Specification("complete", 9), {"a": 1}, "E001"),
        (Specification("complete", 9), {"a": 1, "b": 0}, "E001"),
        (Specification("complete", 9, sizes=(4,)), EVEN, "E009"),
        (Specification("permuted_blocks", 9), EVEN, "E010"),
        (Specification("permuted_blocks", 9, sizes=(4, 5)), EVEN, "E004"),
        (Specification("permuted_blocks", 9, sizes=(4,)), {"a": 2, "b": 1}, "E004"),
        (Specification("permuted_blocks", 9, sizes=(4, 4)), EVEN, "E005"),
        (Specification("permuted_blocks", 9, sizes=(4, 6), weights=(1,)), EVEN, "E006"),
        (Specification("permuted_blocks", 9, sizes=(4, 6), weights=(1, 0)), EVEN, "E007"),
        (Specification("complete", 0), EVEN, "E008"),
        (Specification("complete", 9, limit=3), EVEN, "E009"),
        (Specification("big_stick", 9), EVEN, "E010"),
        (Specification("big_stick", 9, limit=3), {"a": 2, "b": 1}, "E011"),
        (Specification("big_stick", 9, limit=3), {"a": 1, "b": 1, "c": 1}, "E011"),
        (Specification("big_stick", 9, limit=0), EVEN, "E012"),
        (Specification("block_urn", 9, balls=0), EVEN, "E012"),
        (Specification("wei_urn", 9, beta=1), {"a": 2, "b": 1}, "E013"),
        (Specification("biased_coin", 9, probability=Fraction(2, 5)), EVEN, "E014"),
        (Specification("biased_coin", 9, probability=Fraction(4, 3)), EVEN, "E014"),
        (Specification("wei_urn", 9, beta=0), EVEN, "E015"),
        (Specification("maximal", 9, limit=2), EVEN, "E016"),
        (Specification("random_allocation_rule", 8), {"a": 2, "b": 1}, "E016"),
    ],
)
def test_what_does_not_suit_the_ratio_is_named(specification, ratio, identity):
    assert [problem.id for problem in check(specification, ratio)] == [f"randomisation.{identity}"]
