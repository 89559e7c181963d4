"""Designs and exact tests over the nearest peers: a multivariate normal integral, and scipy's Boschloo test."""

from collections.abc import Iterator

from benchmarks.claim import Claim, seconds

LOOKS = (0.2, 0.4, 0.6, 0.8, 1.0)
CELLS = (30, 116, 46, 115)


def claims() -> Iterator[Claim]:
    """Boundaries, stopping probabilities, and an unconditional exact test."""
    yield _boundaries()
    yield _stopping()
    yield from _exact()


def _boundaries() -> Claim:
    """The peer only checks the answer: one integral over the continuation region, to 1e-5."""
    from equipoise.statistics import StoppingRule, group_sequential_design

    rule = StoppingRule("lan_demets_of")
    design = group_sequential_design(LOOKS, rule)
    ours = seconds(lambda: group_sequential_design(LOOKS, rule), rounds=20)
    peer = seconds(lambda: _staying(design.upper), rounds=3)
    assert abs(1.0 - _staying(design.upper) - 0.025) < 1e-4
    assert ours < 5e-3, f"five looks take {ours * 1e3:.1f} ms"
    here = f"{ours * 1e3:.2f} ms against {peer * 1e3:.0f} ms"
    against = "one integral of scipy's multivariate normal, which would only check them"
    return Claim("the boundaries of five looks, error spent to 1e-12", against, ours / peer, here)


def _stopping() -> Claim:
    from equipoise.statistics import StoppingRule, exit_probabilities, group_sequential_design

    design = group_sequential_design(LOOKS, StoppingRule("lan_demets_of"))
    ours = seconds(lambda: exit_probabilities(design, 3.0), rounds=20)
    peer = seconds(lambda: [_staying(design.upper[: k + 1], 3.0) for k in range(5)], rounds=3)
    assert abs(1.0 - _staying(design.upper, 3.0) - exit_probabilities(design, 3.0).power) < 1e-4
    here = f"{ours * 1e3:.2f} ms against {peer * 1e3:.0f} ms"
    return Claim("stopping probabilities of five looks", "scipy's multivariate normal, look by look", ours / peer, here)


def _staying(upper: tuple[float, ...], drift: float = 0.0) -> float:
    """The chance that no bound has been crossed yet."""
    import numpy as np
    from scipy.stats import multivariate_normal

    root = np.sqrt(LOOKS[: len(upper)])
    covariance = np.minimum.outer(root, root) / np.maximum.outer(root, root)
    return float(multivariate_normal.cdf(upper, drift * root, covariance))


def _exact() -> Iterator[Claim]:
    """Both give the same number; ours adds the two-sided ordering and a bound on its error."""
    from scipy.stats import boschloo_exact

    from equipoise.statistics import TwoByTwo, unconditional_exact

    x1, n1, x0, n0 = CELLS
    table = TwoByTwo(treatment_events=x1, treatment_total=n1, reference_events=x0, reference_total=n0)
    matrix = [[x1, x0], [n1 - x1, n0 - x0]]
    assert abs(unconditional_exact(table).p_doubled - boschloo_exact(matrix).pvalue) < 1e-8
    ours, peer = seconds(lambda: unconditional_exact(table), rounds=5), seconds(lambda: boschloo_exact(matrix))
    here = f"{ours * 1e3:.1f} ms against {peer * 1e3:.0f} ms"
    what = f"Boschloo's test of {n1} and {n0} patients, its maximum certain"
    yield Claim(what, "scipy.stats.boschloo_exact", ours / peer, here)
