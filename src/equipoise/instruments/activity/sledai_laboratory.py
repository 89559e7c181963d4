"""The eight laboratory items of SLEDAI from measured values: absent, beyond its limit for another cause, or present.

Its results are the states that `sledai` asks. A value exactly at its limit does not score; attribution is asked only of
a value that scores; a sample outside the window leaves every item not assessed.
"""

from decimal import Decimal
from typing import Final, NamedTuple

from equipoise.instruments.activity.sledai_laboratory_columns import compute_columns
from equipoise.instruments.activity.sledai_laboratory_rules import ITEM_WEIGHTS, LIMITS, SCORING_CASTS, Rules, rules
from equipoise.instruments.definition import define
from equipoise.instruments.logic import above, all_of, any_of, negated, rise
from equipoise.instruments.reading import Choices, Given
from equipoise.instruments.result import Outcome

_ALL: Final = Decimal(sum(ITEM_WEIGHTS.values()))


class Finding(NamedTuple):
    """What is known of one item: beyond its limit, due to lupus, and new or risen where the variant asks for that."""

    beyond: bool | None
    due_to_lupus: bool | None = True
    recent: bool | None = True

    @property
    def scores(self) -> bool | None:
        """Whether the item counts."""
        return all_of(self)

    @property
    def state(self) -> str | None:
        """The state that `sledai` asks; unknown while more than one is possible."""
        if self.beyond is False or (self.due_to_lupus and self.recent is False):
            return "absent"
        if self.beyond and self.due_to_lupus is False:
            return "not_attributable"
        return "present" if self.scores else None


def compute(given: Given, variant: str, choices: Choices) -> Outcome:
    """The state of each item, and the points of those present; what scores is known in spite of some gaps."""
    in_force = rules(variant, choices)
    stale = _outside_window(given, in_force)
    if stale:
        nothing = dict.fromkeys(("points", *ITEM_WEIGHTS))
        return Outcome(nothing, ("sample_days",), Decimal(0), _ALL, refused=(("sample_days", stale),))
    findings = _findings(given, in_force)
    points = {name: ITEM_WEIGHTS[name] for name, finding in findings.items() if finding.scores}
    open_items = [name for name, finding in findings.items() if finding.scores is None]
    lower = sum(points.values())
    return Outcome(
        results={
            "points": None if open_items else lower,
            **{name: finding.state for name, finding in findings.items()},
        },
        unknown=_lacking(given, in_force, open_items),
        lower=Decimal(lower),
        upper=Decimal(lower + sum(ITEM_WEIGHTS[name] for name in open_items)),
        contributions={name: Decimal(weight) for name, weight in points.items()},
        refused=_contradictions(given, in_force),
    )


def _findings(given: Given, in_force: Rules) -> dict[str, Finding]:
    cast = given.word("urine_cast")
    return {
        "urinary_casts": Finding(None if cast is None else cast in SCORING_CASTS),
        "haematuria": Finding(_beyond(given, "urine_rbc", "haematuria"), given.truth("haematuria_sle")),
        "proteinuria": Finding(
            _protein_beyond(given, in_force), given.truth("proteinuria_sle"), _recent(given, in_force)
        ),
        "pyuria": Finding(_beyond(given, "urine_wbc", "pyuria"), given.truth("pyuria_sle")),
        "low_complement": Finding(any_of(_below_own_limit(given, name) for name in in_force.complements)),
        "increased_dna": Finding(_dna_raised(given, in_force)),
        "thrombocytopenia": Finding(
            _beyond(given, "platelets", "thrombocytopenia"),
            negated(given.truth("thrombocytopenia_drug")) if in_force.drug_excluded else True,
        ),
        "leukopenia": Finding(_beyond(given, "white_cells", "leukopenia"), given.truth("leukopenia_sle")),
    }


def _beyond(given: Given, measured: str, limit: str) -> bool | None:
    return LIMITS[limit].met(given.number(measured))


def _protein_beyond(given: Given, in_force: Rules) -> bool | None:
    return in_force.protein_limit.met(given.number(in_force.protein))


def _recent(given: Given, in_force: Rules) -> bool | None:
    """Whether the protein counts as new or risen: against the result before, or else as the clinician says."""
    if in_force.persistence_counts:
        return True
    if given.number(f"previous_{in_force.protein}") is None:
        return given.truth("proteinuria_recent")
    return _new_or_risen(given, in_force)


def _new_or_risen(given: Given, in_force: Rules) -> bool | None:
    limit, before = in_force.protein_limit, given.number(f"previous_{in_force.protein}")
    return any_of((negated(limit.met(before)), limit.met(rise(given.number(in_force.protein), before))))


def _below_own_limit(given: Given, complement: str) -> bool | None:
    return above(given.number(f"{complement}_lln"), given.number(complement))


def _dna_raised(given: Given, in_force: Rules) -> bool | None:
    if in_force.farr:
        return _beyond(given, "farr_binding", "dna_binding")
    return above(given.number("anti_dsdna"), given.number("anti_dsdna_uln"))


def _lacking(given: Given, in_force: Rules, open_items: list[str]) -> tuple[str, ...]:
    """The unanswered questions behind the open items; the clinician's word is not asked beside a result before."""
    asked = dict.fromkeys(name for item in open_items for name in in_force.reads[item])
    if given.number(f"previous_{in_force.protein}") is not None:
        asked.pop("proteinuria_recent", None)
    return given.missing(*asked)


def _outside_window(given: Given, in_force: Rules) -> str:
    """Why the sample does not belong to the assessment, or nothing."""
    days = given.number("sample_days")
    if days is None or 0 <= days <= in_force.window_days:
        return ""
    if days < 0:
        return f"The sample is {-days} days after the assessment."
    return f"The sample is {days} days before the assessment; the window is {in_force.window_days} days."


def _contradictions(given: Given, in_force: Rules) -> tuple[tuple[str, str], ...]:
    """The clinician's word where the result before says otherwise. The result before decides."""
    said = given.truth("proteinuria_recent")
    if in_force.persistence_counts or said is None or not _protein_beyond(given, in_force):
        return ()
    if _new_or_risen(given, in_force) is negated(said):
        return (("proteinuria_recent", f"'{'yes' if said else 'no'}' contradicts the result before."),)
    return ()


INSTRUMENT: Final = define(__name__, compute, compute_columns)
