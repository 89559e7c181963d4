"""What a simulated trial costs: over R's everyday loop, over drawing its random numbers, and on two cores over one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import yaml

from benchmarks.claim import Claim, once, seconds

TRIAL = Path(__file__).parents[1] / "trials" / "belimumab-sle"
TRIALS, FULL, IN_R = 100_000, 6_000, 300
WHOLE, LIMIT = 10_000, 10.0  # trials of a whole command, and the seconds that it may take
BLOCKS = {"procedure": "permuted_blocks", "sizes": ["4", "6"]}
# The same design: blocks of four, exponential flares, drop-out of one in ten, followed for 52 weeks.
R_SCRIPT = """
suppressMessages(library(survival)); set.seed(1)
one <- function() {
  arm <- as.vector(replicate(58, sample(c(0, 0, 1, 1))))[1:231]
  flare <- rexp(231, ifelse(arm == 1, -log(.75), -log(.6)) / 364)
  left <- pmin(rexp(231, -log(.9) / 364), 364)
  time <- pmin(flare, left); event <- flare <= left
  c(survdiff(Surv(time, event) ~ arm)$chisq, coef(coxph(Surv(time, event) ~ arm)), diff(tapply(event, arm, mean)))
}
invisible(one())
cat(system.time(found <- replicate(TRIALS, one()))[["elapsed"]], mean(found[1, ] > qchisq(.95, 1)))
"""


def claims() -> Iterator[Claim]:
    """The benchmark design against R and its own floor, and the reference trial in full."""
    from equipoise.simulation.design.running import Laboratory, Order, simulate

    design = study("benchmark.yaml").design
    laboratory = Laboratory(design, 1)
    laboratory.sums(0, 10)
    ours = seconds(lambda: laboratory.sums(0, TRIALS)) / TRIALS
    what = "a trial of 231: log-rank test, Cox, difference in risk"
    yield against_r(what, ours, laboratory)
    yield against_lifelines(what, ours)
    draws = seconds(lambda: drawn(TRIALS // 10)) / (TRIALS // 10)
    yield Claim(what, "drawing its random numbers, once each", ours / draws, f"{1 / ours:,.0f} trials/s on one core")
    sorting = sorted_times(laboratory)
    yield Claim(what, "one sort of its times in numpy", ours / sorting, f"{ours * 1e6:.1f} µs, {sorting * 1e6:.1f} µs")
    one, two = (seconds(lambda n=n: list(simulate(design, Order(TRIALS, 1, n)))) for n in (1, 2))
    here = f"{TRIALS / one:,.0f} and {TRIALS / two:,.0f} trials/s"
    yield Claim("the same on two threads", "one thread; 0.5 where two cores are free", two / one, here)
    full = Laboratory(study("design.yaml").design, 1)
    full.sums(0, 10)
    each = seconds(lambda: full.sums(0, FULL)) / FULL
    what = "the reference trial in full: 334 participants, 13 assessments, six analyses"
    yield Claim(what, "a trial of the line above", each / ours, f"{1 / each:,.0f} trials/s on one core")
    listed, minimised = (by_site_and_sex(**scheme).design for scheme in (BLOCKS, {"procedure": "minimisation"}))
    took, lists = (seconds(lambda d=design: Laboratory(d, 1).sums(0, FULL)) / FULL for design in (minimised, listed))
    what = "the same, arms minimised over site and sex"
    yield Claim(what, "lists for each site and sex", took / lists, f"{1 / took:,.0f} against {1 / lists:,.0f} trials/s")
    for workers in (1, 2):
        took = by_the_clock(workers)
        what = f"`equipoise simulate`, {WHOLE:,} trials in full, with start-up and bar: {workers} threads"
        yield Claim(what, f"a limit of {LIMIT:.0f} s", took / LIMIT, f"{took:.1f} s by the clock")


def study(name: str):
    """The first study of a shipped scenario."""
    return first_of(trial_protocol(), (TRIAL / "scenarios" / name).read_bytes())


def by_site_and_sex(**scheme):
    """The reference trial in full with two factors that lists are drawn for or arms are minimised over."""
    protocol = trial_protocol()
    factors = protocol.randomisation.model_copy(update={"strata": ("site", "sex")})
    tree = yaml.load((TRIAL / "scenarios" / "design.yaml").read_bytes(), yaml.BaseLoader)
    tree |= {"covariates": {"sex": {"levels": {"female": {"share": "9"}, "male": {"share": "1"}}}}}
    tree |= {"randomisation": scheme}
    return first_of(protocol.model_copy(update={"randomisation": factors}), yaml.safe_dump(tree).encode())


def trial_protocol():
    """The protocol of the reference trial."""
    from equipoise.protocol.check import read_protocol

    return read_protocol((TRIAL / "protocol.yaml").read_bytes(), name="protocol.yaml")[0]


def first_of(protocol, scenario: bytes):
    """The first study of a scenario file."""
    from equipoise.simulation.design.reading import read_studies

    studies, problems = read_studies(protocol, [("scenario.yaml", scenario)])
    assert not problems, problems
    return studies[0]


def by_the_clock(workers: int) -> float:
    """Seconds for the whole command in a process of its own, the shorter of two runs; its bar is drawn."""
    command = [sys.executable, "-m", "equipoise.cli", "simulate", str(TRIAL / "protocol.yaml")]
    command += ["--trials", str(WHOLE), "--workers", str(workers)]
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run() -> None:
        done = subprocess.run(command, check=True, capture_output=True, text=True, env={**usual, "FORCE_COLOR": "1"})
        assert f"{WHOLE}/{WHOLE}" in done.stdout, done.stdout

    return seconds(run, rounds=2)


def against_r(what: str, ours: float, laboratory) -> Claim:
    """R's survival package in a loop, as it is usually written; both find the same power."""
    against = "a loop over survdiff and coxph of R's survival package"
    if shutil.which("Rscript") is None:
        return Claim(what, against, float("nan"), "R is not here")
    script = R_SCRIPT.replace("TRIALS", str(IN_R))
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True)
    if done.returncode:
        return Claim(what, against, float("nan"), "R's survival package is not here")
    elapsed, power = map(float, done.stdout.split())
    sums = laboratory.sums(0, 10_000)
    assert abs(sums.of(0, "rejected") / 10_000 - power) < 4.5 * np.sqrt(0.25 / IN_R)
    return Claim(what, against, ours / (elapsed / IN_R), f"{1 / ours:,.0f} against {IN_R / elapsed:,.0f} trials/s")


