"""Two proportions adjusted for what was known before treatment: the odds ratio, and the risks it implies for all."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Participant, baseline_value, number
from equipoise.analysis.fit_proportions import UNKNOWN_AS, counts, risk_of
from equipoise.analysis.question import Question, told
from equipoise.items import write
from equipoise.protocol.schema import Method
from equipoise.statistics import LogisticFit, StandardisedRisks, logistic, standardised_risks
from equipoise.statistics.result import Floats


def adjusted_proportions(question: Question, method: Method) -> Iterator[Statistic]:
    """Odds ratio by logistic regression, and the standardised risk difference and ratio (g-computation).

    Adjusted for the method's covariates and the factors of the randomisation: a difference of risks does not change
    its meaning by adjustment, the odds ratio does. Who lacks a covariate is left out of the model.
    """
    for arm in question.cohort.arms:
        outcomes = [question.outcomes[one.code] for one in question.in_arm(arm)]
        yield from risk_of(question, arm, *counts(outcomes, UNKNOWN_AS[method.missing]))
    for arm in question.others:
        yield from _compared(question, method, arm)


def _compared(question: Question, method: Method, arm: str) -> Iterator[Statistic]:
    names = tuple(dict.fromkeys((*method.covariates, *question.cohort.protocol.randomisation.strata)))
    modelled = [each for each in _with_outcome(question, method, arm) if known_of(question, each[0], names)]
    people, outcome = [one for one, _ in modelled], [state for _, state in modelled]
    treated = [float(one.arm == arm) for one in people]
    columns, titles = columns_of(question, people, names)
    fit = logistic(outcome, np.column_stack([treated, columns]), names=[arm, *titles], level=question.level)
    odds = fit.odds_ratio(arm) if isinstance(fit, LogisticFit) else fit
    risks = standardised_risks(outcome, treated, columns, names=titles, level=question.level)
    yield told(question, "odds_ratio", arm, odds, N=len(people))
    yield replace(told(question, "test", arm, odds), standard_error=None, lower=None, upper=None)
    if isinstance(risks, StandardisedRisks):
        yield told(question, "risk_difference", arm, risks.difference, N=len(people))
        yield told(question, "risk_ratio", arm, risks.ratio, N=len(people))
        for each, risk in ((arm, risks.treatment), (question.reference, risks.reference)):
            yield told(question, "standardised_risk", each, risk, variable=arm, N=len(people))
    else:
        yield told(question, "risk_difference", arm, risks, N=len(people))
        yield told(question, "risk_ratio", arm, risks, N=len(people))


def _with_outcome(question: Question, method: Method, arm: str) -> Iterator[tuple[Participant, float]]:
    """The people of the two arms with an outcome, as 1 or 0, once the unknown are taken as the method says."""
    for one in question.people:
        state = question.outcomes[one.code].state
        taken = number(UNKNOWN_AS[method.missing] if state is None else state)
        if one.arm in (arm, question.reference) and taken is not None:
            yield one, taken


def known_of(question: Question, one: Participant, names: Sequence[str]) -> bool:
    """Whether all these values of a participant are known at baseline."""
    return all(baseline_value(one, name, question.cohort.protocol) is not None for name in names)


def columns_of(question: Question, people: Sequence[Participant], names: Sequence[str]) -> tuple[Floats, list[str]]:
    """A column for each number, and one for each level of a category but the first; what does not vary has none."""
    columns: list[list[float]] = []
    titles: list[str] = []
    for name in names:
        values = [baseline_value(one, name, question.cohort.protocol) for one in people]
        numbers = [number(value) for value in values]
        if None in numbers:
            written = [str(write(value)) for value in values]
            for level in sorted(set(written))[1:]:
                columns.append([float(each == level) for each in written])
                titles.append(f"{name} {level}")
        elif len(set(numbers)) > 1:
            columns.append([float(each) for each in numbers if each is not None])
            titles.append(name)
    return np.array(columns, dtype=np.float64).reshape(len(columns), len(people)).T, titles
