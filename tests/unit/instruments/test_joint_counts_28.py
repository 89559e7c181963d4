"""The 28 joints: which they are, what counts as inflamed, and joints nobody examined."""

from equipoise import instruments
from equipoise.instruments.activity.joint_counts import JOINTS

COUNTS = instruments.get("joint_counts")
QUIET = dict.fromkeys(COUNTS.input_by_id, False)


def test_the_joints_are_those_of_fuchs():
    """Fuchs 1989: ten proximal finger joints, ten metacarpophalangeal, and wrists, elbows, shoulders and knees."""
    kinds = [joint.removesuffix("_left").removesuffix("_right").rstrip("_12345") for joint in JOINTS]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "shoulder": 2, "elbow": 2, "wrist": 2, "mcp": 10, "thumb_ip": 2, "pip": 8, "knee": 2,
    }  # fmt: skip
    assert len(JOINTS) == 28


def test_every_joint_counts_once_for_each_sign():
    result = COUNTS.score(dict.fromkeys(COUNTS.input_by_id, True))
    assert dict(result.results) == {"inflamed": 28, "sjc28": 28, "tjc28": 28}


def test_two_tender_and_two_swollen_joints_can_be_one_inflamed_joint():
    signs = ("tender_wrist_left", "tender_knee_left", "swollen_wrist_left", "swollen_elbow_right")
    result = COUNTS.score(QUIET | dict.fromkeys(signs, True))
    assert dict(result.results) == {"inflamed": 1, "sjc28": 2, "tjc28": 2}
    assert set(result.contributions) == {"wrist_left"}


def test_a_joint_in_plaster_leaves_its_counts_open_between_bounds():
    open_joint = dict.fromkeys(("tender_wrist_left", "swollen_wrist_left"))
    result = COUNTS.score(QUIET | {"tender_knee_left": True, "swollen_knee_left": True} | open_joint)
    assert dict(result.results) == {"inflamed": None, "sjc28": None, "tjc28": None}
    assert (result.lower, result.upper, result.unknown) == (1, 2, ("tender_wrist_left", "swollen_wrist_left"))


def test_a_joint_that_is_not_tender_is_not_inflamed_whatever_its_swelling():
    result = COUNTS.score(QUIET | {"swollen_wrist_left": None})
    assert (result.value, result.results["tjc28"], result.results["sjc28"]) == (0, 0, None)