def against_lifelines(what: str, ours: float) -> Claim:
    """The same statistics in Python's usual package, of a trial drawn once: the peer draws nothing."""
    against = "logrank_test and CoxPHFitter of lifelines, drawing left out"
    if find_spec("lifelines") is None:
        return Claim(what, against, float("nan"), "lifelines is not here")
    from lifelines import CoxPHFitter
    from lifelines.statistics import logrank_test
    from pandas import DataFrame

    rng = np.random.default_rng(1)
    arm, time = np.arange(231) % 2, rng.exponential(500, 231)
    rows = DataFrame({"time": np.minimum(time, 364), "event": time < 364, "arm": arm})
    first, second = (rows[rows.arm == code] for code in (0, 1))

    def one() -> None:
        logrank_test(first.time, second.time, first.event, second.event)
        CoxPHFitter().fit(rows, "time", "event")

    one()
    peer = seconds(lambda: [one() for _ in range(20)]) / 20
    return Claim(what, against, ours / peer, f"{1 / ours:,.0f} against {1 / peer:,.0f} trials/s")


def drawn(trials: int) -> None:
    """The words of 231 participants for onset, leaving and arm, and nothing made of them."""
    from equipoise.simulation.design.philox_kernels import CORE, fill_participants
    from equipoise.simulation.design.running import key_of

    words, key = np.zeros((4, 231), np.uint64), key_of(1)
    for trial in range(trials):
        fill_participants(words, CORE, trial, key)


def sorted_times(laboratory) -> float:
    """Seconds for one sort of the times of one trial, in a batch."""
    rng = np.random.default_rng(1)
    batch = rng.random((2000, 231))
    return min(once(lambda: np.sort(batch, axis=1)) for _ in range(5)) / 2000
