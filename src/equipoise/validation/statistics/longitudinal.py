"""Mixed models and reference-based imputation as cases of other programs ask for them.

Those programs stop their optimiser before the maximum of the likelihood: mmrm at a −2 log L that is higher than ours by
2e-7 in the cases that say it, rbmi by 2e-6 as far as its estimates tell. What follows from the fit is therefore held to
a share of its standard error that no report prints; the likelihood itself to the tolerance of the case.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from equipoise.statistics import Estimate, MixedModelFit, NotEstimable, mmrm, mmrm_by_visit, reference_based
from equipoise.statistics.numerics.distributions import normal_p, t_p
from equipoise.validation.statistics.visit_formula import (
    VisitFormula,
    Visits,
    read_visit_formula,
    read_visits,
    treatment_contrasts,
)
from equipoise.validation.vector import NotMappedError, Vector
from equipoise.validation.verdict import Near

# The share of a standard error by which a fit that stops early may be off.
_OF_AN_ERROR: Final = 5e-4
_FREEDOMS: Final = {
    "Satterthwaite": "satterthwaite",
    "Kenward-Roger": "kenward_roger",
    "Kenward-Roger-Linear": "kenward_roger_linear",
}


def _near(values: Any, errors: Any) -> list[Near]:
    """Numbers with their standard errors."""
    return [Near(float(one), _OF_AN_ERROR * float(error)) for one, error in zip(values, errors, strict=True)]


def _told(estimates: Sequence[Estimate], name: str) -> dict[str, list[Any]]:
    """Estimates with all that is printed about them, under the names of the cases."""
    if any(one.standard_error is None for one in estimates):
        return {name: [one.estimate for one in estimates], "se": [None for _ in estimates]}
    errors = [one.standard_error for one in estimates]
    limits = [3.0 * (one.standard_error or 0.0) for one in estimates]  # an estimate and two errors more or less
    moved = [1.0 + abs(one.statistic or 0.0) for one in estimates]
    degrees = [one.degrees_of_freedom for one in estimates]
    return {
        name: _near([one.estimate for one in estimates], errors),
        "se": _near(errors, errors),
        "lower": _near([one.lower for one in estimates], limits),
        "upper": _near([one.upper for one in estimates], limits),
        "t": _near([one.statistic for one in estimates], moved),
        "p": [_p_value(one, _OF_AN_ERROR * step) for one, step in zip(estimates, moved, strict=True)],
    } | ({} if None in degrees else {"df": _near(degrees, degrees)})


def _p_value(one: Estimate, step: float) -> Near:
    """The p value, and how much it moves with a step of the statistic towards zero."""
    size, freedom = abs(one.statistic or 0.0) - step, one.degrees_of_freedom
    moved = normal_p(max(size, 0.0)) if freedom is None else t_p(max(size, 0.0), freedom)
    return Near(one.p_value or 0.0, moved - (one.p_value or 0.0))


def _coefficients(vector: Vector, formula: VisitFormula, data: Visits, structure: str) -> MixedModelFit | NotEstimable:
    names, X = treatment_contrasts(formula, data)
    kind: Any = structure
    reml = bool(vector.take("reml", True))
    return mmrm(data.outcome, X, data.subject, data.visit, names=names, structure=kind, reml=reml)


def _fit_of(fit: MixedModelFit, error: str) -> dict[str, Any]:
    """What a case may say about the fit itself."""
    deviation = np.sqrt(np.diag(fit.visit_covariance))
    return {
        "coef_names": list(fit.names),
        "coef": _near(fit.coefficients, fit.standard_errors),
        error: _near(fit.standard_errors, fit.standard_errors),
        "neg2loglik": -2.0 * fit.log_likelihood,
        "covariance": [_near(*row) for row in zip(fit.visit_covariance, np.outer(deviation, deviation), strict=True)],
    }


def _mixed_model(vector: Vector) -> dict[str, Any]:
    """`mmrm/STRUCTURE/INFERENCE`, where ML stands for the fit alone: arm 1 against arm 0 at every visit."""
    structure, _, inference = vector.flavour.partition("/")
    if inference not in (*_FREEDOMS, "ML"):
        raise NotMappedError(f"there is no inference {inference!r} after a mixed model")
    formula = read_visit_formula(vector.take("formula"))
    data = read_visits(vector, formula).observed()
    fit = _coefficients(vector, formula, data, structure)
    if isinstance(fit, NotEstimable):
        return {"coef": None, "diff": None}
    if inference == "ML":
        return _fit_of(fit, "se")
    kind: Any = structure
    freedom: Any = _FREEDOMS[inference]
    found = mmrm_by_visit(
        data.outcome,
        data.arm,
        data.subject,
        data.visit,
        data.covariates,
        reference=data.arms[0],
        by_visit=formula.by_visit,
        structure=kind,
        freedom=freedom,
    )
    if isinstance(found, NotEstimable):
        return {"diff": None}
    means = [one for row in found.adjusted_means for one in row]
    errors = [one.standard_error for one in means]
    return {
        **_fit_of(fit, "se_coef"),
        **_told(_only_difference(found.differences), "diff"),
        "visit": data.weeks,
        "lsmean": _near([one.estimate for one in means], errors),
        "lsmean_se": _near(errors, errors),
    }


def _only_difference(differences: Sequence[Sequence[Estimate]]) -> list[Estimate]:
    if any(len(row) != 1 for row in differences):
        raise NotMappedError("more than two arms")
    return [row[0] for row in differences]


def _generalised_least_squares(vector: Vector) -> dict[str, Any]:
    """`gls/STRUCTURE`: the fit alone, with the model's standard errors."""
    formula = read_visit_formula(vector.take("formula"))
    data = read_visits(vector, formula).observed()
    fit = _coefficients(vector, formula, data, vector.flavour)
    return {"coef": None} if isinstance(fit, NotEstimable) else _fit_of(fit, "se_model")


