"""What a mixed model for repeated measures costs, over R's nlme::gls and the same likelihood in plain numpy.

gls did not fit the thirteen visits within 100 seconds, so R gets a smaller trial, and only where R and nlme are
installed. Of the plain likelihood, patient by patient, one gradient by differences is timed: a general optimiser would
need many.
"""

import csv
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.claim import Claim, once, seconds

LONGEST = 15  # seconds that R may take
R_SCRIPT = """
suppressMessages(library(nlme))
d <- read.csv("trial.csv"); d$visit <- factor(d$place)
took <- system.time(f <- gls(y ~ 0 + visit + visit:arm + visit:base, d, corSymm(form = ~ place | id),
                             varIdent(form = ~ 1 | visit), control = glsControl(msMaxIter = 500, maxIter = 500)))
cat(took["elapsed"], logLik(f))
"""


def trial(patients: int, visits: int) -> dict[str, np.ndarray]:
    """Invented patients in two arms with a baseline: drop-out, and some visits missed."""
    random = np.random.default_rng(3)
    mix = np.tril(0.5 * random.normal(size=(visits, visits)) + 0.7) + np.eye(visits)
    values = random.normal(size=(patients, visits)) @ mix.T
    stays = np.arange(visits) < random.geometric(0.03, size=patients)[:, None]
    seen = stays & (random.random((patients, visits)) < 0.93)
    seen[:, 0] = True
    subject, visit = np.nonzero(seen)
    base = random.normal(size=patients)[subject]
    return {"y": values[seen], "id": subject, "place": visit + 1, "arm": subject % 2, "base": base}


def design(data: dict[str, np.ndarray]) -> np.ndarray:
    cells = np.eye(data["place"].max())[data["place"] - 1]
    return np.hstack([cells, cells * data["arm"][:, None], cells * data["base"][:, None]])


def by_patient(data: dict[str, np.ndarray], X: np.ndarray, between: np.ndarray) -> float:
    """The restricted log-likelihood at a covariance, one patient after the other."""
    information, pulled, squares, volume = np.zeros((X.shape[1],) * 2), np.zeros(X.shape[1]), 0.0, 0.0
    for patient in np.unique(data["id"]):
        mine = data["id"] == patient
        V, own, y = between[np.ix_(data["place"][mine] - 1, data["place"][mine] - 1)], X[mine], data["y"][mine]
        solved = np.linalg.solve(V, np.column_stack([own, y]))
        information += own.T @ solved[:, :-1]
        pulled += own.T @ solved[:, -1]
        squares += y @ solved[:, -1]
        volume += np.linalg.slogdet(V)[1]
    rest = squares - pulled @ np.linalg.solve(information, pulled)
    constant = (len(X) - X.shape[1]) * np.log(2 * np.pi)
    return float(-0.5 * (constant + volume + rest + np.linalg.slogdet(information)[1]))


def gls(data: dict[str, np.ndarray]) -> tuple[float, float] | None:
    """The seconds R took for its fit and the log-likelihood it reached; None where R cannot do it in time."""
    if shutil.which("Rscript") is None:
        return None
    with TemporaryDirectory() as folder:
        with (Path(folder) / "trial.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(data)
            writer.writerows(zip(*data.values(), strict=True))
        try:
            run = subprocess.run(
                ["Rscript", "-e", R_SCRIPT], cwd=folder, capture_output=True, text=True, timeout=LONGEST
            )
        except subprocess.TimeoutExpired:
            return None
    return tuple(float(part) for part in run.stdout.split()) if run.returncode == 0 else None


def claims() -> Iterator[Claim]:
    """The larger trial against the plain likelihood, the smaller one against R."""
    from equipoise.statistics import mmrm

    data = trial(231, 13)
    X = design(data)

    def fitted() -> object:
        return mmrm(data["y"], X, data["id"], data["place"]).contrast(np.eye(39)[25], freedom="kenward_roger")

    fit = mmrm(data["y"], X, data["id"], data["place"])
    assert np.isclose(by_patient(data, X, fit.visit_covariance), fit.log_likelihood, rtol=1e-10)
    ours = seconds(fitted)
    one = once(lambda: by_patient(data, X, fit.visit_covariance))
    gradient = 2 * fit.parameters * one
    yield Claim(
        "mixed model, 231 patients × 13 visits, unstructured, Kenward–Roger, the whole fit",
        "one gradient of the same likelihood by differences, patient by patient in numpy",
        ours / gradient,
        f"{ours * 1e3:.0f} ms against {gradient:.1f} s ({2 * fit.parameters} evaluations of {one * 1e3:.0f} ms)",
    )
    small = trial(160, 5)
    if (found := gls(small)) is not None:
        X = design(small)
        fit = mmrm(small["y"], X, small["id"], small["place"])
        assert np.isclose(fit.log_likelihood, found[1], rtol=1e-7)
        ours = seconds(lambda: mmrm(small["y"], X, small["id"], small["place"]))
        yield Claim(
            "mixed model, 160 patients × 5 visits, unstructured, with Kenward–Roger",
            "R nlme::gls, the fit alone",
            ours / found[0],
            f"{ours * 1e3:.1f} ms against {found[0] * 1e3:,.0f} ms",
        )
