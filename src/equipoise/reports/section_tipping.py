"""The tipping point of an estimand: one grid for each analysis of the kind and each arm that is compared."""

from collections.abc import Iterator

from equipoise.reports.blocks import Block
from equipoise.reports.estimand_tables import Told
from equipoise.reports.figures import tipping_grid
from equipoise.reports.figures.tipping import Said


def tipping_grids(told: Told) -> Iterator[Block]:
    """A grid of every way in which the unknown outcomes could have turned out; none where nothing is unknown."""
    for place, method in enumerate(told.estimand.sensitivity, start=1):
        if method.function == "tipping_point":
            yield from (grid for arm in told.others for grid in _grid(told, f"sensitivity_{place}", arm))


def _grid(told: Told, variant: str, arm: str) -> Iterator[Block]:
    tell, words, reference = told.tell, told.tell.words, told.estimand.reference_arm
    alpha = tell.analysis.protocol.analysis.alpha
    rows = [
        row for row in tell.analysis.results.of(told.estimand.id, "tipping") if (row.variant, row.arm) == (variant, arm)
    ]
    if len(rows) < 2:
        return
    names = {"arm": tell.arm(arm), "reference": tell.arm(reference)}
    counts = {each: row.n for each in (arm, reference) if (row := told.row("unknown", each, variant)) is not None}
    across, up = (words("tipping_arm", n=counts[each], arm=tell.arm(each)) for each in (arm, reference))
    colours = (words(key, alpha=alpha, arm=names["arm"]) for key in ("tipping_below", "tipping_above", "tipping_none"))
    suffix = f"_{arm}" if len(told.others) > 1 else ""
    yield tipping_grid(
        f"tipping_{told.estimand.id}{suffix}", words("tipping_title", label=told.label, **names),
        words("tipping_caption"), rows, float(alpha), Said(across, up, *colours),
    )  # fmt: skip
