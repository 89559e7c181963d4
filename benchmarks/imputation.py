"""What conditional-mean imputation with the jackknife costs, over a refit from nothing for every patient left out."""

from collections.abc import Iterator

from benchmarks.claim import Claim, once, seconds
from benchmarks.mixed_models import design, trial

PATIENTS, VISITS = 231, 13


def claims() -> Iterator[Claim]:
    """Jump to reference at thirteen visits; one fresh fit is timed and counted for every patient."""
    from equipoise.statistics import mmrm, reference_based

    data = trial(PATIENTS, VISITS)
    last = {patient: int(data["place"][data["id"] == patient].max()) for patient in range(PATIENTS)}
    withdrawn = {patient: visit for patient, visit in last.items() if visit < VISITS}

    def imputed() -> object:
        covariates = {"base": data["base"]}
        return reference_based(
            data["y"], data["arm"], data["id"], data["place"], covariates, reference=0, withdrawn_after=withdrawn,
            by_visit=["base"],
        )  # fmt: skip

    rest = data["id"] > 0
    left = {name: values[rest] for name, values in data.items()}
    X = design(left)
    ours = min(once(imputed) for _ in range(2))
    refit = seconds(lambda: mmrm(left["y"], X, left["id"], left["place"]))
    yield Claim(
        f"imputation by jump to reference with the jackknife, {PATIENTS} patients × {VISITS} visits, unstructured",
        "a mixed model fitted from nothing for every patient left out, the fits alone",
        ours / (PATIENTS * refit),
        f"{ours:.2f} s against {PATIENTS * refit:.1f} s ({PATIENTS} fits of {refit * 1e3:.0f} ms)",
    )
