"""One estimand read aloud: the result in sentences."""

from collections.abc import Iterator

from equipoise.analysis import Statistic
from equipoise.reports.estimand_tables import PERCENT, Told
from equipoise.reports.numbers import DASH, limits, p_is, plain


def reading(told: Told) -> Iterator[str]:
    """The result in sentences, one or two for each comparison."""
    for arm in told.others:
        function = told.estimand.method.function
        effect = told.row(told.effect, arm)
        if not told.effect:
            continue
        names = {
            "label": told.label,
            "arm": told.tell.arm(arm),
            "reference": told.tell.arm(told.estimand.reference_arm),
        }
        if effect is None or effect.estimate is None:
            why = effect.why.words(told.tell.words.language) if effect is not None and effect.why else DASH
            yield told.tell.words("reading_none", **names, reason=why)
        else:
            yield from _READ[function](told, arm, effect, names)


def _read_event(told: Told, arm: str, effect: Statistic, names: dict[str, str]) -> Iterator[str]:
    words, reference = told.tell.words, told.estimand.reference_arm
    one, other, test = told.row("risk", arm), told.row("risk", reference), told.row("test", arm)
    if one is None or other is None:
        return
    yield words(
        "reading_event", **names, n1=one.n, N1=one.N, p1=_percent(one), n0=other.n, N0=other.N, p0=_percent(other),
        rd=_percent(effect),
        level=told.tell.level, ci=limits(effect, 1, scale=PERCENT), p=p_is(test.p if test else None),
    )  # fmt: skip
    unknown = [told.row("unknown", each) for each in (arm, reference)]
    variants = ("bound_arm_event", "bound_reference_event")
    bounds = [
        row.estimate for v in variants if (row := told.row("risk_difference", arm, v)) and row.estimate is not None
    ]
    if len(bounds) == len(variants) and any(row is not None and row.n for row in unknown):
        yield words(
            "reading_unknown", u1=unknown[0].n if unknown[0] else 0, u0=unknown[1].n if unknown[1] else 0,
            missing=words(f"counted_{told.estimand.method.missing or 'complete_case'}"),
            low=plain(min(bounds) * PERCENT), high=plain(max(bounds) * PERCENT),
        )  # fmt: skip


def _read_risk(told: Told, arm: str, effect: Statistic, names: dict[str, str]) -> Iterator[str]:
    one, other, test = told.row("risk", arm), told.row("risk", told.estimand.reference_arm), told.row("test", arm)
    yield told.tell.words(
        "reading_risk", **names, p1=_percent(one), p0=_percent(other), rd=_percent(effect), level=told.tell.level,
        ci=limits(effect, 1, scale=PERCENT), p=p_is(test.p if test else None),
    )  # fmt: skip


def _percent(row: Statistic | None) -> str:
    return plain(row.estimate * PERCENT if row is not None and row.estimate is not None else None)


def _read_mean(told: Told, arm: str, effect: Statistic, names: dict[str, str]) -> Iterator[str]:
    one, other = told.row("adjusted_mean", arm), told.row("adjusted_mean", told.estimand.reference_arm)
    yield told.tell.words(
        "reading_mean", **names, m1=plain(one.estimate if one else None, told.places),
        m0=plain(other.estimate if other else None, told.places), d=plain(effect.estimate, told.places),
        level=told.tell.level, ci=limits(effect, told.places), p=p_is(effect.p),
    )  # fmt: skip


def _read_time(told: Told, arm: str, effect: Statistic, names: dict[str, str]) -> Iterator[str]:
    test = told.row("test", arm)
    yield told.tell.words(
        "reading_time", **names, hr=plain(effect.estimate, 2), level=told.tell.level, ci=limits(effect, 2),
        p=p_is(test.p if test else None),
    )  # fmt: skip


def _read_rate(told: Told, arm: str, effect: Statistic, names: dict[str, str]) -> Iterator[str]:
    rates = [told.row("rate_per_year", each) for each in (arm, told.estimand.reference_arm)]
    r1, r0 = (plain(row.estimate if row else None, 2) for row in rates)
    yield told.tell.words(
        "reading_rate", **names, r1=r1, r0=r0, rr=plain(effect.estimate, 2), level=told.tell.level,
        ci=limits(effect, 2), p=p_is(effect.p),
    )  # fmt: skip


_READ = {
    "two_proportions": _read_event, "logistic": _read_event, "kaplan_meier": _read_risk, "ancova": _read_mean,
    "mmrm": _read_mean, "reference_based": _read_mean, "survival": _read_time, "negative_binomial": _read_rate,
    "andersen_gill": _read_rate,
}  # fmt: skip
