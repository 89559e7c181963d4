"""The liver signal: each participant's peaks against the limits of normal, the quadrant of eDISH, and Hy's law.

The figure takes peaks from any day after baseline; the signal of Hy's law needs both at one visit. Neither is a
verdict: whether another cause explains it is for a clinician.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from equipoise.analysis.ard import Statistic
from equipoise.analysis.cohort import Cohort, Participant
from equipoise.analysis.laboratory import LabResult
from equipoise.instruments import get
from equipoise.protocol.schema import Liver

LIVER = "liver"
QUADRANTS = ("normal", "temple", "cholestasis", "hys_law")
_ROLES = ("alt", "ast", "bilirubin", "alp")


@dataclass(frozen=True, slots=True)
class LiverPeak:
    """The peaks of one participant after baseline, with the day since randomisation; None where there was no result."""

    subject: str
    arm: str
    alt: LabResult | None
    ast: LabResult | None
    bilirubin: LabResult | None
    quadrant: str  # empty where it is not known
    signal_visits: tuple[str, ...]  # visits whose sample fulfils Hy's law by the laboratory

    @property
    def aminotransferase(self) -> LabResult | None:
        """The peak that is higher in multiples of its own upper limit, of ALT and AST; None where none has a limit."""
        known = ((of, row) for row in (self.alt, self.ast) if row is not None and (of := row.of_upper) is not None)
        return max(known, key=lambda pair: pair[0], default=(None, None))[1]


def liver_peaks(cohort: Cohort, results: Sequence[LabResult], people: Iterable[Participant]) -> tuple[LiverPeak, ...]:
    """The peaks of each of these people; nothing where the protocol names no liver analytes."""
    names = cohort.protocol.laboratory.liver
    if names is None:
        return ()
    roles = {analyte: role for role in _ROLES if (analyte := getattr(names, role)) is not None}
    mine: dict[str, list[tuple[str, LabResult]]] = {}
    for row in results:
        if row.analyte in roles and row.after:
            mine.setdefault(row.subject, []).append((roles[row.analyte], row))
    return tuple(_peak(one, mine.get(one.code, []), names) for one in people)


def _peak(one: Participant, rows: Sequence[tuple[str, LabResult]], names: Liver) -> LiverPeak:
    alt, ast, bilirubin = (_highest(rows, role) for role in ("alt", "ast", "bilirubin"))
    asked = (alt,) if names.ast is None else (alt, ast)
    return LiverPeak(one.code, one.arm, alt, ast, bilirubin, _quadrant(asked, bilirubin), _signals(rows, names))


def _highest(rows: Sequence[tuple[str, LabResult]], role: str) -> LabResult | None:
    """The first of the highest results."""
    return max((row for name, row in rows if name == role), key=lambda row: row.value, default=None)


def _quadrant(aminotransferases: Sequence[LabResult | None], bilirubin: LabResult | None) -> str:
    """The quadrant of the peaks; without an analyte for AST the axis is ALT alone."""
    answers = _answers("bilirubin", bilirubin)
    for role, row in zip(("alt", "ast"), aminotransferases, strict=False):
        answers |= _answers(role, row)
    axis = "alt_or_ast" if len(aminotransferases) > 1 else "alt"
    found = get("hys_law").score(answers, settings={"quadrant": axis}).results["quadrant"]
    return str(found) if found is not None else ""


def _answers(role: str, row: LabResult | None) -> dict[str, Decimal | None]:
    return {role: row.value if row else None, f"{role}_uln": row.upper if row else None}


def _signals(rows: Sequence[tuple[str, LabResult]], names: Liver) -> tuple[str, ...]:
    """The visits with the signal; without an analyte for alkaline phosphatase it is judged without cholestasis."""
    settings = {} if names.alp else {"alp": "not_asked"}
    visits: dict[str, dict[str, LabResult]] = {}
    for role, row in rows:
        visits.setdefault(row.visit, {})[role] = row
    return tuple(visit for visit, found in visits.items() if _possible(found) and _judged(found, settings))


def _possible(found: dict[str, LabResult]) -> bool:
    """Whether a sample can show the signal at all: bilirubin above its limit. It spares most of the scoring."""
    row = found.get("bilirubin")
    return row is not None and row.upper is not None and row.value > row.upper


def _judged(found: dict[str, LabResult], settings: dict[str, str]) -> bool:
    answers: dict[str, Decimal | None] = {}
    for role in _ROLES:
        answers |= _answers(role, found.get(role))
    return get("hys_law").score(answers, settings=settings).results["biochemical"] is True


def liver_statistics(cohort: Cohort, peaks: Sequence[LiverPeak]) -> Iterator[Statistic]:
    """Participants in each quadrant by arm, those of whom it is not known, and those with the signal at one visit."""
    for arm in cohort.arms if peaks else ():
        mine = [peak for peak in peaks if peak.arm == arm]
        counts = Counter(peak.quadrant for peak in mine)
        for quadrant in (*QUADRANTS, ""):
            yield Statistic(
                analysis=LIVER, statistic="quadrant", level=quadrant, arm=arm, n=counts[quadrant], N=len(mine)
            )
        signals = sum(bool(peak.signal_visits) for peak in mine)
        yield Statistic(analysis=LIVER, statistic="signal", arm=arm, n=signals, N=len(mine))
