"""The tables of the page on the reference trial's design, made by the commands that stand above them.

`python -m tests.docs.design_page` writes them anew. A table stands between a comment that names its scenario and the
next blank line.
"""

import re
from pathlib import Path

from equipoise.protocol.check import read_protocol
from equipoise.reports.catalogue import Words
from equipoise.reports.design_assumptions import named
from equipoise.simulation.design.outcome import outcome_of
from equipoise.simulation.design.reading import read_studies
from equipoise.simulation.design.running import Order, simulate

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "design-of-the-reference-trial.md"
TRIAL = ROOT / "trials" / "belimumab-sle"
TRIALS, SEED = 10_000, 1
_TABLE = re.compile(r"(?m)(^<!-- scenario: (\S+) -->\n)((?:.+\n)*)")
_HANDLED = {"": ", unknown = event", "sensitivity_1": ", unknown = no event", "sensitivity_2": ", unknown left out"}


def tables(text: str) -> dict[str, str]:
    """The tables that stand on the page, by scenario."""
    return {name: table for _, name, table in _TABLE.findall(text)}


def table(name: str, workers: int = 2) -> str:
    """The table of a scenario file of the reference trial: what its grid sets, and how often each analysis rejects."""
    protocol, _ = read_protocol((TRIAL / "protocol.yaml").read_bytes(), name="protocol.yaml")
    file = TRIAL / "scenarios" / f"{name}.yaml"
    studies, problems = read_studies(protocol, [(file.name, file.read_bytes())])
    assert not problems, problems
    words = Words("en")
    asked = studies[0].design.analyses
    keys = [key for key in studies[0].settings if len({study.settings[key] for study in studies}) > 1]
    heads = [named(key, protocol, words) for key in keys]
    handled = [_HANDLED[one.variant] if one.method.function == "two_proportions" else "" for one in asked]
    heads += [words.of(one.estimand.label) + how for one, how in zip(asked, handled, strict=True)]
    rows = [heads, ["---:"] * len(heads)]
    for study in studies:
        *_, sums = simulate(study.design, Order(TRIALS, SEED, workers))
        outcome = outcome_of(study, SEED, sums)
        found = [outcome.of("rejected", one.estimand.id, one.variant) for one in asked]
        told = [f"{100 * each.value:.1f} ({100 * each.error:.2f})" for each in found]
        rows.append([*(study.settings[key] for key in keys), *told])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main() -> None:
    """Write every table of the page."""
    text = PAGE.read_text("utf-8")
    PAGE.write_text(_TABLE.sub(lambda found: found[1] + table(found[2]), text), "utf-8")


if __name__ == "__main__":
    main()
