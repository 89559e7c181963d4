"""Instruments over columns against the rule for one patient, and the command against reading and writing alone."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random

from benchmarks.claim import Claim, once, seconds

COLUMNS, ALONE, TABLE = 50_000, 300, 100_000
STATES = ("present", "absent", "not_attributable", "not_assessed")


def answer(question, random: Random):
    """A possible answer, one in fifty missing; numbers in the lower part of their range."""
    if random.random() < 0.02:
        return None
    match question.type:
        case "state":
            return random.choices(STATES, [15, 80, 4, 1])[0]
        case "yes_no":
            return random.random() < 0.2
        case "integer" | "decimal":
            low = question.low if question.low is not None else Decimal(0)
            high = min(question.high, low + 400) if question.high is not None else low + 400
            return round(low + (high - low) * Decimal(random.random()), 0 if question.type == "integer" else 2)
    return random.choice(question.codes)


def by_columns(instrument) -> Claim:
    """Patients a second, by columns and one by one."""
    random = Random(1)
    patients = [{one.id: answer(one, random) for one in instrument.inputs} for _ in range(ALONE)]
    few = {one.id: instrument.column(one.id, [patient[one.id] for patient in patients]) for one in instrument.inputs}
    many = {name: column.repeat(COLUMNS // ALONE) for name, column in few.items()}
    alone = seconds(lambda: [instrument.score(patient) for patient in patients]) / ALONE
    columns = seconds(lambda: instrument.score_columns(many)) / len(next(iter(many.values())))
    here = f"{1 / columns:,.0f} against {1 / alone:,.0f} patients a second"
    against = "the rule for one patient in a loop"
    return Claim(f"{instrument.id} over columns of {COLUMNS:,} patients", against, columns / alone, here)


def command() -> Iterator[Claim]:
    """`equipoise score` on a file, start-up included, against a process that only reads and writes the same bytes."""
    from equipoise.instruments import get

    random, names = Random(1), [one.id for one in get("sledai").inputs]
    with tempfile.TemporaryDirectory() as folder:
        table, out = Path(folder) / "t.csv", Path(folder) / "o.csv"
        for rows, weights in (("complete", [15, 80, 5, 0]), ("one item in a hundred not assessed", [15, 80, 4, 1])):
            lines = (",".join(random.choices(STATES, weights, k=len(names))) for _ in range(TABLE))
            table.write_text("\n".join([",".join(names), *lines, ""]))
            score = [sys.executable, "-m", "equipoise.cli", "score", "sledai", table, "--variant", "sledai_2k"]
            copy = [sys.executable, "-c", f"import polars as p; p.read_csv({str(table)!r}).write_csv({str(out)!r})"]
            ours, theirs = (seconds(lambda process=process: run(process, out)) for process in (score, copy))
            within = once_in_process(table)
            here = f"{ours:.2f} s against {theirs:.2f} s; {within:.2f} s of it after start-up"
            yield Claim(
                f"equipoise score on {TABLE:,} rows of SLEDAI-2K, {rows}",
                "polars reading and writing the same file, start-up included in both",
                ours / theirs,
                here,
            )


def run(process: list[object], out: Path) -> None:
    """One process to its end, its output in a file."""
    with out.open("wb") as target:
        subprocess.run([str(part) for part in process], stdout=target, check=True)


def once_in_process(table: Path) -> float:
    """Reading, scoring and writing without the start of a process."""
    from equipoise.instruments import get
    from equipoise.scoring import read_file, score_table, to_csv
    from equipoise.scoring.wanted import Wanted

    wanted = Wanted(get("sledai"), ("sledai_2k",), {})

    def work() -> None:
        found, _ = read_file(table.read_bytes(), "t.csv")
        to_csv(score_table(found, wanted), wanted)

    return min(once(work) for _ in range(3))


def claims() -> Iterator[Claim]:
    """Every instrument with a rule on columns, then the command."""
    from equipoise.instruments import all_instruments

    yield from (by_columns(one) for one in all_instruments() if one.compute_columns is not None)
    yield from command()
