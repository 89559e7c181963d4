"""The restricted specification: what the protocol must not print, because it would let people guess the next arm."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from equipoise.items.problem import Problem
from equipoise.randomisation.messages import problem

Procedure = Literal["complete", "permuted_blocks", "big_stick"]
PROCEDURES: Final[tuple[Procedure, ...]] = ("complete", "permuted_blocks", "big_stick")


@dataclass(frozen=True, slots=True)
class Specification:
    """How the list of every stratum is drawn. The ratio of the arms is public and stands in the protocol.

    complete: every slot by itself, in the ratio.
    permuted_blocks: blocks in exactly the ratio; with several `sizes` each block's size is drawn by `weights`.
    big_stick: a fair coin, unless one of two arms is ahead by `limit`; then the other arm
    (Soares & Wu 1983, doi:10.1080/03610928308828586).
    """

    procedure: Procedure
    slots: int  # in each stratum; far more than will be needed, so that the end of a list tells nothing
    sizes: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()  # one whole number for each size; none means equally often
    limit: int | None = None


def check(
    specification: Specification, ratio: Mapping[str, int], where: str = "randomisation.restricted.yaml"
) -> list[Problem]:
    """What keeps this specification from giving a list in this ratio; empty when nothing does."""
    return [
        *_check_ratio(ratio, where),
        *_check_blocks(specification, ratio, where),
        *_check_limit(specification, ratio, where),
    ]


def _check_ratio(ratio: Mapping[str, int], where: str) -> Iterator[Problem]:
    if len(ratio) < 2 or any(share < 1 for share in ratio.values()):
        yield problem("randomisation.E001", where)


def _check_blocks(specification: Specification, ratio: Mapping[str, int], where: str) -> Iterator[Problem]:
    sizes, weights = specification.sizes, specification.weights
    if specification.procedure != "permuted_blocks":
        if sizes or weights:
            yield problem("randomisation.E002", where, procedure=specification.procedure)
        return
    whole = sum(ratio.values())
    if not sizes:
        yield problem("randomisation.E003", where)
    for size in sizes:
        if size < 1 or (whole > 0 and size % whole):
            yield problem("randomisation.E004", where, size=str(size), whole=str(whole))
    if len(set(sizes)) != len(sizes):
        yield problem("randomisation.E005", where)
    if weights and len(weights) != len(sizes):
        yield problem("randomisation.E006", where)
    if any(weight < 1 for weight in weights):
        yield problem("randomisation.E007", where)


def _check_limit(specification: Specification, ratio: Mapping[str, int], where: str) -> Iterator[Problem]:
    if specification.slots < 1:
        yield problem("randomisation.E008", where)
    if specification.procedure != "big_stick":
        if specification.limit is not None:
            yield problem("randomisation.E009", where, procedure=specification.procedure)
        return
    if specification.limit is None or specification.limit < 1:
        yield problem("randomisation.E010", where)
    if len(ratio) != 2 or len(set(ratio.values())) != 1:
        yield problem("randomisation.E011", where)
