"""Group-sequential designs and sample sizes as cases of other programs ask for them."""

from collections.abc import Callable
from dataclasses import replace
from math import inf, sqrt
from typing import Any, Final

from scipy.special import ndtri

from equipoise.statistics import (
    StoppingRule,
    conditional_power,
    events_sample_size,
    exit_probabilities,
    futility_design,
    group_sequential_design,
    hazard_from_risk,
    negative_binomial_sample_size,
    repeated_inference,
    sequential_inflation,
    survival_sample_size,
    two_proportions_sample_size,
)
from equipoise.validation.vector import NotMappedError, Vector

_POWER: Final = 0.8  # for which the cases print their factors
_YEAR: Final = 12  # months: by then the risks of the cases are reached


def _numbers(vector: Vector, name: str) -> list[float]:
    return [float(one) for one in vector.take(name)]


def _boundary(vector: Vector) -> dict[str, Any]:
    gamma = vector.take("gamma", None)
    rule = StoppingRule(vector.flavour, None if gamma is None else float(gamma))
    rates, alpha, sided = _numbers(vector, "information_rates"), vector.number("alpha"), int(vector.take("sided", 1))
    design = group_sequential_design(rates, rule, alpha=alpha, sided=sided)
    inflated = sequential_inflation(design, power=_POWER)
    return {
        "critical_values": design.upper,
        "alpha_spent": design.alpha_spent,
        "stage_levels_one_sided": design.stage_levels,
        "inflation_factor_power80": inflated.maximum,
        "avg_sample_size_factor_H1": inflated.expected_alternative,
        "avg_sample_size_factor_H0": inflated.expected_null,
    }


def _rule(written: str) -> StoppingRule:
    """A rule as "hwang_shih_decani gamma=-2"."""
    name, _, parameter = written.partition(" ")
    if parameter and not parameter.startswith("gamma="):
        raise NotMappedError(f"the rule {written!r} is not understood")
    return StoppingRule(name, float(parameter.removeprefix("gamma=")) if parameter else None)


def _futility(vector: Vector) -> dict[str, Any]:
    alpha, beta = vector.number("alpha"), vector.number("beta")
    design = futility_design(
        _numbers(vector, "information_rates"),
        _rule(vector.take("upper")),
        _rule(vector.take("lower")),
        alpha=alpha,
        beta=beta,
        binding=vector.method == "futility_binding",
    )
    if design.drift is None:
        raise ValueError("a design with futility has a drift")
    fixed = float(ndtri(1 - alpha) + ndtri(1 - beta))
    null, planned = exit_probabilities(design, 0.0), exit_probabilities(design, design.drift)
    return {
        "upper": design.upper,
        "lower": design.lower,
        "max_information_ratio": [(design.drift / fixed) ** 2 * share for share in design.fractions],
        "prob_upper_h0": null.upper,
        "prob_lower_h0": null.lower,
        "prob_upper_h1": planned.upper,
        "prob_lower_h1": planned.lower,
    }


def _exit(vector: Vector) -> dict[str, Any]:
    """Bounds that are given: a design with these looks, its bounds exchanged for them."""
    fractions, bounds = _numbers(vector, "information"), _numbers(vector, "bounds")
    made = group_sequential_design(fractions, StoppingRule("lan_demets_of"))
    design = replace(made, upper=tuple(bounds), lower=(-inf,) * len(bounds))
    found = [exit_probabilities(design, drift) for drift in _numbers(vector, "theta")]
    return {
        "prob": [list(look) for look in zip(*(one.upper for one in found), strict=True)],
        "expected_information": [one.expected_information for one in found],
    }


def _conditional_power(vector: Vector) -> dict[str, Any]:
    """Power at an interim look nobody planned, with the one final look at the critical value that is given."""
    made = group_sequential_design([1.0], StoppingRule("pocock"))
    design = replace(made, upper=(vector.number("final_critical", made.upper[0]),))
    fraction, z = vector.number("information_fraction"), vector.number("z")
    found = conditional_power(design, fraction, z, drift=vector.number("drift_h1"))
    return {
        "cp_null": found.null,
        "cp_current_trend": found.current_trend,
        "cp_h1": found.planned,
        "predictive_power_flat_prior": found.predictive,
    }


