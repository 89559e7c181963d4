"""The planned boundary against the data: at an interim look, and at the end with what the looks have left.

The statistic is the normal equivalent of the planned test's p value, positive in the direction of benefit. Boundaries,
conditional power and what is estimated after looks come from `statistics.design`. The information of a look is its
count over the planned one; at the end the looks are placed by what was truly reached, and the error is spent where it
was spent when they were held (Lan & DeMets 1989).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from typing import Final, Literal

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort
from equipoise.analysis.fits import main_analysis
from equipoise.analysis.information import boundary_estimand, information, question_of
from equipoise.analysis.question import Question
from equipoise.protocol.monitoring import Boundary, Look, Monitoring, SpendingRule
from equipoise.statistics import NotEstimable
from equipoise.statistics.design.group_sequential import (
    GroupSequentialDesign,
    futility_design,
    group_sequential_design,
    sequential_inflation,
)
from equipoise.statistics.design.sequential_analysis import (
    ConditionalPower,
    SequentialInference,
    conditional_power,
    repeated_inference,
    stagewise_inference,
)
from equipoise.statistics.design.spending import StoppingRule
from equipoise.statistics.numerics.roots import quantile_above

MONITORING: Final = "monitoring"  # the analysis under which its statistics stand
FINAL: Final = "final"
Crossed = Literal["efficacy", "futility", "harm", "none"]

_SMALLEST_P: Final = 1e-300
_LEAST_STEP: Final = 1e-4  # of the information: a look that adds less is no look of its own
# The statistic that holds the effect, the one that holds the test, and whether the effect is a ratio.
_ROWS: Final[dict[str, tuple[str, str, bool]]] = {
    "two_proportions": ("risk_difference", "test", False), "survival": ("hazard_ratio", "test", True),
    "ancova": ("mean_difference", "mean_difference", False), "mmrm": ("mean_difference", "mean_difference", False),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The effect on the scale on which it is additive, turned so that benefit is positive."""

    effect: float
    standard_error: float
    z: float
    p: float
    ratio: bool
    benefit: float  # +1 where more is better, −1 where less is
    row: Statistic  # the effect as the planned method reports it

    def shown(self, effect: float) -> float:
        """An effect of this scale as the method reports it."""
        return exp(self.benefit * effect) if self.ratio else self.benefit * effect


@dataclass(frozen=True, slots=True, kw_only=True)
class SequentialTest:
    """The boundary at one look, or at the end, and what the data say against it."""

    look: str  # its id, or FINAL
    place: int  # among the efficacy looks that were held and the end, counted from 1
    information: int
    planned: int
    design: GroupSequentialDesign
    comparison: Comparison
    crossed: Crossed
    power: ConditionalPower | None  # none at the end
    repeated: SequentialInference
    stagewise: SequentialInference | None  # where the trial may stop here


def interim_test(look: str, cohort: Cohort) -> SequentialTest | NotEstimable:
    """The test of a planned efficacy look on the data of its cut."""
    plan, boundary = _planned(cohort)
    place = [each.id for each in plan.efficacy_looks].index(look)
    question = question_of(boundary_estimand(cohort.protocol), cohort)
    count = information(question)
    before = [_share(held, boundary) for held in _tested_before(cohort, plan.efficacy_looks[:place], boundary)]
    now = _share(count, boundary)
    if before and before[-1] == 1.0:
        return NotEstimable("all_error_spent")
    if not _adds(now, before):
        return NotEstimable("no_new_information")
    later = [float(each.when.information or 0) for each in plan.efficacy_looks[place + 1 :]]
    ahead = [share for share in later if _adds(share, [now])]
    fractions = (*before, now, *ahead, 1.0) if now < 1.0 else (*before, 1.0)
    design = planned_design(boundary, _level(cohort, boundary), fractions)
    return _tested(look, len(before) + 1, count, boundary, design, question)


