"""The participant flow as a drawing: boxes from top to bottom, one column for each arm."""

from collections.abc import Sequence

from equipoise.analysis import Analysis
from equipoise.analysis.flow import FLOW
from equipoise.reports.catalogue import Words
from equipoise.reports.drawing import ARMS, INK, LINE, PAPER, SOFT, Drawing, shortened
from equipoise.reports.figures.figure import Figure, frame

_WIDTH, _GAP, _LEADING, _PAD = 880.0, 26.0, 16.0, 10.0
Lines = Sequence[str]


def participant_flow(analysis: Analysis, words: Words) -> Figure:
    """The flow of participants after CONSORT 2025: assessed, not randomised and why, and the course of each arm."""
    count = analysis.results.count
    stages = [[_stage(analysis, words, arm, stage) for arm in analysis.cohort.arms] for stage in range(3)]
    excluded = _excluded(analysis, words)
    heights = [max(_height(lines) for lines in stage) for stage in stages]
    side = _height(excluded)
    top = 2 * (_LEADING + 2 * _PAD) + max(side, _GAP) + 2 * _GAP
    total = top + sum(heights) + 3 * _GAP
    drawing = Drawing(_WIDTH, total, words("flow"))
    trunk = max(_centres(len(analysis.cohort.arms))[0], 146.0)
    y = _box(drawing, trunk - 140, 4, 280, [f"{words('assessed')} (n = {count(FLOW, 'assessed')})"], bold=True)
    beside = y + _GAP / 2
    _box(drawing, 420, beside, _WIDTH - 428, excluded, bold=True)
    drawing.arrow((trunk, beside + side / 2), (420, beside + side / 2))
    below = beside + side + _GAP / 2
    drawing.arrow((trunk, y), (trunk, below))
    y = _box(drawing, trunk - 140, below, 280, [f"{words('randomised')} (n = {count(FLOW, 'randomised')})"], bold=True)
    _branch(drawing, analysis, trunk, y)
    y += _GAP
    for stage, height in zip(stages, heights, strict=True):
        _columns(drawing, stage, y, height, last=stage is stages[-1])
        y += height + _GAP
    rows = list(analysis.results.of(FLOW))
    data = [{"step": r.statistic, "detail": r.level, "arm": r.arm, "n": r.n, "of": r.N} for r in rows]
    return Figure("flow", words("flow"), words("flow_caption"), drawing.svg(), frame(data))


def _centres(arms: int) -> list[float]:
    return [_WIDTH * (2 * place + 1) / (2 * arms) for place in range(arms)]


def _branch(drawing: Drawing, analysis: Analysis, trunk: float, y: float) -> None:
    centres = _centres(len(analysis.cohort.arms))
    rail = y + _GAP / 2
    drawing.line((trunk, y), (trunk, rail), colour=SOFT, width=1.2)
    drawing.line((min(*centres, trunk), rail), (max(*centres, trunk), rail), colour=SOFT, width=1.2)
    for x in centres:
        drawing.arrow((x, rail), (x, y + _GAP))


def _columns(drawing: Drawing, stage: list[list[str]], y: float, height: float, *, last: bool) -> None:
    centres = _centres(len(stage))
    width = _WIDTH / len(stage) - 16
    for place, (x, lines) in enumerate(zip(centres, stage, strict=True)):
        _box(drawing, x - width / 2, y, width, lines, bold=True, height=height, edge=ARMS[place % len(ARMS)])
        if not last:
            drawing.arrow((x, y + height), (x, y + height + _GAP))


def _height(lines: Lines) -> float:
    return len(lines) * _LEADING + 2 * _PAD - 4


def _box(
    drawing: Drawing, x: float, y: float, width: float, lines: Lines, *, bold: bool = False, height: float = 0,
    edge: str = LINE,
) -> float:  # fmt: skip
    """A box with lines of words; the y of its foot."""
    height = height or _height(lines)
    drawing.rect((x, y), width, height, fill=PAPER, edge=edge, round_=3)
    for place, line in enumerate(lines):
        head = place == 0
        indent = 6 * (len(line) - len(line.lstrip()))
        at = (x + _PAD + indent, y + _PAD + 9 + place * _LEADING)
        text = shortened(line.strip(), width - 2 * _PAD - indent, 12)
        drawing.text(at, text, size=12, colour=INK if head else SOFT, bold=head and bold)
    return y + height


def _excluded(analysis: Analysis, words: Words) -> list[str]:
    results = analysis.results
    criteria = {c.id: c for c in (*analysis.protocol.eligibility.inclusion, *analysis.protocol.eligibility.exclusion)}
    lines = [f"{words('excluded')} (n = {results.count(FLOW, 'excluded')})"]
    for row in results.of(FLOW, "excluded_because"):
        criterion = criteria.get(row.level)
        reason = f"{row.level} {words.of(criterion.text)}" if criterion else words.reason(row.level)
        lines.append(f"  {row.n}\u2002{reason}")
    if undecided := results.count(FLOW, "undecided"):
        lines.append(f"  {undecided}\u2002{words('undecided')}")
    return lines


def _stage(analysis: Analysis, words: Words, arm: str, stage: int) -> list[str]:
    return [_allocated, _followed, _analysed][stage](analysis, words, arm)


def _allocated(analysis: Analysis, words: Words, arm: str) -> list[str]:
    count = analysis.results.count
    label = words.of(analysis.protocol.arm_by_id[arm].label)
    lines = [f"{words('allocated', arm=label)} (n = {count(FLOW, 'allocated', arm=arm)})"]
    for key in ("received", "not_received", "not_confirmed"):
        n = count(FLOW, key, arm=arm)
        if n or key != "not_confirmed":
            lines.append(f"  {n}\u2002{words(key)}")
    return lines


def _followed(analysis: Analysis, words: Words, arm: str) -> list[str]:
    count, results = analysis.results.count, analysis.results
    lines = [words("follow_up"), f"  {count(FLOW, 'treatment_stopped', arm=arm)}\u2002{words('treatment_stopped')}"]
    reasons = [row for row in results.of(FLOW, "treatment_stopped_because") if row.arm == arm]
    lines += [f"      {row.n}\u2002{words.reason(row.level)}" for row in reasons]
    for key in ("withdrew", "lost", "died", "other", "ongoing"):
        if n := count(FLOW, key, arm=arm):
            lines.append(f"  {n}\u2002{words(key)}")
    lines.append(f"  {count(FLOW, 'completed', arm=arm)}\u2002{words('completed')}")
    return lines


def _analysed(analysis: Analysis, words: Words, arm: str) -> list[str]:
    count = analysis.results.count
    sets = analysis.protocol.analysis.sets
    numbers = (count(FLOW, "analysed", level=each.id, arm=arm) for each in sets)
    return [words("analysed"), *(f"  {n}\u2002{words.of(each.label)}" for n, each in zip(numbers, sets, strict=True))]
