"""One estimand read aloud: the result in sentences."""

from collections.abc import Iterator

from equipoise.analysis import Statistic
from equipoise.reports.estimand_tables import EFFECT, PERCENT, Told
from equipoise.reports.numbers import DASH, limits, p_value, plain


def reading(told: Told) -> Iterator[str]:
    """The result in sentences, one or two for each comparison."""
    for arm in told.others:
        function = told.estimand.method.function
        effect = told.row(EFFECT.get(function, ""), arm)
        if function == "summary":
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
        "reading_event", **names, n1=one.n, N1=one.N, p1=plain((one.estimate or 0.0) * PERCENT),
        n0=other.n, N0=other.N, p0=plain((other.estimate or 0.0) * PERCENT),
        rd=plain(effect.estimate * PERCENT if effect.estimate is not None else None),
        level=told.tell.level, ci=limits(effect, 1, scale=PERCENT), p=p_value(test.p if test else None),
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


def _read_mean(told: Told, arm: str, effect: Statistic, names: dict[str, str]) -> Iterator[str]:
    one, other = told.row("adjusted_mean", arm), told.row("adjusted_mean", told.estimand.reference_arm)
    yield told.tell.words(
        "reading_mean", **names, m1=plain(one.estimate if one else None, told.places),
        m0=plain(other.estimate if other else None, told.places), d=plain(effect.estimate, told.places),
        level=told.tell.level, ci=limits(effect, told.places), p=p_value(effect.p),
    )  # fmt: skip


def _read_time(told: Told, arm: str, effect: Statistic, names: dict[str, str]) -> Iterator[str]:
    test = told.row("test", arm)
    yield told.tell.words(
        "reading_time", **names, hr=plain(effect.estimate, 2), level=told.tell.level, ci=limits(effect, 2),
        p=p_value(test.p if test else None),
    )  # fmt: skip


_READ = {"two_proportions": _read_event, "ancova": _read_mean, "mmrm": _read_mean, "survival": _read_time}
