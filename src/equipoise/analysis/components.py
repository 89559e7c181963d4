"""What an endpoint is made of: of each component, how many participants had it and how often, by arm."""

from collections.abc import Iterator

from equipoise.analysis.ard import Statistic, filled
from equipoise.analysis.cohort import Cohort
from equipoise.analysis.events import endpoint_of, outside, scheduled
from equipoise.conduct.environment import rule
from equipoise.protocol.schema import Component, Endpoint
from equipoise.statistics import proportion

COMPONENTS = "components"


def components(cohort: Cohort) -> Iterator[Statistic]:
    """Participants in whom a component's rule certainly held at an assessment of the endpoint, and at how many.

    Everybody randomised is counted. Components overlap: one assessment can show several.
    """
    for part in cohort.protocol.analysis.components:
        endpoint = endpoint_of(cohort.protocol, part.endpoint)
        for component in part.counted:
            yield from _counted(cohort, f"{COMPONENTS}/{part.id}", endpoint, component)


def _counted(cohort: Cohort, analysis: str, endpoint: Endpoint, component: Component) -> Iterator[Statistic]:
    expression, planned = rule(component.rule), scheduled(endpoint, cohort)
    for arm in cohort.arms:
        people = cohort.in_arm(arm)
        times = [
            sum(
                one.held(visit.id) is not None and expression.evaluate(one.history.at(visit.id)) is True
                for visit in (*planned, *outside(one, endpoint, cohort))
            )
            for one in people
        ]
        shown = sum(found > 0 for found in times)
        share = proportion(shown, len(people), level=1.0 - float(cohort.protocol.analysis.alpha))
        place = Statistic(
            analysis=analysis, statistic="participants", variable=component.id, arm=arm, n=shown, N=len(people)
        )
        yield filled(place, share)
        yield Statistic(analysis=analysis, statistic="assessments", variable=component.id, arm=arm, n=sum(times))
