"""Drawing as participants come: against a slow and obvious Pocock-Simon with a reading of the stream of its own."""

import hashlib
from dataclasses import replace
from fractions import Fraction
from math import lcm, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.randomisation.dynamic import Allocated, Course, Draw, Dynamic, read_dynamic, write_dynamic
from equipoise.randomisation.minimisation import Minimisation

SEED = bytes(range(32))
FACTORS = {"site": ("11", "12", "13"), "sex": ("female", "male"), "stage": ("early", "late")}
OWN = Dynamic("trial", ("a", "b", "c"), FACTORS, Minimisation((2, 1, 1), {"sex": 2}), 40)


# --- A second road: Pocock & Simon 1975, from the whole history each time, and SHA-256 in counter mode by hand --------


def expected_chances(dynamic, history, profile):
    """`history` is a list of (profile, arm's name)."""
    how, scores = dynamic.minimisation, []
    for arm in dynamic.arms:
        total = Fraction(0)
        for factor, level in profile.items():
            alike = [other for others, other in history if others[factor] == level] + [arm]
            counts = [Fraction(alike.count(each), share) for each, share in zip(dynamic.arms, how.shares, strict=True)]
            mean = sum(counts) / len(counts)
            variance = sum((count - mean) ** 2 for count in counts) / (len(counts) - 1)
            spread = {
                "range": max(counts) - min(counts), "variance": variance,
                "standard_deviation": Fraction(sqrt(variance)),
            }[how.measure]  # fmt: skip
            total += how.weights.get(factor, 1) * spread
        scores.append(total)
    best = [score == min(scores) for score in scores]
    inside = sum(share for share, is_best in zip(how.shares, best, strict=True) if is_best)
    outside = sum(how.shares) - inside
    if not outside:
        return tuple(Fraction(share, inside) for share in how.shares)
    return tuple(
        how.probability * Fraction(share, inside) if is_best else (1 - how.probability) * Fraction(share, outside)
        for share, is_best in zip(how.shares, best, strict=True)
    )


def stream(seed, *labels):
    """The bytes of a stream, one by one."""
    parts = [b"equipoise.stream.1", seed, *(label.encode() for label in labels)]
    key = hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()
    counter = 0
    while True:
        yield from hashlib.sha256(key + counter.to_bytes(8, "big")).digest()
        counter += 1


