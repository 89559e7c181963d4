"""The trial that the tests of the report tell: two arms, an event, a mean, one who failed screening."""

from analysis_trials import GONE, SAME, arm_of, estimand, opened, person, with_estimands

from equipoise.reports import Provenance

PROVENANCE = Provenance("d" * 64, "a" * 64, 42, software="Equipoise 1", seed="7")
EVENT = {"term": "Cold", "kind": "infection", "serious": True, "related": True}


def course(*itching):
    """The itching at week 0, week 4 and week 8."""
    return dict(zip(("week_0", "week_4", "week_8"), itching, strict=True))


ARMS = {  # five better of nine, two better of eight; one of each arm has no last visit
    "active": [
        *arm_of("01", [course(6, 6, 4), course(7, 6, 5), course(8, 7, 5), SAME]),
        *arm_of("02", [course(7, 7, 4), course(5, 4, 2), course(6, 5, 7), GONE]),
        person("01-050", SAME, events=[EVENT]),
    ],
    "control": [
        *arm_of("01", [course(7, 6, 5), SAME, course(5, 5, 6), course(8, 8, 7)], 501),
        *arm_of("02", [course(6, 6, 4), course(7, 7, 6), course(6, 5, 7), GONE], 501),
    ],
}
FAILED = person("02-090", randomised=None, screen_failure=("I2",))
ASKED = estimand(
    "better", "two_proportions", missing="event", test="chi_square", interval="newcombe",
    sensitivity=[{"missing": "no_event"}],
)  # fmt: skip
PROTOCOL = with_estimands(ASKED, estimand("itch", "ancova", id_="means"))
OPENED = opened(ARMS, FAILED)
