"""CLASI and the joint counts against oracles written from their definitions."""

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments import columns
from tests.property.instruments.completions_by_hand import full_answers, some_of, what_all_agree_on, without

CLASI, JOINTS = instruments.get("clasi"), instruments.get("joint_counts")
few = settings(max_examples=40, deadline=None)

ZONES = [
    "scalp", "ears", "nose_malar", "face", "front_neck", "back_neck_shoulders", "chest", "abdomen", "back_buttocks",
    "arms", "hands", "legs", "feet",
]  # fmt: skip
COLOUR = {"none": 0, "faint": 1, "red": 2, "dark": 3}
SURFACE = {"none": 0, "scale": 1, "hypertrophy": 2}
HAIR = {"none": 0, "diffuse": 1, "patchy_one_quadrant": 2, "patchy_more_quadrants": 3}
SCAR = {"none": 0, "scarring": 1, "severe_or_panniculitis": 2}
SCALP = {"none": 0, "one_quadrant": 3, "two_quadrants": 4, "three_quadrants": 5, "whole_scalp": 6}


def clasi_by_hand(world):
    activity = sum(COLOUR[world[f"erythema_{zone}"]] + SURFACE[world[f"scale_{zone}"]] for zone in ZONES)
    activity += (world["mucosal_lesion"] == "present") + (world["recent_hair_loss"] == "present")
    activity += HAIR[world["nonscarring_alopecia"]]
    pigment = sum(world[f"dyspigmentation_{zone}"] == "present" for zone in ZONES)
    scars = sum(SCAR[world[f"scarring_{zone}"]] for zone in ZONES if zone != "scalp") + SCALP[world["scarring_scalp"]]
    baseline = world["baseline_activity"]
    return {
        "activity": activity,
        "damage": pigment * (2 if world["dyspigmentation_12_months"] else 1) + scars,
        "band": "mild" if activity < 10 else "moderate" if activity < 21 else "severe",
        "halved": "not_evaluable" if baseline == 0 else "yes" if 2 * activity <= baseline else "no",
    }


@few
@given(data=st.data())
def test_clasi_is_known_exactly_when_every_way_of_filling_the_gaps_agrees(data):
    answers = data.draw(full_answers(CLASI, likely=data.draw(st.sampled_from([1, 4, 8]))))
    hidden = data.draw(some_of(set(answers) - {"baseline_activity"}, 4))
    result = CLASI.score(without(answers, hidden))
    assert dict(result.results) == what_all_agree_on(CLASI, answers, hidden, clasi_by_hand)
    assert result.lower <= clasi_by_hand(answers)["activity"] <= result.upper
    assert sum(result.contributions.values()) == result.lower


@few
@given(st.lists(full_answers(CLASI, likely=3), min_size=1, max_size=5))
def test_clasi_of_many_patients_is_what_the_definition_says(rows):
    given_columns = {name: CLASI.column(name, [row[name] for row in rows]) for name in CLASI.input_by_id}
    scored = CLASI.score_columns(given_columns)
    for output in CLASI.outputs:
        assert columns.decode(output, scored[output.id]) == [clasi_by_hand(row)[output.id] for row in rows]


def joints_by_hand(world):
    swollen = {name.removeprefix("swollen_") for name, yes in world.items() if yes and name.startswith("swollen")}
    tender = {name.removeprefix("tender_") for name, yes in world.items() if yes and name.startswith("tender")}
    return {"inflamed": len(swollen & tender), "sjc28": len(swollen), "tjc28": len(tender)}


@few
@given(data=st.data())
def test_joint_counts_are_known_exactly_when_every_way_of_filling_the_gaps_agrees(data):
    answers = data.draw(full_answers(JOINTS, likely=3))
    hidden = data.draw(some_of(answers, 6))
    result = JOINTS.score(without(answers, hidden))
    assert dict(result.results) == what_all_agree_on(JOINTS, answers, hidden, joints_by_hand)
    assert (result.lower == result.upper) == (result.value is not None)
    assert len(result.contributions) == result.lower
    assert JOINTS.score(without(answers, hidden - set(result.unknown))).value == joints_by_hand(answers)["inflamed"]