def _repeated(vector: Vector) -> dict[str, Any]:
    """Repeated intervals and p values at every look that has a statistic, or an estimate with its standard error."""
    gamma = vector.take("gamma", None)
    written = vector.one_of("boundary", "design", "rule", "type")
    rule = _rule(written) if gamma is None else StoppingRule(written, float(gamma))
    rates, alpha, sided = _numbers(vector, "information_rates"), vector.number("alpha"), int(vector.take("sided", 1))
    design = group_sequential_design(rates, rule, alpha=alpha, sided=sided)
    if "z" in vector:
        statistics = _numbers(vector, "z")
        errors = [1.0 / sqrt(vector.number("max_information", 1) * rate) for rate in rates]
    else:
        errors = _numbers(vector, "se")
        statistics = [one / error for one, error in zip(_numbers(vector, "estimate"), errors, strict=True)]
    found = [
        repeated_inference(design, look, z, maximum_information=1.0 / (rate * error**2))
        for look, (z, rate, error) in enumerate(zip(statistics, rates, errors, strict=False), start=1)
    ]
    return {
        "critical_values": list(design.upper),
        "estimate": [one.estimate for one in found],
        "lower": [one.lower for one in found],
        "upper": [one.upper for one in found],
        "p": [one.p_one_sided if sided == 1 else one.p_value for one in found],
    }


def _planned(vector: Vector) -> dict[str, Any]:
    return {
        "ratio": vector.number("allocation_treat_per_control", 1),
        "alpha": vector.number("alpha_two_sided", 0.05),
        "power": vector.number("power", _POWER),
    }


def _two_proportions(vector: Vector) -> dict[str, Any]:
    risks, planned = (vector.number("p_treat"), vector.number("p_control")), _planned(vector)
    methods = {"unpooled": "unpooled", "pooled": "pooled", "fleiss_cc": "continuity", "arcsine": "arcsine"}
    found = {name: two_proportions_sample_size(*risks, method=ours, **planned) for name, ours in methods.items()}
    pooled = found["pooled"]
    return {f"n_control_{name}": one.reference for name, one in found.items()} | {
        "n_total_pooled_rounded": sum(pooled.whole),
        "n_total": pooled.total,
        "n_treat": pooled.treatment,
        "n_control": pooled.reference,
    }


def _hazards(vector: Vector) -> tuple[float, float]:
    return hazard_from_risk(vector.number("p_treat"), _YEAR), hazard_from_risk(vector.number("p_control"), _YEAR)


def _events(vector: Vector) -> dict[str, Any]:
    """Without accrual everybody is followed until the risks are reached."""
    hazards, planned = _hazards(vector), _planned(vector)
    found = {"hazard_ratio": hazards[0] / hazards[1]}
    for method in ("schoenfeld", "freedman"):
        found[f"events_{method}"] = events_sample_size(found["hazard_ratio"], method=method, **planned)
        size = survival_sample_size(*hazards, accrual=0, follow_up=_YEAR, method=method, **planned)
        found[f"n_{method}"] = size.total
    return found


def _survival(vector: Vector) -> dict[str, Any]:
    hazards = _hazards(vector)
    found = survival_sample_size(
        *hazards,
        accrual=vector.number("accrual_months"),
        follow_up=vector.number("min_follow_up_months"),
        dropout=hazard_from_risk(vector.number("dropout_by_12m", 0), _YEAR),
        **_planned(vector),
    )
    return {"events": found.events, "n_total": found.total, "hazard_ratio": hazards[0] / hazards[1]}


def _recurrent_events(vector: Vector) -> dict[str, Any]:
    rates, planned = (vector.number("rate0"), vector.number("rate_ratio")), _planned(vector)
    more = {"dispersion": vector.number("dispersion_k"), "follow_up": vector.number("follow_up"), **planned}
    methods = {"method1": "reference_rate", "method2": "true_mean", "wald": "alternative"}
    return {
        f"n_per_arm_{name}": negative_binomial_sample_size(*rates, method=ours, **more).reference
        for name, ours in methods.items()
    }


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "boundary/*": _boundary,
    "futility_binding": _futility,
    "futility_nonbinding": _futility,
    "exit_probabilities": _exit,
    "conditional_power": _conditional_power,
    "repeated_ci_pvalue": _repeated,
    "two_proportions": _two_proportions,
    "rates_rpact": _two_proportions,
    "events_schoenfeld_freedman": _events,
    "survival_accrual_dropout": _survival,
    "nb_zhu_lakkis": _recurrent_events,
}
