"""The listing of unmaskings: what was registered, what it meant and what was done. No arm stands in it, ever."""

from equipoise.conduct.unmasking import Assessment, Unmasking
from equipoise.reports.blocks import Teller
from equipoise.reports.numbers import DASH
from equipoise.reports.study_days import study_day
from equipoise.reports.table import Row, Table

_COLUMNS = (
    ("subject", 1.0), ("kind", 1.3), ("day", 0.6), ("learnt_by", 2.2), ("impact", 2.4), ("measures", 3.5),
)  # fmt: skip


def unmasking_listing(tell: Teller) -> Table:
    """Every code break, accident and suspicion in the order of the register; an empty register says so.

    While the arms are dummies the readers are masked, and a text that could tell is withheld.
    """
    words = tell.words
    rows = tuple(Row(_line(tell, each)) for each in tell.analysis.cohort.snapshot.unmaskings.values())
    return Table(
        "list_unmaskings", words("list_unmaskings"), tuple(words(key) for key, _ in _COLUMNS), rows,
        () if rows else (words("nobody"),), frozenset(range(len(_COLUMNS))), tuple(share for _, share in _COLUMNS),
        folded=True,
    )  # fmt: skip


def _line(tell: Teller, each: Unmasking) -> tuple[str, ...]:
    words, cohort = tell.words, tell.analysis.cohort
    day = study_day(cohort, each.subject, each.on) if each.subject else DASH
    return (
        each.subject or DASH, words(f"unmasking_{each.kind}"), day, words(f"learnt_{each.why or each.whom}"),
        *_assessed(tell, each.assessment),
    )  # fmt: skip


def _assessed(tell: Teller, judged: Assessment | None) -> tuple[str, str]:
    words = tell.words
    if judged is None:
        return words("not_assessed"), DASH
    impact = {name: words(f"impact_{getattr(judged, name)}") for name in ("data", "participant", "others")}
    withheld = judged.withheld and tell.analysis.cohort.dummy
    return words("impact_text", **impact), words("measures_withheld") if withheld else judged.measures
