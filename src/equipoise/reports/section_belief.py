"""Whether masking held: the guesses by arm with the indices of Bang and of James, and how to read them."""

from collections.abc import Iterator

from equipoise.analysis import Statistic
from equipoise.analysis.beliefs import BELIEF, Occasion, occasions
from equipoise.reports.blocks import Block, Heading, Paragraph, Teller
from equipoise.reports.codes import coded, labels_of
from equipoise.reports.numbers import share, with_limits
from equipoise.reports.table import Row, Table


def belief(tell: Teller) -> Iterator[Block]:
    """What was believed about the treatment, where the protocol asks it."""
    if tell.analysis.protocol.masking.belief is None:
        return
    words = tell.words
    yield Heading("belief", words("belief"))
    if not any(row.n for row in tell.analysis.results.of(BELIEF, "guess")):
        yield Paragraph(words("belief_none"))
        return
    yield Paragraph(words("belief_reading"))
    yield belief_table(tell)


def belief_table(tell: Teller) -> Table:
    """Every respondent and visit: the answers, those who gave none, the indices, and the reasons given."""
    words = tell.words
    rows = [row for occasion in occasions(tell.analysis.protocol) for row in _rows(tell, occasion)]
    columns = ("", *tell.columns(), words("all"))
    return Table("belief", words("belief_title"), columns, tuple(rows), tuple(_notes(tell)))


def _notes(tell: Teller) -> Iterator[str]:
    yield tell.words("belief_note")
    asked = tell.analysis.protocol.masking.belief
    if asked is not None and sum(bool(answer.arms) for answer in asked.answers) > len(asked.sides):
        yield tell.words("belief_sides")


def _rows(tell: Teller, occasion: Occasion) -> Iterator[Row]:
    words, question, blank = tell.words, occasion.question, ("",) * len(tell.arms)
    yield Row((words.named(words(f"belief_{question.respondent}"), tell.visit(occasion.visit.id)),), heading=True)
    for answer in occasion.belief.answers:
        label = coded(tell, question.form, question.guess, answer.code)
        yield Row((label, *_shares(tell, occasion, "guess", answer.code)))
    yield Row((words("belief_unanswered"), *_shares(tell, occasion, "unanswered")))
    if _found(tell, occasion, "known").n:
        yield Row((words("belief_known"), *_shares(tell, occasion, "known")))
    bang = (_found(tell, occasion, "bang", arm.id) for arm in tell.arms)
    yield Row((words("belief_bang", level=tell.level), *(_index(tell, row) for row in bang), ""))
    james = _index(tell, _found(tell, occasion, "james"))
    yield Row((words("belief_james", level=tell.level), *blank, james))
    reasons = list(_reasons(tell, occasion))
    if reasons:
        yield from (Row((words("belief_because"), *blank, "")), *reasons)


def _reasons(tell: Teller, occasion: Occasion) -> Iterator[Row]:
    """The reasons that somebody gave."""
    question = occasion.question
    labels = labels_of(tell.analysis.protocol, question.form, question.because) if question.because else {}
    for code, label in labels.items():
        if _found(tell, occasion, "because", level=code).n:
            yield Row((tell.words.of(label), *_shares(tell, occasion, "because", code)), indent=1)


def _shares(tell: Teller, occasion: Occasion, statistic: str, level: str = "") -> list[str]:
    """The counts of each arm and of all, with their per cent."""
    found = (_found(tell, occasion, statistic, arm, level) for arm in (*(arm.id for arm in tell.arms), ""))
    return [share(row.n, row.N) for row in found]


def _found(tell: Teller, occasion: Occasion, statistic: str, arm: str = "", level: str = "") -> Statistic:
    row = tell.analysis.results.get(BELIEF, statistic, variable=occasion.id, level=level, arm=arm)
    if row is None:
        raise ValueError(f"{occasion.id} was not analysed")
    return row


def _index(tell: Teller, row: Statistic) -> str:
    """An index with its interval, or why there is none."""
    return row.why.words(tell.words.language) if row.estimate is None and row.why else with_limits(row, 2)
