"""CLASI: the published ranges and bands, what counts double, and when half is reached."""

import pytest

from equipoise import instruments
from equipoise.instruments.activity import clasi

CLASI = instruments.get("clasi")
CLEAR = {q.id: {"choice": q.codes[:1], "state": ("absent",), "yes_no": (False,)}[q.type][0]
         for q in CLASI.inputs if q.id != "baseline_activity"}  # fmt: skip
WORST = {q.id: {"choice": q.codes[-1:], "state": ("present",), "yes_no": (True,)}[q.type][0]
         for q in CLASI.inputs if q.id != "baseline_activity"}  # fmt: skip
DARK = {q.id: "dark" for q in CLASI.inputs if q.id.startswith("erythema")}
PATCHES = {q.id: "present" for q in CLASI.inputs if q.id.startswith("dyspigmentation_") and q.type == "state"}


def skin(**signs):
    return CLASI.score(CLEAR | signs)


def test_activity_ends_at_70_and_damage_at_56():
    """The ranges of Klein 2011 and of the published form."""
    assert CLASI.score(WORST).results["activity"] == 70
    assert CLASI.score(WORST).results["damage"] == 56


def test_erythema_gives_39_scale_26_and_mucosa_and_hair_5():
    assert skin(**DARK).value == 39
    assert skin(**{name: "hypertrophy" for name in CLEAR if name.startswith("scale")}).value == 26
    assert (
        skin(mucosal_lesion="present", recent_hair_loss="present", nonscarring_alopecia="patchy_more_quadrants").value
        == 5
    )


@pytest.mark.parametrize(("lasting", "damage"), [(False, 13), (True, 26)])
def test_dyspigmentation_counts_double_once_it_has_lasted_a_year(lasting, damage):
    assert skin(**PATCHES, dyspigmentation_12_months=lasting).results["damage"] == damage


def test_without_dyspigmentation_its_duration_does_not_matter():
    assert skin(dyspigmentation_12_months=None, scarring_face="scarring").results["damage"] == 1
    assert skin(dyspigmentation_12_months=None, dyspigmentation_face="present").results["damage"] is None


@pytest.mark.parametrize(
    ("extent", "points"),
    [("none", 0), ("one_quadrant", 3), ("two_quadrants", 4), ("three_quadrants", 5), ("whole_scalp", 6)],
)
def test_a_scarred_scalp_starts_at_three(extent, points):
    assert skin(scarring_scalp=extent).results["damage"] == points


@pytest.mark.parametrize(
    ("activity", "band"), [(0, "mild"), (9, "mild"), (10, "moderate"), (20, "moderate"), (21, "severe"), (39, "severe")]
)
def test_the_bands_are_those_of_klein(activity, band):
    """Klein 2011: 0 to 9, 10 to 20 and 21 to 70."""
    full, rest = divmod(activity, 3)
    red = dict(list(DARK.items())[:full]) | dict.fromkeys(
        list(DARK)[full:][:1] if rest else [], ("", "faint", "red")[rest]
    )
    result = skin(**red)
    assert (result.value, result.results["band"]) == (activity, band)


def test_the_bands_leave_no_gap_and_end_with_the_scale():
    assert list(clasi.BANDS.values()) == [9, 20, 70]


def test_a_band_can_be_certain_although_the_total_is_not():
    result = skin(**DARK | {"mucosal_lesion": None})
    assert (result.value, result.results["band"], result.unknown) == (None, "severe", ("mucosal_lesion",))
    assert (result.lower, result.upper) == (39, 40)


@pytest.mark.parametrize(
    ("baseline", "halved"), [(0, "not_evaluable"), (11, "no"), (12, "yes"), (13, "yes"), (None, None)]
)
def test_six_points_are_half_of_twelve(baseline, halved):
    now = skin(erythema_face="dark", erythema_chest="dark", baseline_activity=baseline)
    assert (now.value, now.results["halved"]) == (6, halved)
