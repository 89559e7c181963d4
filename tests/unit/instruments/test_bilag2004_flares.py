"""Flares by BILAG-2004 grades: published patients, the three senses side by side, and what is not known."""

import pytest

from equipoise import instruments

FLARE = instruments.get("bilag2004_flare")
SYSTEMS = tuple(dict.fromkeys(question.group for question in FLARE.inputs))
QUIET = {f"grade_{s}": "D" for s in SYSTEMS} | {f"reference_{s}": "D" for s in SYSTEMS}
QUIET |= {f"new_{s}": False for s in SYSTEMS}


def flare(variant, now="", reference="", new=None):
    """The first systems have these grades; '-' is a grade not given. Every grade now is new unless said."""
    answers = dict(QUIET)
    for part, grades in (("grade", now), ("reference", reference)):
        answers |= {f"{part}_{s}": None if g == "-" else g for s, g in zip(SYSTEMS, grades, strict=False)}
    answers |= dict.fromkeys((f"new_{s}" for s in SYSTEMS[: len(now)]), True)
    answers |= {f"new_{s}": value for s, value in zip(SYSTEMS, new or (), strict=False)}
    return FLARE.score({name: answer for name, answer in answers.items() if answer is not None}, variant=variant)


def severity(*arguments, **named):
    return flare(*arguments, **named).results["severity"]


@pytest.mark.parametrize(("new_or_worse", "expected"), [("BCC", "mild"), ("ABC", "severe"), ("AAA", "severe")])
def test_published_patients_have_their_published_degree(new_or_worse, expected):
    """Mathian 2020, table 3: patients 23, 76 and 27."""
    assert severity("isenberg", new_or_worse) == expected


@pytest.mark.parametrize(
    ("now", "expected"),
    [("", "none"), ("C", "none"), ("CC", "none"), ("CCC", "mild"), ("B", "mild"), ("BB", "moderate"), ("A", "severe")],
)
def test_isenberg_counts_systems_with_something_new_or_worse(now, expected):
    assert severity("isenberg", now) == expected
    assert severity("isenberg", now, new=[False] * len(now)) == "none"


@pytest.mark.parametrize(
    ("reference", "now", "gordon", "trial"),
    [
        ("B", "A", "severe", "severe"),
        ("A", "A", "none", "none"),
        ("A", "B", "none", "none"),
        ("B", "B", "none", "none"),
        ("C", "B", "moderate", "none"),
        ("D", "B", "moderate", "none"),
        ("E", "B", "moderate", "none"),
        ("CD", "BB", "moderate", "moderate"),
        ("AC", "BB", "moderate", "none"),
        ("E", "C", "none", "none"),
        ("EEEEEEEEE", "CCCCCCCCC", "none", "none"),
    ],
)
def test_a_change_of_grades_is_a_flare_to_a_or_to_b_from_below(reference, now, gordon, trial):
    assert severity("gordon_2003", now, reference) == gordon
    assert severity("trial_composite", now, reference) == trial


def test_a_then_c_then_b_is_a_flare_against_the_last_visit_and_none_against_baseline():
    """The glitch of comparing with the previous visit: the patient is still better than at baseline."""
    assert flare("gordon_2003", "B", "C").value is True
    assert flare("gordon_2003", "B", "A").value is False


def test_the_systems_that_flared_are_named_and_counted():
    result = flare("trial_composite", "ABB", "BCA")
    assert dict(result.contributions) == {SYSTEMS[0]: "A", SYSTEMS[1]: "B"}
    assert [result.results[f"systems_{grade}"] for grade in "abc"] == [1, 1, 0]


def test_a_certain_flare_whose_degree_is_open_says_so_and_names_what_is_lacking():
    result = flare("isenberg", "B-")
    assert result.value is True
    assert result.results["severity"] == "flare_severity_unknown"
    assert result.unknown == (f"grade_{SYSTEMS[1]}",)
    assert flare("isenberg", "BB", new=[True, None]).results["severity"] == "flare_severity_unknown"
    assert flare("isenberg", "A-").results["severity"] == "severe"
    assert flare("isenberg", "A-").unknown == ()


def test_no_flare_needs_every_system_unless_what_is_missing_cannot_matter():
    assert flare("isenberg", "-").value is None
    assert flare("isenberg", "-", new=[False]).value is False
    assert flare("isenberg", "D", new=[None]).value is False
    assert flare("gordon_2003", "-", "A").value is False
    assert flare("gordon_2003", "B", "-").value is None
    assert flare("trial_composite", "B", "-").value is False
    assert flare("trial_composite", "A", "-").value is None
