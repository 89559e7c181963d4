"""The contract of every instrument: what it asks, what it decides, and one function that scores."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np

from equipoise.instruments.columns import (
    Column,
    ColumnOutcome,
    Columns,
    Flags,
    answer_at,
    complete,
    encode,
    encode_result,
)
from equipoise.instruments.parts import Input, Output, Setting, Source, Threshold, Variant
from equipoise.instruments.reading import Choices, Given, ImpossibleError, Known, Reader, read_setting, reader
from equipoise.instruments.result import Outcome, Result
from equipoise.items.item import Answer
from equipoise.items.problem import Problem, unknown

Compute: TypeAlias = Callable[[Given, str, Choices], Outcome]
ComputeColumns: TypeAlias = Callable[[Columns, str, Choices], ColumnOutcome]

NO_SETTINGS: Final[Mapping[str, str]] = MappingProxyType({})


class InstrumentError(LookupError):
    """Something was named that the instrument does not have. Carries the `Problem` to show.

    A protocol that `Instrument.check` found sound never raises it.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True, eq=False)
class Instrument:
    """A score: its questions, its published variants, what a protocol may set, its results, and its rule.

    The first variant and the first result are the ones meant when none is named.
    """

    id: str
    version: str
    title: str
    title_zh: str
    licence: str
    citation: tuple[Source, ...]
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    published: tuple[Variant, ...]
    settings: Mapping[str, Setting]
    thresholds: Mapping[str, Threshold]
    compute: Compute
    compute_columns: ComputeColumns | None = None
    input_by_id: Mapping[str, Input] = field(init=False)
    variants: tuple[str, ...] = field(init=False)
    results: tuple[str, ...] = field(init=False)
    _readers: tuple[tuple[str, Reader], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        derived = {
            "input_by_id": MappingProxyType({question.id: question for question in self.inputs}),
            "variants": tuple(variant.id for variant in self.published),
            "results": tuple(output.id for output in self.outputs),
            "_readers": tuple((question.id, reader(question)) for question in self.inputs),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    def __str__(self) -> str:
        return self.id

    def score(
        self, answers: Mapping[str, Answer], *, variant: str = "", settings: Mapping[str, str] = NO_SETTINGS
    ) -> Result:
        """The score of one patient at one time.

        An answer that is not given, `Missing` or not assessed is unknown, never zero. An impossible answer is unknown
        too, and is named in `problems`. Raises `InstrumentError` for an input, variant or setting that does not exist.
        """
        variant = self._variant(variant)
        self._refuse_unknown_inputs(answers.keys())
        choices = self.choices(settings)
        given, problems = self._read(answers)
        outcome = self.compute(given, variant, choices)
        if outcome.refused:
            problems += tuple(self._impossible(name, why) for name, why in outcome.refused)
        return Result(
            instrument=self.id,
            version=self.version,
            variant=variant,
            value=next(iter(outcome.results.values())),
            results=outcome.results,
            unknown=outcome.unknown,
            lower=outcome.lower,
            upper=outcome.upper,
            contributions=outcome.contributions,
            problems=problems,
            settings=dict(choices.texts),
            answers=dict(answers),
        )

    def score_columns(
        self, columns: Mapping[str, Column], *, variant: str = "", settings: Mapping[str, str] = NO_SETTINGS
    ) -> Columns:
        """The scores of many patients at once, equal to `score` on each row; columns are those of `columns.encode`.

        An input without a column is unknown in every row. Where the instrument can bound an unknown result, the
        columns `lower` and `upper` say by what. Raises `InstrumentError` as `score` does.
        """
        given = complete(self.inputs, columns)
        outcome = self.outcome_of_columns(columns, variant=variant, settings=settings)
        if outcome is None:
            return self._row_by_row(given, variant, settings)
        results = dict(outcome.results)
        if outcome.doubtful is not None:
            self._settle(results, given, outcome.doubtful, variant, settings)
        bounds = {"lower": outcome.lower, "upper": outcome.upper}
        return results | {name: bound for name, bound in bounds.items() if bound is not None}

    def outcome_of_columns(
        self, columns: Mapping[str, Column], *, variant: str = "", settings: Mapping[str, str] = NO_SETTINGS
    ) -> ColumnOutcome | None:
        """What the column rule alone finds, its doubtful rows still open; None for an instrument without one.

        A row in which an answer is refused is marked or has an unknown result. Raises as `score` does.
        """
        variant = self._variant(variant)
        self._refuse_unknown_inputs(columns.keys())
        if self.compute_columns is None:
            return None
        return self.compute_columns(complete(self.inputs, columns), variant, self.choices(settings))

    def _row_by_row(self, given: Columns, variant: str, settings: Mapping[str, str]) -> Columns:
        """Every distinct row scored once."""
        table = np.stack([given[question.id] for question in self.inputs], axis=1)
        distinct, place = np.unique(table, axis=0, return_inverse=True)
        columns = {question.id: distinct[:, i] for i, question in enumerate(self.inputs)}
        results = {name: np.empty(len(distinct), dtype=np.int64) for name in self.results}
        self._settle(results, columns, np.ones(len(distinct), dtype=np.bool_), variant, settings)
        return {name: column[place.reshape(-1)] for name, column in results.items()}

    def _settle(
        self, results: dict[str, Column], given: Columns, rows: Flags, variant: str, settings: Mapping[str, str]
    ) -> None:
        """Write what `score` says into the marked rows."""
        for row in np.flatnonzero(rows):
            answers = {name: answer_at(self.input_by_id[name], int(column[row])) for name, column in given.items()}
            scored = self.score(answers, variant=variant, settings=settings)
            for output in self.outputs:
                results[output.id][row] = encode_result(output, scored.results[output.id])

    def column(self, name: str, answers: Iterable[Answer]) -> Column:
        """The answers to one question, one row each, as `score_columns` takes them."""
        self._refuse_unknown_inputs({name})
        return encode(self.input_by_id[name], answers)

    def check(
        self,
        where: str,
        *,
        variant: str = "",
        settings: Mapping[str, str] = NO_SETTINGS,
        inputs: Iterable[str] | None = None,
        result: str = "",
    ) -> Iterator[Problem]:
        """What is wrong with a protocol's use of this instrument; `inputs` are the questions it answers."""
        if variant and variant not in self.variants:
            yield Problem("instrument.E002", where, unknown(f"variant of {self.id}", variant, self.variants))
        if result and result not in self.results:
            yield Problem("instrument.E006", where, unknown(f"result of {self.id}", result, self.results))
        yield from (problem for name, text in settings.items() for problem in self._check_setting(where, name, text))
        if inputs is not None:
            yield from self._check_inputs(where, tuple(inputs), variant or self.variants[0])

    def _check_inputs(self, where: str, inputs: tuple[str, ...], variant: str) -> Iterator[Problem]:
        for name in inputs:
            if name not in self.input_by_id:
                yield Problem("instrument.E005", where, unknown(f"input of {self.id}", name, self.input_by_id))
        for question in self.inputs:
            if question.needed_by(variant) and question.id not in inputs:
                yield Problem(
                    "instrument.E007",
                    where,
                    f"{self.id} is not told {question.id!r}, so its result can stay unknown.",
                    f"Add {question.id!r} to the inputs: {question.label}.",
                    "warning",
                )

    def _check_setting(self, where: str, name: str, text: str) -> Iterator[Problem]:
        if name not in self.settings:
            yield Problem("instrument.E003", where, unknown(f"setting of {self.id}", name, self.settings))
            return
        try:
            read_setting(self.settings[name], text)
        except ImpossibleError as why:
            yield Problem("instrument.E004", f"{where} / {name}", str(why))

    def _variant(self, variant: str) -> str:
        if not variant:
            return self.variants[0]
        if variant not in self.variants:
            raise InstrumentError(next(self.check(self.id, variant=variant)))
        return variant

    def _refuse_unknown_inputs(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self.input_by_id:
                raise InstrumentError(next(self._check_inputs(self.id, (name,), "")))

    def choices(self, settings: Mapping[str, str]) -> Choices:
        """The settings in force, read. Raises `InstrumentError` for one that does not exist or cannot be so."""
        return _choose(self, tuple(sorted(settings.items())))

    def _read(self, answers: Mapping[str, Answer]) -> tuple[Given, tuple[Problem, ...]]:
        known: dict[str, Known | None] = {}
        problems: tuple[Problem, ...] = ()
        for name, read in self._readers:
            try:
                known[name] = read(answers.get(name))
            except ImpossibleError as why:
                known[name] = None
                problems += (self._impossible(name, str(why)),)
        return Given(known), problems

    def _impossible(self, name: str, why: str) -> Problem:
        return Problem("instrument.E008", f"{self.id} / {name}", why, "It counts as not assessed until corrected.")


@lru_cache(maxsize=1024)
def _choose(instrument: Instrument, settings: tuple[tuple[str, str], ...]) -> Choices:
    for problem in instrument.check(instrument.id, settings=dict(settings)):
        raise InstrumentError(problem)
    texts = {name: setting.default for name, setting in instrument.settings.items()} | dict(settings)
    chosen = {name: read_setting(setting, texts[name]) for name, setting in instrument.settings.items()}
    return Choices(MappingProxyType(chosen), MappingProxyType(texts))
