"""How predictable and how balanced a procedure of randomisation is, as cases of other programs ask for it."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from equipoise.randomisation.metrics import metrics
from equipoise.randomisation.minimisation import Measure, Minimisation, scores, totals
from equipoise.randomisation.rerandomisation import exact_test
from equipoise.randomisation.rules import admissible_lists
from equipoise.randomisation.specification import Specification
from equipoise.validation.vector import NotMappedError, Vector

# A procedure as cases name it, with its numbers behind: efron_2_3 is Efron's coin of 2/3.
_PROCEDURES: Final[dict[str, Callable[[int, list[int]], Specification]]] = {
    "complete": lambda n, _: Specification("complete", n),
    "random_allocation_rule": lambda n, _: Specification("random_allocation_rule", n),
    "truncated_binomial": lambda n, _: Specification("truncated_binomial", n),
    "efron": lambda n, numbers: Specification("biased_coin", n, probability=Fraction(*numbers)),
    "big_stick": lambda n, numbers: Specification("big_stick", n, limit=numbers[0]),
    "pbr": lambda n, numbers: Specification("permuted_blocks", n, sizes=tuple(numbers)),
    "wei_urn": lambda n, numbers: Specification("wei_urn", n, alpha=numbers[0], beta=numbers[1]),
    "chen_p": lambda n, numbers: Specification(
        "biased_coin", n, limit=numbers[0], probability=Fraction(numbers[1] // 10, numbers[1] % 10)
    ),
    "block_urn": lambda n, numbers: Specification("block_urn", n, balls=numbers[0]),
}


def _named(written: str) -> tuple[str, list[int]]:
    """A name and the numbers in it; chen_3_p23 is Chen's coin of 2/3 with a limit of 3."""
    numbers = [int(digits) for digits in re.findall(r"\d+", written)]
    return "_".join(filter(None, re.sub(r"\d+", "", written).split("_"))), numbers


def _specification(vector: Vector, slots: int) -> Specification:
    written = vector.take("procedure", vector.flavour)
    if "mti" in vector:
        if vector.take("terminal_balance", True) is not True:
            raise NotMappedError("the maximal procedure here ends balanced")
        return Specification("maximal", slots, limit=vector.integer("mti"))
    name, numbers = _named(written)
    if name not in _PROCEDURES:
        raise NotMappedError(f"there is no procedure {written!r}")
    return _PROCEDURES[name](slots, numbers)


def _metrics(vector: Vector) -> dict[str, Any]:
    slots, arms = vector.integer("n"), int(vector.take("arms", 2))
    shares = tuple(int(share) for share in str(vector.take("ratio", ":".join("1" * arms))).split(":"))
    specification = _specification(vector, slots)
    found = metrics(specification, shares, slots)
    lists = {"n_admissible_sequences": admissible_lists(slots, specification.limit or 1)}
    return {
        **(lists if specification.procedure == "maximal" else {}),
        "correct_guess_prob": found.correct_guess,
        "entropy_bits": found.entropy_bits,
        "forcing_index": found.forcing_index,
        "prop_deterministic": found.deterministic,
        "var_D_n": found.variance,
        "expected_abs_D_n": found.mean_absolute,
        "prob_D_n_0": found.balanced,
        "max_var_over_path": found.largest_variance,
    }


def _exact_test(vector: Vector) -> dict[str, Any]:
    """One assignment judged by the reference sets of four procedures, treatment being 1."""
    values, assignment = vector.take("y"), vector.take("assignment")
    if not str(vector.take("statistic", "difference in means")).startswith("difference in means"):
        raise NotMappedError("only the difference in means is mapped")
    slots = len(values)
    sets = {
        "p_random_allocation": Specification("random_allocation_rule", slots),
        "p_pbr4": Specification("permuted_blocks", slots, sizes=(4,)),
        "p_efron_2_3": Specification("biased_coin", slots, probability=Fraction(2, 3)),
        "p_maximal_mti2": Specification("maximal", slots, limit=2),
    }
    found = {name: exact_test(values, assignment, specification) for name, specification in sets.items()}
    return {"T_obs": next(iter(found.values())).statistic, **{name: test.p_value for name, test in found.items()}}


def _minimisation(vector: Vector) -> dict[str, Any]:
    """The imbalances after each arm by two measures, and the arm that both prefer."""
    profile = {name: str(level) for name, level in vector.take("new_patient").items()}
    weights = {name: int(weight) for name, weight in vector.take("weights").items()}
    data = vector.data
    levels = zip(*(data[name] for name in profile), strict=True)
    profiles = [dict(zip(profile, row, strict=True)) for row in levels]
    history = list(zip(profiles, map(int, data["arm"]), strict=True))
    counts = totals(history, tuple(profile), 2)
    measures: tuple[Measure, Measure] = ("range", "variance")
    by_range, by_variance = (
        [float(score) for score in scores(Minimisation((1, 1), weights, measure), counts, profile)]
        for measure in measures
    )
    return {
        "range_score": by_range,
        "variance_score": by_variance,
        "preferred_arm": by_range.index(min(by_range)),
    }


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "metrics/*": _metrics,
    "exact_randomisation_test": _exact_test,
    "pocock_simon_scores": _minimisation,
}
