"""What happens to one participant: when events begin, when they are seen, what is measured, when the person leaves."""

from typing import Any, Final

import numpy as np

from equipoise.simulation.design.compiling import compiled, inlined, inner
from equipoise.simulation.design.philox_kernels import (
    CHARACTER,
    EVENTS,
    VISITS,
    fill_blocks,
    fine_unit,
    gamma,
    normal,
    unit,
    words,
)

_FRAILTY: Final = CHARACTER + 16

# Rows of what is known of a participant's assessments.
DAY: Final = 0
ATTENDED: Final = 1
STATE: Final = 2  # 1 yes, 0 no, −1 unknown
SCORE: Final = 3
DOSE: Final = 4


@compiled
def onset(need: float, hazards: Any, arm: int) -> Any:
    """The day on which an arm's cumulative hazard reaches `need`; infinity if it never does."""
    piece = hazards.starts.size - 1
    while piece > 0 and hazards.cumulative[arm, piece] > need:
        piece -= 1
    rate = hazards.rates[arm, piece]
    if rate <= 0.0:
        return np.inf
    power = (need - hazards.cumulative[arm, piece]) / rate + hazards.powers[piece]
    return power if hazards.shape == 1.0 else power ** (1.0 / hazards.shape)


@compiled
def cumulative_hazard(day: float, hazards: Any, arm: int) -> Any:
    """The cumulative hazard of an arm by a day."""
    piece = hazards.starts.size - 1
    while piece > 0 and hazards.starts[piece] > day:
        piece -= 1
    power = day if hazards.shape == 1.0 else day**hazards.shape
    return hazards.cumulative[arm, piece] + hazards.rates[arm, piece] * (power - hazards.powers[piece])


@compiled
def onset_after_stop(need: float, hazards: Any, arm: int, reference: int, stop: float) -> Any:
    """As `onset`, where from the day `stop` on the hazard is that of the reference arm."""
    if stop == np.inf:
        return onset(need, hazards, arm)
    until = cumulative_hazard(stop, hazards, arm)
    if need <= until:
        return onset(need, hazards, arm)
    return onset(need - until + cumulative_hazard(stop, hazards, reference), hazards, reference)


@compiled
def cumulative_after_stop(day: float, hazards: Any, arm: int, reference: int, stop: float) -> Any:
    """The cumulative hazard by a day, where from the day `stop` on the hazard is that of the reference arm."""
    if day <= stop:
        return cumulative_hazard(day, hazards, arm)
    since = cumulative_hazard(day, hazards, reference) - cumulative_hazard(stop, hazards, reference)
    return cumulative_hazard(stop, hazards, arm) + since


@inlined
def onset_in_life(need: float, plan: Any, arm: int, stop: float, begun: float) -> Any:
    """As `onset_after_stop`, where from the day `begun` on a medication changes the hazard."""
    hazards, reference, factor = plan.hazards, plan.allocation.reference, plan.prohibited.factor
    if begun < np.inf and factor != 1.0:
        until = cumulative_after_stop(begun, hazards, arm, reference, stop)
        need = need if need <= until else until + (need - until) / factor
    return onset_after_stop(need, hazards, arm, reference, stop)


@inlined
def frailty(participant: int, trial: int, key: Any, hazards: Any) -> Any:
    """The factor of a participant's hazard: gamma of mean 1."""
    if hazards.frailty == 0.0:
        return 1.0
    return hazards.frailty * gamma(1.0 / hazards.frailty, participant, _FRAILTY, trial, key)


@inlined
def waiting(point: Any, rate: float) -> Any:
    """The day on which something of a constant rate happens; infinity if never."""
    return -np.log(unit(point)) / rate if rate > 0.0 else np.inf


@inner
def turns(participant: int, arm: int, trial: int, key: Any, plan: Any) -> Any:
    """The days on which a participant stops treatment, dies, and begins medication that is not permitted."""
    stops, dies, begins = plan.leaving.stops[arm], plan.leaving.dies[arm], plan.prohibited.begins[arm]
    if stops == 0.0 and dies == 0.0 and begins == 0.0:
        return np.inf, np.inf, np.inf
    first, _, third, fourth = words(participant, CHARACTER, trial, key)
    return waiting(first, stops), waiting(third, dies), waiting(fourth, begins)


