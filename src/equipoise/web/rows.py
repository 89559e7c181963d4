"""The rows of logs in words, and the links that lead to them."""

from equipoise.conduct.snapshot import Subject
from equipoise.items import Answer, Missing
from equipoise.protocol.names import LOG
from equipoise.protocol.schema import FormItem
from equipoise.web import language as say
from equipoise.web.numbers import whole_number
from equipoise.web.visibility import Sight


def row_words(seen: Sight, subject: Subject, form: str, row: int, language: str) -> str:
    """A row as somebody recognises it: its number, its first question and its first date, as far as they are seen."""
    key = (LOG, form, row)
    values = subject.answers(key)
    items = seen.items(seen.protocol.form_by_id[form]) if seen.form(form) else ()
    dates = [item for item in items if item.type in ("date", "partial_date")][:1]
    said = (say.words(values.get(item.id), language, item, seen.protocol) for item in (*items[:1], *dates))
    erred = (say.text("log.in_error", language),) if key in subject.in_error else ()
    return " · ".join(filter(None, (str(row), *said, *erred)))


def answer_words(seen: Sight, subject: Subject, item: FormItem, answer: Answer, language: str) -> str:
    """An answer as a reader knows it; a link as the row it leads to."""
    if item.type == "link" and isinstance(answer, str):
        return row_words(seen, subject, item.to, int(answer), language)
    return say.words(answer, language, item, seen.protocol)


def with_unit(words: str, answer: Answer, unit: str, language: str) -> str:
    """An answer in words with its unit; what is missing has none."""
    return f"{words} {say.unit(unit, language)}" if words and unit and not isinstance(answer, Missing) else words


def rows_to_choose(
    seen: Sight, subject: Subject, item: FormItem, chosen: str, language: str
) -> tuple[tuple[str, str], ...]:
    """The rows a link can lead to: those that stand, and the one that is chosen; none of a log that is not seen."""
    rows = {str(row): row for _, _, row in subject.rows(item.to)} if seen.form(item.to) else {}
    if (number := whole_number(chosen, 5)) is not None:
        rows.setdefault(chosen, number)
    return tuple((value, row_words(seen, subject, item.to, row, language)) for value, row in rows.items())
