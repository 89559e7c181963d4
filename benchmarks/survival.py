"""What the survival methods cost for a million patients, over R's survival package, lifelines, one sort, and numpy."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.claim import Claim, once, seconds

PATIENTS = 1_000_000
FEWER = 100_000
# lifelines fits Cox's model to a million patients in more than half a minute: measured only where this is set.
EVERYTHING = bool(os.environ.get("EQUIPOISE_BENCH_ALL"))
R_SCRIPT = """
suppressMessages(library(survival))
n <- {n}; con <- file("{path}", "rb")
d <- as.data.frame(matrix(readBin(con, "double", n * 8), n)); close(con)
names(d) <- c("time", "event", "arm", "a", "b", "c", "d", "stratum")
cat(system.time({{survfit(Surv(time, event) ~ arm, d); survdiff(Surv(time, event) ~ arm, d);
  coxph(Surv(time, event) ~ arm, d)}})[["elapsed"]],
  system.time(coxph(Surv(time, event) ~ arm + a + b + c + d + strata(stratum), d))[["elapsed"]])
"""


def trial(patients: int) -> dict[str, np.ndarray]:
    """Invented patients: exponential times, uniform censoring, an arm, four numbers and eight strata."""
    rng = np.random.default_rng(1)
    arm = rng.integers(0, 2, patients)
    numbers = rng.normal(50, 10, (patients, 4))
    time, censored = rng.exponential(1 + arm / 2), rng.uniform(0, 2, patients)
    return {
        "time": np.minimum(time, censored),
        "event": time <= censored,
        "arm": arm,
        "X": np.column_stack([arm, numbers]),
        "stratum": rng.integers(0, 8, patients),
    }


def in_numpy(time: np.ndarray, event: np.ndarray, arm: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Curves, log-rank z and the log hazard ratio, plainly vectorised; for times without ties."""
    order = np.argsort(time, kind="stable")
    event, arm = event[order], arm[order]
    curves = []
    for code in (0, 1):
        own = event[arm == code]
        at_risk = np.arange(own.size, 0, -1)
        survival = np.cumprod(1 - own / at_risk)
        left = np.maximum(at_risk - own, 1)
        inner = np.where((survival > 0) & (survival < 1), survival, np.nan)
        power = np.exp(1.959964 * np.sqrt(np.cumsum(own / (at_risk * left))) / np.abs(np.log(inner)))
        curves.append((survival, inner**power, inner ** (1 / power)))
    share = arm[::-1].cumsum()[::-1] / np.arange(arm.size, 0, -1)
    at_event, share = arm[event], share[event]
    z = (at_event - share).sum() / np.sqrt((share * (1 - share)).sum())
    beta = 0.0
    for _ in range(5):
        weighed = share * np.exp(beta) / (share * np.exp(beta) + 1 - share)
        beta += (at_event - weighed).sum() / (weighed * (1 - weighed)).sum()
    return curves, z, beta


def in_r(data: dict[str, np.ndarray]) -> tuple[float, float] | None:
    """R's seconds for the two-arm analysis and for the stratified regression; None where R is not here."""
    if shutil.which("Rscript") is None:
        return None
    columns = [data["time"], data["event"], *data["X"].T, data["stratum"]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trial.bin"
        np.concatenate([np.asarray(column, dtype=float) for column in columns]).tofile(path)
        script = R_SCRIPT.format(n=data["time"].size, path=path)
        done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True)
    if done.returncode:
        return None
    two_arms, regression = (float(word) for word in done.stdout.split())
    return two_arms, regression


def claims() -> Iterator[Claim]:
    """Two arms, and a regression with five covariates and strata."""
    from equipoise.statistics import cox, two_arm_survival

    small, large = trial(FEWER), trial(PATIENTS)

    def two_arms(data: dict[str, np.ndarray]):
        return two_arm_survival(data["time"], data["event"], data["arm"], reference=0)

    def regression(data: dict[str, np.ndarray]):
        return cox(data["time"], data["event"], data["X"], strata=data["stratum"])

    found, (_, z, beta) = two_arms(small), in_numpy(small["time"], small["event"], small["arm"])
    assert np.allclose([found.logrank.z, found.cox.coefficients[0]], [z, beta], rtol=1e-6)
    regression(small)
    what = f"both curves, log-rank and Cox of two arms, {PATIENTS:,} patients"
    ours = seconds(lambda: two_arms(large), rounds=7)
    for against, work in (
        ("one stable sort of the times by index", lambda: np.argsort(large["time"], kind="stable")),
        ("one sort of the bare times, vectorised by the processor", lambda: np.sort(large["time"])),
        ("the same in plain numpy", lambda: in_numpy(large["time"], large["event"], large["arm"])),
    ):
        theirs = seconds(work)
        yield Claim(what, against, ours / theirs, f"{ours * 1e3:.0f} ms against {theirs * 1e3:.0f} ms")
    yield against_lifelines(small, seconds(lambda: two_arms(small)), with_cox=True)
    yield against_lifelines(large, ours, with_cox=EVERYTHING)
    big = seconds(lambda: regression(large))
    yield from against_r(large, ours, big)
    passes = seconds(lambda: large["X"].T @ large["X"])
    what = f"Cox with five covariates and eight strata, {PATIENTS:,} patients"
    against = "one product X′X of the same covariates in numpy"
    yield Claim(what, against, big / passes, f"{big * 1e3:.0f} ms against {passes * 1e3:.1f} ms")


def against_lifelines(data: dict[str, np.ndarray], ours: float, *, with_cox: bool) -> Claim:
    """The same two arms in lifelines, where somebody installed it, with Cox's model or without it."""
    what = f"both curves, log-rank and Cox of two arms, {data['time'].size:,} patients"
    against = "lifelines" if with_cox else "lifelines' curves and log-rank alone, without Cox"
    try:
        from lifelines import CoxPHFitter, KaplanMeierFitter
        from lifelines.statistics import logrank_test
        from pandas import DataFrame
    except ImportError:
        return Claim(what, against, float("nan"), f"{ours * 1e3:.1f} ms; lifelines is not here")
    time, event, arm = data["time"], data["event"], data["arm"]
    table = DataFrame({"time": time, "event": event, "arm": arm})

    def theirs() -> None:
        for code in (0, 1):
            KaplanMeierFitter().fit(time[arm == code], event[arm == code])
        logrank_test(time[arm == 0], time[arm == 1], event[arm == 0], event[arm == 1])
        if with_cox:
            CoxPHFitter().fit(table, "time", "event")

    peer = once(theirs)
    return Claim(what, against, ours / peer, f"{ours * 1e3:.1f} ms against {peer * 1e3:,.0f} ms")


def against_r(data: dict[str, np.ndarray], two_arms: float, regression: float) -> Iterator[Claim]:
    """The same two analyses in R's survival package, in the same run."""
    peer = in_r(data)
    names = ("both curves, log-rank and Cox of two arms", "Cox with five covariates and eight strata")
    for place, (name, ours) in enumerate(zip(names, (two_arms, regression), strict=True)):
        what, against = f"{name}, {PATIENTS:,} patients", "R's survival package"
        if peer is None:
            yield Claim(what, against, float("nan"), "not here")
        else:
            yield Claim(what, against, ours / peer[place], f"{ours * 1e3:.0f} ms against {peer[place] * 1e3:,.0f} ms")
