"""The SELENA-SLEDAI Flare Index: no flare, a mild or moderate one, or a severe one, against a reference assessment.

One criterion is enough and severe overrides. The answer is three-valued: a flare is certain once any criterion is
certainly met, and excluded only when every criterion is known not to be. Which assessment is the reference, which
weight, and over how many days prednisone is averaged are the protocol's to say; this rule compares what it is given.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from equipoise.instruments.activity.sfi_columns import compute_columns
from equipoise.instruments.activity.sfi_rules import CRITERIA, LIMITS, SEVERE_CRITERIA, Rules, rules
from equipoise.instruments.definition import define
from equipoise.instruments.instrument import NO_SETTINGS
from equipoise.instruments.logic import above, all_of, any_of, negated, rise
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome, Result
from equipoise.items.item import Answer, Value


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """The severity, whether there is a flare, and each criterion; `contributions` are the triggers that fired."""
    in_force = rules(variant, choices)
    criteria = _criteria(given, in_force)
    severe = any_of(criteria[name] for name in SEVERE_CRITERIA)
    # A certain rise of prednisone is a flare even when the weight, and so the severity, is unknown.
    rose = "mm3_prednisone" not in in_force.drops and _prednisone_rose(given)
    flare = any_of((*criteria.values(), rose or False))
    severity = _severity(flare, severe)
    return Outcome(
        results={
            "severity": severity,
            "flare": flare,
            "severe": severe,
            "mild_moderate": all_of((flare, negated(severe))),
            **criteria,
            "rated": _rated(severity, given, in_force),
        },
        unknown=_lacking(given, in_force, criteria, flare) if severity in (None, "flare_severity_unknown") else (),
        contributions={
            name: "severe" if name in SEVERE_CRITERIA else "mild_moderate" for name in CRITERIA if criteria[name]
        },
    )


def _severity(flare: bool | None, severe: bool | None) -> Value | None:
    match flare, severe:
        case _, True:
            return "severe"
        case True, None:
            return "flare_severity_unknown"
        case True, False:
            return "mild_moderate"
        case False, _:
            return "none"
    return None


def _rated(severity: Value | None, given: Given, in_force: Rules) -> Value | None:
    """The severity with a mild or moderate flare told apart by the rater, in the variant that asks for it."""
    if severity == "flare_severity_unknown":
        return None
    return given.word("rater_severity") if severity == "mild_moderate" and in_force.rated else severity


def _criteria(given: Given, in_force: Rules) -> dict[str, bool | None]:
    """Each criterion, met or not or unknown; one that the variant drops is never met."""
    judged: dict[str, bool | None] = {
        "mm1_sledai": _sledai_rose(given, in_force),
        "mm2_manifestation": any_of(map(given.truth, in_force.manifestations["mild_manifestation"])),
        "mm3_prednisone": all_of((_prednisone_rose(given), negated(_prednisone_high(given)))),
        "mm4_drug": any_of(map(given.truth, in_force.drugs["mild_drugs"])),
        "mm5_pga": _pga_rose(given, in_force),
        "sv1_sledai": _sledai_high(given, in_force),
        "sv2_manifestation": _severe_manifestation(given, in_force),
        "sv3_prednisone": all_of((_prednisone_rose(given), _prednisone_high(given))),
        "sv4_drug": any_of(map(given.truth, in_force.drugs["severe_drugs"])),
        "sv5_hospitalisation": given.truth("hospitalised"),
        "sv6_pga": all_of((_pga_high(given), above(given.number("pga_now"), given.number("pga_ref")))),
    }
    for name in in_force.drops:
        judged[name] = False
    return judged


def _sledai_rose(given: Given, in_force: Rules) -> bool | None:
    now = given.number("sledai_now")
    rose = LIMITS["sledai_rise"].met(rise(now, given.number("sledai_ref")))
    return all_of((rose, negated(LIMITS["sledai_high"].met(now)))) if in_force.mm1_capped else rose


def _sledai_high(given: Given, in_force: Rules) -> bool | None:
    now = given.number("sledai_now")
    high = LIMITS["sledai_high"].met(now)
    return all_of((high, above(now, given.number("sledai_ref")))) if in_force.sv1_requires_rise else high


def _pga_rose(given: Given, in_force: Rules) -> bool | None:
    now, reference = given.number("pga_now"), given.number("pga_ref")
    if in_force.pga_rise_to:
        rose = all_of((LIMITS["pga_raised"].met(now), above(now, reference)))
    else:
        rose = LIMITS["pga_rise"].met(rise(now, reference))
    return all_of((rose, negated(_pga_high(given))))


def _pga_high(given: Given) -> bool | None:
    return LIMITS["pga_high"].met(given.number("pga_now"))


def _prednisone_rose(given: Given) -> bool | None:
    return above(given.number("prednisone_now"), given.number("prednisone_ref"))


def _prednisone_high(given: Given) -> bool | None:
    """Above 0.5 mg per kilogram and day, compared as a product so that nothing is rounded."""
    weight = given.number("weight")
    return above(given.number("prednisone_now"), None if weight is None else weight * LIMITS["prednisone_per_kg"].value)


def _prednisone_doubled(given: Given, in_force: Rules) -> bool | None:
    now, reference = given.number("prednisone_now"), given.number("prednisone_ref")
    if now is None or reference is None:
        return None
    if reference == 0 and not in_force.start_counts_as_doubling:
        return False
    return now > reference and now >= LIMITS["prednisone_doubled"].value * reference


def _severe_manifestation(given: Given, in_force: Rules) -> bool | None:
    any_new = any_of(map(given.truth, in_force.manifestations["severe_manifestation"]))
    if not in_force.needs_treatment:
        return any_new
    treated = any_of((_prednisone_doubled(given, in_force), _prednisone_high(given), given.truth("hospitalised")))
    return all_of((any_new, treated))


def _lacking(given: Given, in_force: Rules, criteria: Mapping[str, bool | None], flare: bool | None) -> tuple[str, ...]:
    """The unanswered questions behind the criteria that are open: the severe ones once a flare is certain."""
    open_criteria = SEVERE_CRITERIA if flare else CRITERIA
    wanted = dict.fromkeys(name for c in open_criteria if criteria[c] is None for name in in_force.reads[c])
    return given.missing(*wanted)


def side_by_side(answers: Mapping[str, Answer], settings: Mapping[str, str] = NO_SETTINGS) -> dict[str, Result]:
    """The same assessment judged by every variant, by its id; `contributions` of each are the triggers that fired."""
    return {variant: INSTRUMENT.score(answers, variant=variant, settings=settings) for variant in INSTRUMENT.variants}


def platelets_below_limit(platelets: Decimal | None) -> bool | None:
    """Platelets below 60 × 10⁹/L, as the severe manifestation asks."""
    return LIMITS["platelets"].met(platelets)


def haemoglobin_low_or_fallen(now: Decimal | None, reference: Decimal | None) -> bool | None:
    """Haemoglobin below 70 g/L or fallen by more than 30 g/L, which haemolysis must explain to count."""
    return any_of((LIMITS["haemoglobin"].met(now), LIMITS["haemoglobin_fall"].met(rise(reference, now))))


INSTRUMENT: Final = define(__name__, compute, compute_columns)
