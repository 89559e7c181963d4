"""The restricted specification: what the protocol must not print, because it would let people guess the next arm."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, get_args

from equipoise.items.problem import Problem
from equipoise.randomisation.messages import problem

Procedure = Literal[
    "complete", "permuted_blocks", "random_allocation_rule", "block_urn", "wei_urn",
    "big_stick", "biased_coin", "truncated_binomial", "maximal",
]  # fmt: skip
PROCEDURES: Final[tuple[Procedure, ...]] = get_args(Procedure)

# What each procedure takes beside the slots; those in brackets may be left out.
TAKES: Final[Mapping[Procedure, tuple[str, ...]]] = {
    "complete": (),
    "permuted_blocks": ("sizes", "(weights)"),
    "random_allocation_rule": (),
    "block_urn": ("balls",),
    "wei_urn": ("(alpha)", "beta"),
    "big_stick": ("limit",),
    "biased_coin": ("probability", "(limit)"),
    "truncated_binomial": (),
    "maximal": ("limit",),
}
PARAMETERS: Final = ("sizes", "weights", "limit", "probability", "alpha", "beta", "balls")
FOR_TWO_EQUAL_ARMS: Final = frozenset({"big_stick", "biased_coin", "truncated_binomial", "maximal"})
ENDS_WITH_THE_LIST: Final = frozenset({"random_allocation_rule", "truncated_binomial", "maximal"})


@dataclass(frozen=True, slots=True)
class Specification:
    """How the list of every stratum is drawn. The ratio of the arms is public and stands in the protocol.

    complete: every slot by itself, in the ratio.
    permuted_blocks: blocks in exactly the ratio; with several `sizes` each block's size is drawn by `weights`.
    random_allocation_rule: all slots of the stratum are one block.
    block_urn: an urn with `balls` balanced sets, refilled when one is complete (Zhao & Weng 2011).
    wei_urn: every arm taken adds `beta` balls of the others to the first `alpha` of each (Wei 1977).
    big_stick: a fair coin, unless one of two arms is ahead by `limit`; then the other arm (Soares & Wu 1983).
    biased_coin: the arm behind with `probability` (Efron 1971), and for certain at the `limit` (Chen 1999).
    truncated_binomial: a fair coin until one arm has its half.
    maximal: every list that ends balanced and never leaves the `limit` is equally likely (Berger et al. 2003).
    """

    procedure: Procedure
    slots: int  # in each stratum; far more than will be needed, so that the end of a list tells nothing
    sizes: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()  # one whole number for each size; none means equally often
    limit: int | None = None
    probability: Fraction | None = None
    alpha: int | None = None
    beta: int | None = None
    balls: int | None = None


def check(
    specification: Specification, ratio: Mapping[str, int], where: str = "randomisation.restricted.yaml"
) -> list[Problem]:
    """What keeps this specification from giving a list in this ratio; empty when nothing does."""
    return [
        *_check_ratio(ratio, specification, where),
        *_check_parameters(specification, where),
        *_check_blocks(specification, ratio, where),
        *_check_numbers(specification, where),
        *_check_slots(specification, ratio, where),
    ]


def _check_ratio(ratio: Mapping[str, int], specification: Specification, where: str) -> Iterator[Problem]:
    if len(ratio) < 2 or any(share < 1 for share in ratio.values()):
        yield problem("randomisation.E001", where)
    elif specification.procedure in FOR_TWO_EQUAL_ARMS and (len(ratio) != 2 or len(set(ratio.values())) != 1):
        yield problem("randomisation.E011", where, procedure=specification.procedure)
    elif specification.procedure == "wei_urn" and len(set(ratio.values())) != 1:
        yield problem("randomisation.E013", where)


def _check_parameters(specification: Specification, where: str) -> Iterator[Problem]:
    """Each procedure is given what it takes and nothing else."""
    takes = TAKES[specification.procedure]
    for name in PARAMETERS:
        given = getattr(specification, name) not in (None, ())
        if given and name not in takes and f"({name})" not in takes:
            yield problem("randomisation.E009", where, procedure=specification.procedure, name=name)
        if not given and name in takes:
            yield problem("randomisation.E010", where, procedure=specification.procedure, name=name)


def _check_blocks(specification: Specification, ratio: Mapping[str, int], where: str) -> Iterator[Problem]:
    sizes, weights, whole = specification.sizes, specification.weights, sum(ratio.values())
    for size in sizes:
        if size < 1 or (whole > 0 and size % whole):
            yield problem("randomisation.E004", where, size=str(size), whole=str(whole))
    if len(set(sizes)) != len(sizes):
        yield problem("randomisation.E005", where)
    if weights and len(weights) != len(sizes):
        yield problem("randomisation.E006", where)
    if any(weight < 1 for weight in weights):
        yield problem("randomisation.E007", where)


def _check_numbers(specification: Specification, where: str) -> Iterator[Problem]:
    for name in ("limit", "balls"):
        value = getattr(specification, name)
        if value is not None and value < 1:
            yield problem("randomisation.E012", where, name=name)
    favour = specification.probability
    if favour is not None and not Fraction(1, 2) <= favour <= 1:
        yield problem("randomisation.E014", where)
    if specification.procedure == "wei_urn" and not (specification.alpha or specification.beta):
        yield problem("randomisation.E015", where)


def _check_slots(specification: Specification, ratio: Mapping[str, int], where: str) -> Iterator[Problem]:
    whole = sum(ratio.values())
    if specification.slots < 1:
        yield problem("randomisation.E008", where)
    elif specification.procedure in ENDS_WITH_THE_LIST and whole > 0 and specification.slots % whole:
        yield problem("randomisation.E016", where, procedure=specification.procedure, whole=str(whole))
