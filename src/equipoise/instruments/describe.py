"""An instrument told in full, as Markdown for people and as JSON for programs: nothing it asks or decides is hidden."""

from collections.abc import Iterable, Iterator

from equipoise.instruments.instrument import Instrument
from equipoise.instruments.parts import Input, Output, Setting
from equipoise.items.canonical import Json
from equipoise.items.item import STATES


def describe(instrument: Instrument) -> str:
    """Everything declared about an instrument, as Markdown: variants, results, inputs, settings, limits, sources."""
    return "\n".join(_lines(instrument))


def _lines(instrument: Instrument) -> Iterator[str]:
    yield f"**{instrument.title}** ({instrument.title_zh}), `{instrument.id}`, version {instrument.version}."
    yield f"Licence: {instrument.licence}"
    yield from _table(
        ("Variant", "", "Source", "Evidence"),
        ((f"`{one.id}`", one.label, one.origin, one.evidence) for one in instrument.published),
    )
    yield from _table(
        ("Result", "", "Values"), ((f"`{one.id}`", one.label, allowed(one)) for one in instrument.outputs)
    )
    yield from _table(
        ("Input", "", "Answers"), ((f"`{one.id}`", _asked(one), allowed(one)) for one in instrument.inputs)
    )
    yield from _table(
        ("Setting", "", "Values", "Default"),
        ((f"`{one.id}`", one.label, allowed(one), f"`{one.default}`") for one in instrument.settings.values()),
    )
    yield from _table(
        ("Limit", "", "Source", "Evidence"),
        (
            (f"`{one.id}`", f"{one.comparison} {one.value} {one.unit}".strip(), one.source, one.evidence)
            for one in instrument.thresholds.values()
        ),
    )
    yield from _table(
        ("Source", "", "Evidence"), ((f"`{one.id}`", one.text, one.evidence) for one in instrument.citation)
    )


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """A Markdown table after an empty line, or nothing when there are no rows."""
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    if lines:
        yield from ("", f"| {' | '.join(header)} |", "|---" * len(header) + "|", *lines)


def _asked(question: Input) -> str:
    """The question, and for which variants it is asked or whether it may stay open."""
    only = f" ({', '.join(question.variants)})" if question.variants else ""
    return f"{question.label}{only}{'' if question.required else '; optional'}"


def allowed(part: Input | Output | Setting) -> str:
    """The values a part can take, in words: codes, or a range and its unit."""
    match part.type:
        case "state":
            return ", ".join(STATES)
        case "yes_no":
            return "yes, no"
        case "list":
            return f"any of {', '.join(part.codes)}"
    if part.codes:
        return ", ".join(part.codes)
    low, high = part.low, part.high
    between = f" {low} to {high}" if high is not None else f" from {low}" if low is not None else ""
    unit = part.unit if not isinstance(part, Setting) else ""
    return f"{part.type}{between}{f' {unit}' if unit else ''}"


def described(instrument: Instrument) -> dict[str, Json]:
    """The same for programs."""
    return {
        "id": instrument.id,
        "version": instrument.version,
        "title": {"en": instrument.title, "zh": instrument.title_zh},
        "licence": instrument.licence,
        "variants": [
            {"id": one.id, "en": one.label, "zh": one.label_zh, "source": one.origin, "evidence": one.evidence}
            for one in instrument.published
        ],
        "results": [_part(one) for one in instrument.outputs],
        "inputs": [
            {**_part(one), "required": one.required, "group": one.group, "variants": list(one.variants)}
            for one in instrument.inputs
        ],
        "settings": [
            {"id": one.id, "en": one.label, "zh": one.label_zh, "default": one.default, **_values(one)}
            for one in instrument.settings.values()
        ],
        "limits": [
            {
                "id": one.id, "rule": f"{one.comparison} {one.value}", "unit": one.unit, "source": one.source,
                "evidence": one.evidence,
            }
            for one in instrument.thresholds.values()
        ],
        "sources": [{"id": one.id, "text": one.text, "evidence": one.evidence} for one in instrument.citation],
    }  # fmt: skip


def _part(part: Input | Output) -> dict[str, Json]:
    return {"id": part.id, "en": part.label, "zh": part.label_zh, "unit": part.unit, **_values(part)}


def _values(part: Input | Output | Setting) -> dict[str, Json]:
    codes = STATES if part.type == "state" else part.codes
    low, high = (None if limit is None else str(limit) for limit in (part.low, part.high))
    return {"type": part.type, "codes": list(codes), "low": low, "high": high}
