"""What is asked of the data: an estimand with its endpoint, its people and its confidence level."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant, baseline_value
from equipoise.analysis.events import Measured, Outcome, TimeToEvent, course, event, measured, time_to_event
from equipoise.protocol.schema import Endpoint, Estimand
from equipoise.statistics import Estimate, NotEstimable


@dataclass(frozen=True, eq=False)
class Question:
    """An estimand ready to be estimated. What each participant contributes is read once."""

    estimand: Estimand
    endpoint: Endpoint
    cohort: Cohort
    people: tuple[Participant, ...]
    level: float

    @property
    def reference(self) -> str:
        """The reference arm."""
        return self.estimand.reference_arm

    @property
    def others(self) -> tuple[str, ...]:
        """The arms that are compared with the reference, in the order of the protocol."""
        return tuple(arm for arm in self.cohort.arms if arm != self.reference)

    def in_arm(self, arm: str) -> tuple[Participant, ...]:
        """The people of an arm."""
        return tuple(one for one in self.people if one.arm == arm)

    def stratum(self, one: Participant, strata: tuple[str, ...]) -> str:
        """The stratum of a participant: the baseline values of these names, an unknown one as a level of its own."""
        return " / ".join(str(baseline_value(one, name, self.cohort.protocol)) for name in strata)

    @cached_property
    def outcomes(self) -> Mapping[str, Outcome]:
        """Of each participant, whether the event happened."""
        return {one.code: event(one, self.endpoint, self.cohort) for one in self.people}

    @cached_property
    def times(self) -> Mapping[str, TimeToEvent]:
        """Of each participant, the time to the event or to censoring."""
        return {one.code: time_to_event(one, self.endpoint, self.cohort) for one in self.people}

    @cached_property
    def courses(self) -> Mapping[str, Mapping[str, float]]:
        """Of each participant, the numbers at every visit after baseline at which they are known."""
        return {one.code: course(one, self.endpoint, self.cohort) for one in self.people}

    @cached_property
    def numbers(self) -> Mapping[str, Measured]:
        """Of each participant, the numbers at baseline and at the end."""
        return {one.code: measured(one, self.endpoint, self.cohort) for one in self.people}


def told(question: Question, statistic: str, arm: str, result: Estimate | NotEstimable, **more: object) -> Statistic:
    """A statistic of a question, from what the statistics room gave back."""
    reference = question.reference if statistic in COMPARISONS else ""
    if isinstance(result, NotEstimable):
        row = Statistic(analysis=question.estimand.id, statistic=statistic, arm=arm, reference=reference, why=result)
    else:
        row = Statistic(
            analysis=question.estimand.id, statistic=statistic, arm=arm, reference=reference, estimate=result.estimate,
            standard_error=result.standard_error, lower=result.lower, upper=result.upper, p=result.p_value,
            method=result.method, why=result.why,
        )  # fmt: skip
    return replace(row, **more)  # type: ignore[arg-type]


# The statistics that compare an arm with the reference.
COMPARISONS = frozenset(
    {"risk_difference", "risk_ratio", "odds_ratio", "test", "hazard_ratio", "log_rank", "mean_difference"}
)
