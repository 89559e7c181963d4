"""What is asked of the data: an estimand with its endpoint, its people, its strategies and its confidence level."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from equipoise.analysis.ard import Statistic, filled
from equipoise.analysis.cohort import Cohort, Participant, baseline_value
from equipoise.analysis.episodes import Episodes, episodes
from equipoise.analysis.events import (
    Measured,
    Outcome,
    TimeToEvent,
    course,
    endpoint_of,
    event,
    measured,
    scheduled,
    time_to_event,
)
from equipoise.analysis.intercurrent import Intercurrent, course_under, decisive, outcome_under, time_under
from equipoise.analysis.sets import Members
from equipoise.protocol.schema import Endpoint, Estimand, Method
from equipoise.statistics import Estimate, NotEstimable


@dataclass(frozen=True, eq=False)
class Question:
    """An estimand ready to be estimated. What each participant contributes is read once."""

    estimand: Estimand
    endpoint: Endpoint
    cohort: Cohort
    people: tuple[Participant, ...]
    strategies: Mapping[str, str]
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

    def among(self, people: tuple[Participant, ...]) -> "Question":
        """The same question of fewer people."""
        return replace(self, people=people)

    def stratum(self, one: Participant, strata: tuple[str, ...]) -> str:
        """The stratum of a participant: the baseline values of these names, an unknown one as a level of its own."""
        return " / ".join(str(baseline_value(one, name, self.cohort.protocol)) for name in strata)

    @cached_property
    def intercurrent(self) -> Mapping[str, Intercurrent | None]:
        """Of each participant, the intercurrent event that decides what is contributed."""
        return {one.code: decisive(one, self.endpoint, self.cohort, self.strategies) for one in self.people}

    @cached_property
    def observed(self) -> Mapping[str, Outcome]:
        """Of each participant, whether the event was seen to happen, whatever else happened to them."""
        return {one.code: event(one, self.endpoint, self.cohort) for one in self.people}

    @cached_property
    def outcomes(self) -> Mapping[str, Outcome]:
        """Of each participant, whether the event happened, under the strategies."""
        return {
            one.code: outcome_under(
                self.intercurrent[one.code], one, self.endpoint, self.cohort, self.observed[one.code]
            )
            for one in self.people
        }

    @cached_property
    def unknown(self) -> Mapping[str, Outcome]:
        """Those whose outcome was not seen or was set aside, with the reason: no strategy makes it known."""
        found: dict[str, Outcome] = {}
        for one in self.people:
            for outcome in (self.observed[one.code], self.outcomes[one.code]):
                if outcome.state is None:
                    found.setdefault(one.code, outcome)
        return found

    @cached_property
    def times(self) -> Mapping[str, TimeToEvent]:
        """Of each participant, the time to the event or to censoring, under the strategies."""
        found, endpoint, cohort = self.intercurrent, self.endpoint, self.cohort
        return {
            one.code: time_under(found[one.code], one, endpoint, cohort, time_to_event(one, endpoint, cohort))
            for one in self.people
        }

    @cached_property
    def courses(self) -> Mapping[str, Mapping[str, float]]:
        """Of each participant, the numbers at every visit after baseline at which they are known and count."""
        return {
            one.code: course_under(
                self.intercurrent[one.code], one, self.endpoint, course(one, self.endpoint, self.cohort)
            )
            for one in self.people
        }

    @cached_property
    def numbers(self) -> Mapping[str, Measured]:
        """Of each participant, the numbers at baseline and at the end, under the strategies."""
        return {one.code: self._measured(one) for one in self.people}

    def _measured(self, one: Participant) -> Measured:
        found = measured(one, self.endpoint, self.cohort)
        if self.intercurrent[one.code] is None:
            return found
        known = self.courses[one.code]
        complete = all(visit.id in known for visit in scheduled(self.endpoint, self.cohort))
        return Measured(found.baseline, known.get(self.endpoint.through), found.baseline is not None and complete)

    @cached_property
    def episodes(self) -> Mapping[str, Episodes]:
        """Of each participant, the episodes of a counted event until the end or until values are set aside."""
        found = self.intercurrent
        return {
            one.code: episodes(one, self.endpoint, self.cohort, until=at.on if (at := found[one.code]) else None)
            for one in self.people
        }


def question(estimand: Estimand, cohort: Cohort, sets: Mapping[str, Members], method: Method | None = None) -> Question:
    """An estimand's question, or that of one of its sensitivity analyses with what that one asks otherwise."""
    how = method or estimand.method
    return Question(
        estimand=estimand,
        endpoint=endpoint_of(cohort.protocol, how.endpoint or estimand.endpoint),
        cohort=cohort,
        people=sets[how.population or estimand.population].of(cohort),
        strategies=estimand.strategies(how),
        level=1.0 - float(cohort.protocol.analysis.alpha),
    )


def told(question: Question, statistic: str, arm: str, result: Estimate | NotEstimable, **more: object) -> Statistic:
    """A statistic of a question, from what the statistics room gave back."""
    reference = question.reference if statistic in COMPARISONS else ""
    place = Statistic(analysis=question.estimand.id, statistic=statistic, arm=arm, reference=reference)
    return replace(filled(place, result), **more)  # type: ignore[arg-type]


# The statistics that compare an arm with the reference.
COMPARISONS = frozenset(
    {"risk_difference", "risk_ratio", "odds_ratio", "test", "hazard_ratio", "log_rank", "mean_difference", "rate_ratio"}
)

# What each function estimates; one that is not here compares nothing.
EFFECTS = {
    "two_proportions": "risk_difference", "logistic": "risk_difference", "kaplan_meier": "risk_difference",
    "survival": "hazard_ratio", "ancova": "mean_difference", "mmrm": "mean_difference",
    "reference_based": "mean_difference",
    "negative_binomial": "rate_ratio", "andersen_gill": "rate_ratio",
}  # fmt: skip
