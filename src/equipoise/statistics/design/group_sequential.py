"""Group-sequential designs: boundaries, their chances of being crossed, and what repeated looks cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from equipoise.statistics.design.boundary_kernels import exits, futile_bounds, spent_bounds
from equipoise.statistics.design.spending import StoppingRule, check_fractions, spent_at
from equipoise.statistics.numerics.roots import above, quantile_above, root
from equipoise.statistics.result import Floats

_HIGHEST = 40.0  # no statistic is ever beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSequentialDesign:
    """The boundaries of a trial with several looks, for standard normal statistics that are large under benefit.

    `alpha` is the whole error of the first kind: of the upper side when one-sided, of both sides together when
    two-sided. A lower bound is −∞ where the trial cannot stop there; with futility the two bounds meet at the end.
    Drift is the mean of the statistic at full information.
    """

    method: str  # a key of METHODS
    fractions: tuple[float, ...]  # of the planned information, ending at 1
    upper: tuple[float, ...]
    lower: tuple[float, ...]
    alpha: float
    alpha_spent: tuple[float, ...]  # cumulative, both sides together
    sided: int
    rule: StoppingRule
    spending_times: tuple[float, ...]
    futility: StoppingRule | None = None
    binding: bool = False
    beta: float | None = None
    drift: float | None = None  # at which beta is spent

    @property
    def stage_levels(self) -> tuple[float, ...]:
        """The one-sided level at which each look tests."""
        return tuple(above(bound) for bound in self.upper)

    @property
    def counted_lower(self) -> tuple[float, ...]:
        """The lower bounds as inference counts them: a futility bound that does not bind is not there."""
        ignored = self.futility is not None and not self.binding
        return (-inf,) * len(self.lower) if ignored else self.lower


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitProbabilities:
    """The chance of stopping at each look through either bound, and the information expected when it stops.

    At the last look of a test with futility `upper` and `lower` add up to the chance of getting there. Information is
    a share of the planned maximum.
    """

    method: str
    drift: float
    upper: tuple[float, ...]
    lower: tuple[float, ...]
    expected_information: float

    @property
    def power(self) -> float:
        """The chance of ever crossing the upper bound."""
        return float(sum(self.upper))


@dataclass(frozen=True, slots=True, kw_only=True)
class SequentialInflation:
    """What several looks cost against one: factors on the information (the sample size) of the fixed design."""

    method: str
    power: float
    drift: float  # at full information
    maximum: float  # the largest sample size over the fixed one
    expected_null: float
    expected_halfway: float  # half the effect
    expected_alternative: float


def group_sequential_design(
    fractions: Sequence[float],
    rule: StoppingRule,
    *,
    alpha: float = 0.025,
    sided: int = 1,
    spending_times: Sequence[float] | None = None,
) -> GroupSequentialDesign:
    """Boundaries that keep the error of the first kind over all looks (Jennison & Turnbull 2000).

    `fractions` are shares of the planned information, rising to 1. Two-sided, each side has half of alpha and the
    lower bounds mirror the upper ones. `spending_times` are the shares at which error is spent where they are not the
    information (Lan & DeMets 1989): after a look at other information than planned, give what was observed.
    """
    check_fractions(fractions)
    _check_error("alpha", alpha)
    if sided not in (1, 2):
        raise ValueError(f"a test has one side or two, not {sided}")
    information = np.array(fractions, dtype=np.float64)
    times = _spending_times(fractions, spending_times)
    if rule.shape is None:
        spent = spent_at(rule, times, alpha / sided)
        nowhere = np.full(information.size, -inf)
        upper = spent_bounds(information, np.diff(spent, prepend=0.0), nowhere, sided == 2)
    else:
        upper = _shaped(information, rule.shape, alpha, sided)
        spent = tuple(float(total) for total in np.cumsum(_exits(information, upper, sided)[1]))
    bounds = tuple(float(bound) for bound in upper)
    return GroupSequentialDesign(
        method=f"groupseq/{rule.name}",
        fractions=tuple(fractions),
        upper=bounds,
        lower=tuple(-bound for bound in bounds) if sided == 2 else (-inf,) * len(bounds),
        alpha=alpha,
        alpha_spent=tuple(sided * total for total in spent),
        sided=sided,
        rule=rule,
        spending_times=times,
    )


def futility_design(
    fractions: Sequence[float],
    efficacy: StoppingRule,
    futility: StoppingRule,
    *,
    alpha: float = 0.025,
    beta: float = 0.1,
    binding: bool = False,
) -> GroupSequentialDesign:
    """A one-sided design that spends beta on stopping for futility (Pampallona, Tsiatis & Kim 2001).

    The drift is found at which both bounds meet at the last look, so that the power is exactly 1 − beta. Bounds that
    do not bind leave the upper ones as if there were none: the error of the first kind holds whatever is decided.
    """
    check_fractions(fractions)
    _check_error("alpha", alpha)
    _check_error("beta", beta)
    if efficacy.shape is not None or futility.shape is not None:
        raise ValueError("futility bounds are made by spending functions on both sides")
    if alpha + beta >= 1.0:
        raise ValueError("alpha and beta together leave no test")
    information, times = np.array(fractions, dtype=np.float64), tuple(fractions)
    spent = spent_at(efficacy, times, alpha)
    alphas = np.diff(spent, prepend=0.0)
    betas = np.diff(spent_at(futility, times, beta), prepend=0.0)
    fixed = quantile_above(alpha) + quantile_above(beta)

    def left(drift: float) -> float:
        return float(futile_bounds(information, alphas, betas, drift, binding)[2])

    drift = root(left, 0.5 * fixed, 4.0 * fixed)
    lower, upper, _ = futile_bounds(information, alphas, betas, drift, binding)
    return GroupSequentialDesign(
        method="groupseq/futility_binding" if binding else "groupseq/futility_nonbinding",
        fractions=times,
        upper=tuple(float(bound) for bound in upper),
        lower=tuple(float(bound) for bound in lower),
        alpha=alpha,
        alpha_spent=spent,
        sided=1,
        rule=efficacy,
        spending_times=times,
        futility=futility,
        binding=binding,
        beta=beta,
        drift=drift,
    )


def exit_probabilities(design: GroupSequentialDesign, drift: float) -> ExitProbabilities:
    """The chance of stopping at each look under a drift, the mean of the statistic at full information.

    Both bounds are taken as binding here, because the question is what happens when they are obeyed.
    """
    if not np.isfinite(drift):
        raise ValueError(f"a drift is a finite number, not {drift}")
    information = np.array(design.fractions)
    lower, upper = exits(information, np.array(design.lower), np.array(design.upper), drift)
    early = lower[:-1] + upper[:-1]
    expected = float((early * information[:-1]).sum() + (1.0 - early.sum()) * information[-1])
    return ExitProbabilities(
        method="groupseq/exit_probabilities",
        drift=drift,
        upper=tuple(float(chance) for chance in upper),
        lower=tuple(float(chance) for chance in lower),
        expected_information=expected,
    )


def sequential_inflation(design: GroupSequentialDesign, *, power: float = 0.8) -> SequentialInflation:
    """The factors by which the looks of a design change the sample size of a fixed one of the same level and power.

    Power is the chance of crossing the upper bound, on the side of the effect (Jennison & Turnbull 2000, chapter 2).
    """
    level = design.alpha / design.sided
    if not level < power < 1.0:
        raise ValueError(f"power lies between the level and 1, not at {power}")
    fixed = quantile_above(level) + quantile_above(1.0 - power)
    drift = root(lambda drift: exit_probabilities(design, drift).power - power, 0.0, 8.0 + 4.0 * fixed)
    factor = (drift / fixed) ** 2
    expected = [exit_probabilities(design, share * drift).expected_information for share in (0.0, 0.5, 1.0)]
    return SequentialInflation(
        method="groupseq/inflation",
        power=power,
        drift=drift,
        maximum=factor,
        expected_null=factor * expected[0],
        expected_halfway=factor * expected[1],
        expected_alternative=factor * expected[2],
    )


def with_level(design: GroupSequentialDesign, alpha: float) -> GroupSequentialDesign:
    """The design's efficacy bounds at another level, looks and rule unchanged; a binding futility bound stays."""
    if not design.binding:
        return group_sequential_design(
            design.fractions, design.rule, alpha=alpha, sided=design.sided, spending_times=design.spending_times
        )
    errors = np.diff(spent_at(design.rule, design.spending_times, alpha), prepend=0.0)
    upper = spent_bounds(np.array(design.fractions), errors, np.array(design.lower), False)
    return replace(design, alpha=alpha, upper=tuple(float(bound) for bound in upper))


def _shaped(information: Floats, power: float, alpha: float, sided: int) -> Floats:
    """The boundary c × fraction^(power − ½) whose constant gives the whole error alpha."""
    shape = information ** (power - 0.5)

    def error(constant: float) -> float:
        return float(_exits(information, constant * shape, sided)[1].sum()) * sided

    most = _HIGHEST / float(shape.min())
    constant = root(lambda c: alpha - error(c), 0.0 if sided == 2 else -most, most)
    return np.asarray(constant * shape)


def _exits(information: Floats, upper: Floats, sided: int) -> tuple[Floats, Floats]:
    lower = -upper if sided == 2 else np.full(upper.size, -inf)
    return exits(information, lower, upper, 0.0)


def _spending_times(fractions: Sequence[float], times: Sequence[float] | None) -> tuple[float, ...]:
    if times is None:
        return tuple(fractions)
    if len(times) != len(fractions) or list(times) != sorted(times):
        raise ValueError("there is one spending time for each look, in rising order")
    return tuple(times)


def _check_error(name: str, error: float) -> None:
    if not 0.0 < error < 1.0:
        raise ValueError(f"{name} lies between 0 and 1, not {error}")
