"""What a simulation found: a tidy table with one row for each characteristic of each study, and the same as JSON.

Everything is marked SIMULATED. Nothing tells when, where or how fast it was computed: one seed, the same bytes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from equipoise.simulation.design.characteristics import Characteristic, characteristics
from equipoise.simulation.design.reading import Study
from equipoise.simulation.design.sums import Sums


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The operating characteristics of a study, from so many trials of a seed."""

    study: Study
    seed: int
    trials: int
    characteristics: tuple[Characteristic, ...]

    def value(self, name: str, analysis: str = "", variant: str = "") -> float | None:
        """The value of a characteristic; None where there is none."""
        return self.of(name, analysis, variant).value

    def of(self, name: str, analysis: str = "", variant: str = "") -> Characteristic:
        """A characteristic by its name. Raises KeyError where a study has none of this name."""
        for one in self.characteristics:
            if (one.name, one.analysis, one.variant) == (name, analysis, variant):
                return one
        raise KeyError(name, analysis, variant)


def outcome_of(study: Study, seed: int, sums: Sums) -> Outcome:
    """What the sums over some trials say of a study."""
    return Outcome(study, seed, sums.trials, characteristics(study.design, study.design.truths, sums))


def table_of(outcomes: Sequence[Outcome]) -> pl.DataFrame:
    """One row for each study and characteristic; what grids set are columns of their own, named as in the grid."""
    keys = list(dict.fromkeys(key for outcome in outcomes for key in outcome.study.settings))
    return pl.DataFrame([row for outcome in outcomes for row in _rows(outcome, keys)], infer_schema_length=None)


def _rows(outcome: Outcome, keys: list[str]) -> list[dict[str, object]]:
    study = outcome.study
    given = {key: _number(study.settings.get(key)) for key in keys}
    return [
        {
            "DATA": "SIMULATED", "scenario": study.scenario.scenario, **given,
            "participants": study.design.participants, "analysis": one.analysis, "variant": one.variant,
            "characteristic": one.name, "value": one.value, "monte_carlo_error": one.error, "trials": outcome.trials,
            "seed": outcome.seed,
        }
        for one in outcome.characteristics
    ]  # fmt: skip


def _number(text: str | None) -> float | str | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return text


def json_of(outcomes: Sequence[Outcome], protocol: str) -> str:
    """The results alone, as JSON."""
    return json.dumps(
        {"simulated": True, "protocol": protocol, "studies": [_told(each) for each in outcomes]}, indent=1
    )


def _told(outcome: Outcome) -> dict[str, object]:
    study = outcome.study
    return {
        "scenario": study.scenario.scenario, "settings": dict(study.settings),
        "participants": study.design.participants, "trials": outcome.trials, "seed": outcome.seed,
        "results": [
            {
                "analysis": one.analysis, "variant": one.variant, "characteristic": one.name, "value": one.value,
                "monte_carlo_error": one.error,
            }
            for one in outcome.characteristics
        ],
    }  # fmt: skip