def final_test(cohort: Cohort) -> SequentialTest | NotEstimable:
    """The test at the end, at the level that the looks that were held have left."""
    plan, boundary = _planned(cohort)
    question = question_of(boundary_estimand(cohort.protocol), cohort)
    count = information(question)
    held = _tested_before(cohort, plan.efficacy_looks, boundary)
    times = [_share(each, boundary) for each in held]
    if times and times[-1] == 1.0:
        return NotEstimable("all_error_spent")
    shares = [each / count for each in held] if count else []
    if not count or not _adds(1.0, shares):
        return NotEstimable("no_new_information")
    design = planned_design(boundary, _level(cohort, boundary), (*shares, 1.0), (*times, 1.0))
    return _tested(FINAL, len(held) + 1, count, boundary, design, question)


def planned_design(
    boundary: Boundary, level: float, fractions: tuple[float, ...], times: tuple[float, ...] | None = None
) -> GroupSequentialDesign:
    """The design with these looks. `level` is the whole error of the test: of one side, or of both of a two-sided.

    At the end (`times` given) a futility bound that does not bind leaves nothing behind. One that binds has its looks
    where the error was spent, so that the bounds are those that were used.
    """
    efficacy, futility = _rule(boundary.efficacy), boundary.futility
    if futility is None or (times is not None and not futility.binding):
        return group_sequential_design(fractions, efficacy, alpha=level, sided=boundary.sided, spending_times=times)
    return futility_design(
        times or fractions, efficacy, _rule(futility), alpha=level, beta=float(futility.beta), binding=futility.binding
    )


def drift_of(design: GroupSequentialDesign, power: float) -> float:
    """The mean of the final statistic under the effect the trial is sized for: that which gives it its power."""
    return sequential_inflation(design, power=power).drift


def compare(question: Question, arm: str) -> Comparison | NotEstimable:
    """The planned main analysis of one arm against the reference, turned towards benefit."""
    effect_name, test_name, ratio = _ROWS[question.estimand.method.function]
    rows = {row.statistic: row for row in main_analysis(question) if row.arm == arm}
    effect, test = rows[effect_name], rows[test_name]
    if effect.estimate is None or test.p is None or (ratio and effect.estimate <= 0.0):
        return effect.why or test.why or NotEstimable("no_new_information")
    benefit = 1.0 if question.endpoint.better == "higher" else -1.0
    turned = benefit * (log(effect.estimate) if ratio else effect.estimate)
    size = quantile_above(max(test.p, _SMALLEST_P) / 2.0) if test.p < 1.0 else 0.0
    error = effect.standard_error or (abs(turned) / size if size else None)
    if not error:
        return effect.why or NotEstimable("zero_variance")
    return Comparison(
        effect=turned, standard_error=error, z=size if turned >= 0.0 else -size, p=test.p, ratio=ratio,
        benefit=benefit, row=effect,
    )  # fmt: skip


def _tested(
    look: str, place: int, count: int, boundary: Boundary, design: GroupSequentialDesign, question: Question
) -> SequentialTest | NotEstimable:
    found = compare(question, boundary.arm)
    if isinstance(found, NotEstimable):
        return found
    fraction = design.fractions[place - 1]
    crossed = _crossed(design, place, found.z)
    maximum = 1.0 / (found.standard_error**2 * fraction)  # in units of the effect
    last = place == len(design.fractions)
    return SequentialTest(
        look=look, place=place, information=count, planned=boundary.information, design=design, comparison=found,
        crossed=crossed,
        power=None if last else conditional_power(design, fraction, found.z, drift=_drift(design, boundary)),
        repeated=_around(found, lambda z: repeated_inference(design, place, z, maximum_information=maximum)),
        stagewise=_around(
            found,
            lambda z: stagewise_inference(design, place, z, level=question.level, maximum_information=maximum),
        ) if last or crossed != "none" else None,
    )  # fmt: skip


def _drift(design: GroupSequentialDesign, boundary: Boundary) -> float:
    return design.drift if design.drift is not None else drift_of(design, float(boundary.power))


def _around(found: Comparison, infer: Callable[[float], SequentialInference]) -> SequentialInference:
    """The estimate and its interval from the effect over its standard error, the p value from the planned test."""
    estimated, tested = infer(found.effect / found.standard_error), infer(found.z)
    return replace(estimated, z=found.z, p_one_sided=tested.p_one_sided, p_value=tested.p_value)