@inner
def score_ahead(participant: int, plan: Any, values: Any) -> float:
    """How much more the score of a participant is, by what is known at baseline."""
    covariates, total = plan.covariates, 0.0
    for place in range(covariates.levels.size):
        value = values[place, participant]
        if covariates.levels[place] > 0:
            total += covariates.score[place, int(value)]
        else:
            total += covariates.score[place, 0] * (value - covariates.law[place, 0])
    return total


@inlined
def measured(latent: float, shift: float, score: Any) -> Any:
    """What is written down for a latent score: rounded to its step and kept in its range."""
    return min(max(np.round((latent + shift) / score.step) * score.step, score.low), score.high)


@inlined
def starting_dose(participant: int, trial: int, key: Any, dose: Any) -> Any:
    """The dose at baseline."""
    point, place = unit(words(participant, CHARACTER, trial, key)[1]), 0
    while place < dose.ends.size - 1 and point >= dose.ends[place]:
        place += 1
    return dose.starts[place]


@inner
def prognosis(participant: int, trial: int, key: Any, plan: Any, values: Any) -> Any:
    """What is known at baseline adds this to the logarithm of a participant's hazard."""
    covariates, total = plan.covariates, 0.0
    for place in range(covariates.levels.size):
        value = values[place, participant]
        if covariates.levels[place] > 0:
            total += covariates.hazard[place, int(value)]
        else:
            total += covariates.hazard[place, 0] * (value - covariates.law[place, 0])
    if covariates.measured[0] != 0.0:
        latent = normal(unit(words(participant, VISITS, trial, key)[0]))
        score = plan.score.mean + score_ahead(participant, plan, values) + plan.score.deviation * latent
        total += covariates.measured[0] * (measured(score, 0.0, plan.score) - plan.score.mean)
    if covariates.measured[1] != 0.0:
        dose = starting_dose(participant, trial, key, plan.dose)
        total += covariates.measured[1] * (dose - covariates.mean_dose)
    return total


@inlined
def next_dose(now: float, seen: bool, severe: bool, peace: float, dose: Any) -> Any:
    """The dose after an assessment: raised for an event, lowered after long enough a peace."""
    if seen:
        return min(now + (dose.severe_rise if severe else dose.rise), dose.most)
    return max(now - dose.taper, min(now, dose.least)) if peace >= dose.every else now


@inlined
def next_onset(
    number: int, need: float, factor: float, arm: int, stop: float, begun: float,
    participant: int, trial: int, key: Any, plan: Any,
) -> Any:  # fmt: skip
    """Cumulative hazard and day of the next event, how long it lasts, and whether it is severe; `need` is the last's.

    The first event's cumulative hazard is given by the core draw; of those after it only recurrent ones happen.
    """
    a, b, c, d = words(participant, EVENTS + number, trial, key)
    if number > 0:
        need += -np.log(fine_unit(a, b)) / factor
    begins = np.inf
    if number == 0 or plan.hazards.recurrent:
        begins = onset_in_life(need, plan, arm, stop, begun)
    lasts = plan.score.shortest + unit(c) * (plan.score.longest - plan.score.shortest)
    return need, begins, lasts, unit(d) < plan.dose.severe


@inlined
def day_of_visit(place: int, deviate: float, visits: Any) -> Any:
    """The day on which a visit takes place: near its target, within its window."""
    shift = np.round(visits.spread * deviate)
    return min(max(visits.days[place] + shift, visits.earliest[place]), visits.latest[place])


@inlined
def attends(point: float, day: float, entered: float, visits: Any) -> Any:
    """Whether a visit due is held."""
    closed = visits.lockdown_first <= np.floor(entered) + day <= visits.lockdown_last
    return point >= (visits.lockdown_missed if closed else visits.missed)


