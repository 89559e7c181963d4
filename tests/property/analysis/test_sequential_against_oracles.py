"""The bounds of looks and end together keep the error of the first kind, whatever was reached when they were held."""

from math import isclose

from designs_oracles import exits_by_simpson
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis.sequential import drift_of, planned_design
from equipoise.protocol.monitoring import Boundary

SPENDING = st.one_of(
    st.sampled_from([{"spending": "lan_demets_of"}, {"spending": "lan_demets_pocock"}]),
    st.sampled_from([-4, -1, 1]).map(lambda gamma: {"spending": "hwang_shih_decani", "parameter": gamma}),
    st.sampled_from(["0.8", "1", "3"]).map(lambda rho: {"spending": "kim_demets_power", "parameter": rho}),
)
PLANNED = 200
HELD = st.lists(st.integers(2, 19).map(lambda n: n * 10), unique=True, max_size=3).map(sorted)


def plan(efficacy, **more):
    return Boundary.model_validate(
        {"estimand": "e", "arm": "a", "information": PLANNED, "power": 0.8, "efficacy": efficacy} | more
    )


@given(SPENDING, HELD, st.integers(0, 12), st.sampled_from([1, 2]))
@settings(deadline=None, max_examples=40)
def test_looks_that_were_held_and_the_end_spend_alpha_and_no_more(efficacy, held, extra, sided):
    """The end has another information than planned; each look used the bound that could be known then."""
    end = max([*held, PLANNED - 60]) + 10 * extra + 10
    shares, times = [each / end for each in held], [each / PLANNED for each in held]
    design = planned_design(plan(efficacy, sided=sided), 0.05, (*shares, 1.0), (*times, 1.0))
    _, crossed = exits_by_simpson(design.fractions, design.lower, design.upper, 0.0)
    assert isclose(crossed.sum() * sided, 0.05, abs_tol=2e-6)
    for place in range(len(held)):  # as at the look itself, the rest still ahead
        used = planned_design(plan(efficacy, sided=sided), 0.05, (*times[: place + 1], 1.0))
        assert isclose(used.upper[place], design.upper[place], abs_tol=1e-6)


@given(SPENDING, HELD)
@settings(deadline=None, max_examples=25)
def test_the_effect_planned_for_is_the_one_that_gives_the_power(efficacy, held):
    design = planned_design(plan(efficacy), 0.025, (*(each / PLANNED for each in held), 1.0))
    _, crossed = exits_by_simpson(design.fractions, design.lower, design.upper, drift_of(design, 0.8))
    assert isclose(crossed.sum(), 0.8, abs_tol=2e-6)


@given(SPENDING, SPENDING, HELD)
@settings(deadline=None, max_examples=25)
def test_bounds_that_do_not_bind_cost_no_alpha_when_they_are_overruled(efficacy, futility, held):
    fractions = (*(each / PLANNED for each in held), 1.0)
    design = planned_design(plan(efficacy, futility=futility | {"beta": "0.2"}), 0.025, fractions)
    _, crossed = exits_by_simpson(fractions, [-50.0] * len(fractions), design.upper, 0.0)
    assert isclose(crossed.sum(), 0.025, abs_tol=2e-6)
    stopped, won = exits_by_simpson(fractions, design.lower, design.upper, design.drift)
    assert isclose(won.sum(), 0.8, abs_tol=2e-6)
    assert isclose(stopped.sum(), 0.2, abs_tol=2e-6)