def _crossed(design: GroupSequentialDesign, place: int, z: float) -> Crossed:
    upper, lower = design.upper[place - 1], design.lower[place - 1]
    if z >= upper:
        return "efficacy"
    if z > lower or (design.futility is not None and place == len(design.upper)):
        return "none"
    return "futility" if design.futility is not None else "harm"


def _planned(cohort: Cohort) -> tuple[Monitoring, Boundary]:
    plan = cohort.protocol.monitoring
    if plan is None or plan.boundary is None:
        raise LookupError(f"{cohort.protocol.id} tests nothing at its looks")
    return plan, plan.boundary


def _tested_before(cohort: Cohort, looks: Iterable[Look], boundary: Boundary) -> list[int]:
    """The information of the looks that were held and tested something: each had more than the one before."""
    found: list[int] = []
    for look in looks:
        state = cohort.snapshot.looks.get(look.id)
        if state is not None and _adds(_share(state.information, boundary), [_share(n, boundary) for n in found]):
            found.append(state.information)
    return found


def _share(count: int, boundary: Boundary) -> float:
    """The share of the planned information; 1 where what is missing would be no look of its own."""
    share = count / boundary.information
    return share if 1.0 - share >= _LEAST_STEP else 1.0


def _adds(share: float, before: Sequence[float]) -> bool:
    return share >= _LEAST_STEP and share - (before[-1] if before else 0.0) >= _LEAST_STEP * share


def _level(cohort: Cohort, boundary: Boundary) -> float:
    return float(cohort.protocol.analysis.alpha) * boundary.sided / 2.0


def _rule(rule: SpendingRule) -> StoppingRule:
    return StoppingRule(rule.spending, None if rule.parameter is None else float(rule.parameter))


# --- As statistics --------------------------------------------------------------------------------------------------


def sequential(cohort: Cohort) -> Iterator[Statistic]:
    """The test at the end as statistics; nothing while the trial runs, or where it plans no look at efficacy."""
    plan = cohort.protocol.monitoring
    if cohort.snapshot.locked and plan is not None and plan.boundary is not None and plan.efficacy_looks:
        yield from as_statistics(FINAL, plan.boundary, final_test(cohort))


def as_statistics(look: str, boundary: Boundary, found: SequentialTest | NotEstimable) -> Iterator[Statistic]:
    """A sequential test as rows of the results, each under the look's id."""
    if isinstance(found, NotEstimable):
        yield Statistic(
            analysis=MONITORING, statistic="crossed", variable="none", level=look, arm=boundary.arm, why=found
        )
        return
    place, design, effect = found.place - 1, found.design, found.comparison

    def row(statistic: str, **more: object) -> Statistic:
        return Statistic(
            analysis=MONITORING, statistic=statistic, level=look, arm=boundary.arm, reference=effect.row.reference,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip

    share = found.information / found.planned
    yield row("information", n=found.information, N=found.planned, estimate=share, method=design.method)
    yield row("alpha_spent", estimate=design.alpha_spent[place], n=found.place, N=len(design.fractions))
    yield row("efficacy_bound", estimate=design.upper[place], p=design.stage_levels[place] * design.sided)
    if design.futility is not None:
        yield row("futility_bound", estimate=design.lower[place])
    yield row("statistic", estimate=effect.z, p=effect.p)
    yield row("crossed", variable=found.crossed)
    if found.power is not None:
        for name in ("planned", "current_trend", "null", "predictive"):
            yield row(f"power_{name}", estimate=getattr(found.power, name), method=found.power.method)
    yield row(
        "effect", estimate=effect.row.estimate, standard_error=effect.row.standard_error, lower=effect.row.lower,
        upper=effect.row.upper, p=effect.p, method=effect.row.method, n=effect.row.n, N=effect.row.N,
    )  # fmt: skip
    for name, inference in (("repeated", found.repeated), ("stagewise", found.stagewise)):
        if inference is not None:
            lower, upper = sorted((effect.shown(inference.lower), effect.shown(inference.upper)))
            yield row(
                name, estimate=effect.shown(inference.estimate), lower=lower, upper=upper, p=inference.p_value,
                method=inference.method,
            )  # fmt: skip
