"""What a design scenario may say of the participants: what they are like at baseline, and what comes between."""

from pydantic import Field, model_validator

from equipoise.protocol.schema import YesNo
from equipoise.simulation.scenario import Part, Rate


class Level(Part):
    """One code of a covariate: its share beside the others', the factor on the event rate, what the score is more."""

    share: float = Field(gt=0)
    hazard_ratio: float = Field(default=1.0, gt=0, le=100)
    score: float = 0.0


class Covariate(Part):
    """A value at baseline: one of a few codes (`levels`), or a normal number rounded to `step` and kept `within`.

    Of a number, `hazard_ratio` is the factor on the event rate for one unit above the mean, and `score` what the score
    is more for it.
    """

    levels: dict[str, Level] = Field(default_factory=dict)
    mean: float | None = None
    deviation: float | None = Field(default=None, gt=0)
    within: tuple[float, float] | None = None
    step: float = Field(default=0.0, ge=0)
    hazard_ratio: float = Field(default=1.0, gt=0, le=100)
    score: float = 0.0

    @model_validator(mode="after")
    def _codes_or_number(self) -> "Covariate":
        number = self.mean is not None and self.deviation is not None
        said = number or any(part is not None for part in (self.mean, self.deviation, self.within))
        if number == bool(self.levels) or (self.levels and (said or self.step or self.prognostic)):
            raise ValueError("give 'levels' alone, or 'mean' and 'deviation' of a number")
        if len(self.levels) == 1:
            raise ValueError("of one level there is nothing to tell: give at least two")
        if self.within is not None and self.within[0] >= self.within[1]:
            raise ValueError("'within' has its lowest value first")
        return self

    @property
    def prognostic(self) -> bool:
        """Whether a number, by itself, bears on events or on the score."""
        return self.hazard_ratio != 1.0 or self.score != 0.0


class Prohibited(Part):
    """Medication that the protocol does not permit, such as rescue: how often it is begun in each arm, and its effect.

    From that day on events are `hazard_ratio` times as frequent and the score is `score` more. `shows_event`: the
    assessment that finds it shows the event, as where an index counts a drug that was added.
    """

    per_year: dict[str, Rate]
    hazard_ratio: float = Field(default=1.0, gt=0, le=100)
    score: float = 0.0
    shows_event: YesNo = False