@inlined
def judged(point: float, new: bool, visits: Any) -> int:
    """What the assessment says: yes, no or unknown, with the errors of the index."""
    if point < visits.unknown:
        return -1
    chance = visits.sensitivity if new else 1.0 - visits.specificity
    return 1 if (point - visits.unknown) / (1.0 - visits.unknown) < chance else 0


@inlined
def follow(
    participant: int, arm: int, first: float, factor: float, leaves: float, stop: float, begun: float, ahead: float,
    entered: float, trial: int, key: Any, plan: Any, drawn: Any, course: Any,
) -> int:  # fmt: skip
    """A participant's assessments into `course` (rows × visits), until the person leaves; how many events began.

    `first` is the uniform behind the first event, `factor` multiplies the hazard; `leaves`, `stop` (where it matters),
    `begun` (of medication not permitted) and `entered` are days, `ahead` is added to the score throughout.
    An event is judged at the first assessment after it began whose answer is known.
    """
    visits, score, dose = plan.visits, plan.score, plan.dose
    fill_blocks(drawn, participant, VISITS, trial, key)
    for place in range(course.shape[1]):
        course[ATTENDED, place] = 0.0
    need, begins, lasts, severe = next_onset(
        0, -np.log(first) / factor, factor, arm, stop, begun, participant, trial, key, plan
    )
    events, pending, seen_severe, until, peace, last_day = 0, False, False, -1.0, 0.0, 0.0
    latent, mean, found = normal(unit(drawn[0, 0])), score.mean + ahead, False
    course[SCORE, 0] = measured(mean + score.deviation * latent, 0.0, score)
    course[DOSE, 0] = now = starting_dose(participant, trial, key, dose) if dose.given else 0.0
    for place in range(1, visits.days.size + 1):
        day = day_of_visit(place - 1, normal(unit(drawn[2, place])) if visits.spread > 0.0 else 0.0, visits)
        if day >= leaves:
            break
        while begins <= day:
            events, pending, until, seen_severe = events + 1, True, begins + lasts, seen_severe or severe
            need, begins, lasts, severe = next_onset(
                events, need, factor, arm, stop, begun, participant, trial, key, plan
            )
        if score.measured:
            same = score.kept[int(day - last_day)]
            latent = same * latent + np.sqrt(1.0 - same * same) * normal(unit(drawn[0, place]))
        course[DAY, place] = day
        peace, last_day = peace + day - last_day, day
        if not attends(unit(drawn[1, place]), day, entered, visits):
            continue
        state = judged(unit(drawn[3, place]), pending, visits)
        if begun <= day and not found:
            found, state = True, 1 if plan.prohibited.shown else state
        if dose.given:
            now = next_dose(now, state == 1, seen_severe, peace, dose)
            peace = 0.0 if state == 1 or peace >= dose.every else peace
        if state >= 0:
            pending, seen_severe = False, False
        shift = score.change[arm] * day / plan.horizon + (score.in_event if day < until else 0.0)
        shift += plan.prohibited.score if begun <= day else 0.0
        course[ATTENDED, place], course[STATE, place], course[DOSE, place] = 1.0, state, now
        course[SCORE, place] = measured(mean + score.deviation * latent, shift, score)
    return events


@inlined
def first_seen(course: Any) -> tuple[float, int, int]:
    """Day, event and state of a participant's endpoint, as the analysis reads it from assessments.

    The day is that of the first assessment that shows the event or else of the last that shows none (0 without any);
    the state is 1 with the event, 0 when every assessment attended says no and the last scheduled one is among them.
    """
    last_no, unknown, last = 0.0, False, course.shape[1] - 1
    for place in range(1, last + 1):
        if course[ATTENDED, place] == 0.0:
            continue
        if course[STATE, place] == 1.0:
            return course[DAY, place], 1, 1
        if course[STATE, place] == 0.0:
            last_no = course[DAY, place]
        else:
            unknown = True
    return last_no, 0, 0 if course[ATTENDED, last] == 1.0 and not unknown else -1