def number_below(bound, octets):
    bits = (bound - 1).bit_length()
    while bits:
        drawn = int.from_bytes(bytes(next(octets) for _ in range((bits + 7) // 8)), "big") % 2**bits
        if drawn < bound:
            return drawn
    return 0


def expected_arm(dynamic, seed, number, chances):
    whole = lcm(*(chance.denominator for chance in chances))
    drawn = number_below(whole, stream(seed, dynamic.study, "draw", str(number)))
    tickets = [arm for arm, chance in zip(dynamic.arms, chances, strict=True) for _ in range(int(chance * whole))]
    return tickets[drawn]


def expected_envelopes(dynamic, seed, number):
    arms, octets = list(dynamic.arms), stream(seed, dynamic.study, "envelopes", str(number))
    for last in range(len(arms) - 1, 0, -1):
        other = number_below(last + 1, octets)
        arms[last], arms[other] = arms[other], arms[last]
    return arms


@st.composite
def trials(draw):
    """A minimisation and the participants who come, each with factors and with who was randomised in error by then."""
    arms = tuple("abcd"[: draw(st.integers(2, 4))])
    shares = tuple(draw(st.integers(1, 3)) for _ in arms)
    weights = draw(st.dictionaries(st.sampled_from(sorted(FACTORS)), st.integers(1, 3)))
    measure = draw(st.sampled_from(["range", "variance", "standard_deviation"]))
    how = Minimisation(shares, weights, measure, draw(st.sampled_from([Fraction(4, 5), Fraction(2, 3)])))
    dynamic = Dynamic("trial", arms, FACTORS, how, 30, draw(st.sampled_from(["stays", "leaves"])))
    people = draw(st.lists(st.tuples(*(st.sampled_from(levels) for levels in FACTORS.values())), max_size=25))
    aside = [draw(st.sets(st.integers(0, n - 1), max_size=2)) if n else set() for n in range(len(people))]
    return dynamic, draw(st.binary(min_size=32, max_size=32)), people, aside


def labels_of(dynamic):
    return [f"L{number:03d}" for number in range(dynamic.slots * len(dynamic.arms))]


@given(trials())
def test_every_draw_is_that_of_the_slow_road(trial):
    dynamic, seed, people, aside = trial
    course, history, labels = Course(dynamic, seed, labels_of(dynamic)), [], labels_of(dynamic)
    for place, levels in enumerate(people):
        profile = dict(zip(FACTORS, levels, strict=True))
        without = aside[place] if dynamic.in_error == "leaves" else set()
        chances = expected_chances(dynamic, [one for n, one in enumerate(history) if n not in without], profile)
        codes = tuple(f"S{number}" for number in sorted(aside[place]))
        draw = course.draw(profile, codes)
        assert draw == Draw(expected_arm(dynamic, seed, place + 1, chances), chances)
        order = expected_envelopes(dynamic, seed, place + 1)
        assert dict(zip(order, labels[place * len(order) :], strict=False)) == course.envelopes()
        given_to = Allocated(
            place + 1, f"S{place}", "|".join(f"{name}={level}" for name, level in profile.items()), codes,
            course.envelopes()[draw.arm],
        )  # fmt: skip
        assert course.add(given_to) == draw
        history.append((profile, draw.arm))


# --- What a course takes in ------------------------------------------------------------------------------------------


def given_to(course, subject="S1", stratum="site=11|sex=female|stage=early", number=None, label=None, aside=()):
    """What the course itself would give next, but for what is said."""
    profile = course.dynamic.profile(stratum) or {name: levels[0] for name, levels in FACTORS.items()}
    label = label or course.envelopes()[course.draw(profile, aside).arm]
    return Allocated(number or course.number, subject, stratum, aside, label)


def course_of(dynamic=OWN):
    return Course(dynamic, SEED, labels_of(dynamic))


def test_asking_again_draws_the_same_until_somebody_is_given_it():
    course = course_of()
    profile = course.dynamic.profile("sex=male|site=12|stage=late")
    draws = [course.draw(profile) for _ in range(3)]
    assert draws == [draws[0]] * 3
    assert (course.number, course.members) == (1, {})


@pytest.mark.parametrize("stratum", [
    "", "all", "site=11", "site=11|sex=female|stage=early|age=old", "site=99|sex=female|stage=early",
    "site=11|site=12|sex=female|stage=early", "site=11|sex=female|stage",
])  # fmt: skip
def test_factors_that_are_not_all_known_are_no_profile(stratum):
    assert OWN.profile(stratum) is None
    assert course_of().add(given_to(course_of(), stratum=stratum)) is None


def test_the_order_of_the_factors_does_not_matter():
    assert OWN.profile("sex=male|stage=late|site=11") == OWN.profile("site=11|sex=male|stage=late")


def test_another_envelope_than_was_drawn_is_found():
    course = course_of()
    drawn = given_to(course).label
    for label in {*course.envelopes().values()} - {drawn}:
        assert course_of().add(given_to(course, label=label)) is None
    assert course_of().add(given_to(course, label="ANOTHER")) is None
    assert course_of().add(given_to(course)) is not None


def test_the_same_number_twice_is_found():
    course = course_of()
    first = given_to(course)
    course.add(first)
    assert course.add(replace(first, subject="S2")) is None


def test_after_an_envelope_that_is_nobodys_draws_are_taken_in_and_not_compared():
    course = course_of()
    course.add(given_to(course))
    whole, gap = course_of(), course_of()
    for each in (whole, gap):
        each.add(given_to(each))
    third = Course(OWN, SEED, labels_of(OWN), number=3)
    label = sorted(third.envelopes().items())[0][1]  # whatever was drawn
    taken = gap.add(given_to(third, subject="S3", label=label))
    assert taken == Draw("a", ())
    assert (gap.complete, gap.number, sorted(gap.members)) == (False, 4, ["S1", "S3"])
    assert gap.add(given_to(gap, subject="S4")).chances == ()
    assert whole.complete is True


def test_when_the_envelopes_end_there_are_none():
    course = Course(OWN, SEED, labels_of(OWN), number=OWN.slots + 1)
    assert course.envelopes() == {}
    assert len(OWN.all_envelopes(SEED)) == OWN.slots * 3
    assert Course(OWN, SEED, labels_of(OWN), number=OWN.slots).envelopes().keys() == {"a", "b", "c"}


def test_every_participant_has_one_envelope_of_each_arm_in_every_order():
    blocks = [OWN.envelopes(number, SEED) for number in range(1, 200)]
    assert {tuple(sorted(block)) for block in blocks} == {("a", "b", "c")}
    assert len(set(blocks)) == 6


def test_who_was_randomised_in_error_stays_in_the_balance_or_leaves_it():
    """One man is in arm a. For the next one a is the worst arm, unless the first has left: then all are alike."""
    how = Minimisation((1, 1), probability=Fraction(9, 10))
    stays = Dynamic("trial", ("a", "b"), {"sex": ("f", "m")}, how, 5)
    for dynamic, chances in ((stays, (Fraction(1, 10), Fraction(9, 10))),
                             (replace(stays, in_error="leaves"), (Fraction(1, 2), Fraction(1, 2)))):  # fmt: skip
        course = course_of(dynamic)
        course.members["S1"] = {"sex": "m"}, 0
        course.counts["sex"]["m"] = [1, 0]
        assert course.draw({"sex": "m"}, ("S1", "S9")).chances == chances
        assert course.draw({"sex": "m"}).chances == (Fraction(1, 10), Fraction(9, 10))


# --- The secret as a file --------------------------------------------------------------------------------------------


def test_the_secret_comes_back_from_its_file():
    dynamic = replace(OWN, minimisation=replace(OWN.minimisation, measure="variance"), in_error="leaves")
    assert read_dynamic(write_dynamic(dynamic, SEED)) == (dynamic, SEED)
    assert "seed" not in repr(Course(OWN, SEED, []))


@pytest.mark.parametrize("change", [
    (b'"range"', b'"rnage"'), (b'"4/5"', b'"4/0"'), (b'"stays"', b'"goes"'), (b'"shares":[2,1,1]', b'"shares":7'),
    (b'"seed":"00', b'"seed":"zz'), (b"{", b"[", 1), (b',"slots":40', b""), (b'"trial"', b'"trial" '),
    (b"equipoise.dynamic-allocation.1", b"equipoise.dynamic-allocation.2"),
])  # fmt: skip
def test_what_is_no_such_file_is_none(change):
    assert read_dynamic(write_dynamic(OWN, SEED).replace(*change)) is None