def _imputed(vector: Vector) -> dict[str, Any]:
    """Conditional-mean imputation with the jackknife; a patient withdraws after the last value there is."""
    formula = read_visit_formula(vector.take("imputation_model"))
    asked = [part.strip() for part in vector.take("imputation_model").split(",")[1:]]
    analysis = f"ANCOVA {formula.outcome}~{'+'.join((*formula.covariates, 'arm'))} per visit"
    said = (vector.take("strategy_from", "first visit after last observed"), vector.take("analysis", analysis), asked)
    if said != ("first visit after last observed", analysis, ["unstructured", "REML"]):
        raise NotMappedError(f"the imputation {said} is not understood")
    data = read_visits(vector, formula)
    kind: Any = vector.take("strategy", vector.flavour)
    found = reference_based(
        data.outcome,
        data.arm,
        data.subject,
        data.visit,
        data.covariates,
        reference=str(vector.take("reference", data.arms[0])).removeprefix("arm "),
        withdrawn_after=_withdrawals(data),
        strategy=kind,
        by_visit=formula.by_visit,
        level=vector.number("conf_level", 0.95),
    )
    if isinstance(found, NotEstimable):
        return {"est": None}
    told = _told(_only_difference(found.differences), "est")
    return {"parameter": [f"trt_{week}" for week in data.weeks], **told}


def _withdrawals(data: Visits) -> dict[str, int | None]:
    """The last visit with a value of everybody who lacks later ones."""
    last: dict[str, int | None] = dict.fromkeys(data.subject)
    observed = data.observed()
    for patient, visit in zip(observed.subject, observed.visit, strict=True):
        last[patient] = max(visit, last[patient] or visit)
    return {patient: visit for patient, visit in last.items() if visit != data.weeks[-1]}


ADAPTERS: Final[dict[str, Callable[[Vector], Any]]] = {
    "mmrm/*": _mixed_model,
    "gls/*": _generalised_least_squares,
    "rbmi_condmean_jackknife/*": _imputed,
}
