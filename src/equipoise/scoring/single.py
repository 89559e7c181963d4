"""One patient: the whole result, for people and for programs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from equipoise.instruments.instrument import Instrument
from equipoise.instruments.result import Result
from equipoise.items import Answer, Json, Problem
from equipoise.scoring.cells import question_item, read_cell
from equipoise.scoring.reading_json import Patient
from equipoise.scoring.wanted import Wanted
from equipoise.scoring.writing import plain, problem_json, value_json, value_text

_WORDS: Final = {
    "en": {
        "unknown": "unknown", "lacking": "Lacking", "between": "Between {lower} and {upper}", "gave": "Made of",
        "variant": "variant", "version": "version", "settings": "Settings", "digest": "Digest of what went in",
    },
    "zh": {
        "unknown": "未知", "lacking": "缺少", "between": "介于 {lower} 与 {upper} 之间", "gave": "得分构成",
        "variant": "采用版本", "version": "规则版本", "settings": "设置", "digest": "输入摘要（SHA-256）",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PatientScore:
    """One patient's score under one variant, with the problems of the file before those of the instrument."""

    result: Result
    problems: tuple[Problem, ...]


def score_patient(patient: Patient, wanted: Wanted) -> tuple[PatientScore, ...]:
    """The score of one patient under each variant. A cell that is no answer is named, and counts as not answered."""
    instrument = wanted.instrument
    answers: dict[str, Answer] = {}
    problems: tuple[Problem, ...] = ()
    for name, cell in patient.cells.items():
        if name in instrument.input_by_id:
            question = instrument.input_by_id[name]
            reading = read_cell(question, question_item(question), cell)
            answers[name] = reading.answer
            if reading.problem is not None:
                problems += (replace(reading.problem, where=f"{patient.name} / {name}"),)
    results = (instrument.score(answers, variant=name, settings=wanted.settings) for name in wanted.variants)
    return tuple(PatientScore(result, problems + result.problems) for result in results)


def as_json(score: PatientScore) -> dict[str, Json]:
    """Everything there is to say about a result."""
    result = score.result
    return {
        "instrument": result.instrument,
        "version": result.version,
        "variant": result.variant,
        "value": value_json(result.value),
        "results": {name: value_json(value) for name, value in result.results.items()},
        "unknown": list(result.unknown),
        "lower": value_json(result.lower),
        "upper": value_json(result.upper),
        "contributions": {name: value_json(given) for name, given in result.contributions.items()},
        "settings": dict(result.settings),
        "input_digest": result.input_digest,
        "problems": [problem_json(problem) for problem in score.problems],
    }


def as_text(score: PatientScore, instrument: Instrument, language: str) -> Iterator[str]:
    """The same in lines for people."""
    result, words, chinese = score.result, _WORDS[language], language == "zh"
    title = instrument.title_zh if chinese else instrument.title
    yield f"{title}: {words['variant']} {result.variant}, {words['version']} {result.version}"
    for output in instrument.outputs:
        value = value_text(result.results[output.id]) or words["unknown"]
        unit = f" {output.unit}" if output.unit and result.results[output.id] is not None else ""
        yield f"  {output.id} = {value}{unit}   {output.label_zh if chinese else output.label}"
    if result.unknown:
        yield f"{words['lacking']}: {', '.join(result.unknown)}"
    if result.value is None and result.lower is not None and result.upper is not None:
        yield words["between"].format(lower=plain(result.lower), upper=plain(result.upper))
    gave = {name: _given(points) for name, points in result.contributions.items() if points != 0}
    if gave:
        yield f"{words['gave']}: {', '.join(f'{name} {points}' for name, points in gave.items())}"
    if result.settings:
        yield f"{words['settings']}: {', '.join(f'{name} = {text}' for name, text in result.settings.items())}"
    yield f"{words['digest']}: {result.input_digest}"


def _given(points: Decimal | str) -> str:
    return plain(points) if isinstance(points, Decimal) else points
