"""What holds for every specification, ratio and seed."""

from collections import Counter
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from equipoise.randomisation import Specification, below, check, draw, read_specification, seeded

ratios = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3), min_size=2)
seeds = st.binary(min_size=1, max_size=32)


@st.composite
def blocked(draw_value):
    ratio = draw_value(ratios)
    times = draw_value(st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True))
    weights = draw_value(st.just(()) | st.tuples(*(st.integers(1, 5) for _ in times)))
    sizes = tuple(sum(ratio.values()) * time for time in times)
    return Specification("permuted_blocks", 50, sizes, weights), ratio


@given(blocked(), seeds, st.integers(0, 60))
def test_a_list_is_whole_blocks_one_after_another_and_the_beginning_of_one(design, seed, length):
    specification, ratio = design
    arms = draw(specification, ratio, length, seeded(seed))
    whole = sum(ratio.values())
    ends = {0}  # where a block can have ended
    for end in range(1, length + 1):
        for size in specification.sizes:
            block = Counter(arms[end - size : end]) if end - size in ends else None
            if block == {arm: share * (size // whole) for arm, share in ratio.items()}:
                ends.add(end)
    rest = Counter(arms[max(ends) :])
    assert all(count <= ratio[arm] * (max(specification.sizes) // whole) for arm, count in rest.items())


@given(st.integers(1, 6), seeds, st.integers(0, 300))
def test_the_big_stick_never_goes_beyond_its_limit(limit, seed, length):
    arms = draw(Specification("big_stick", 9, limit=limit), {"a": 1, "b": 1}, length, seeded(seed))
    assert len(arms) == length
    assert all(abs(ahead) <= limit for ahead in accumulate(1 if arm == "a" else -1 for arm in arms))


@given(st.integers(1, 10**9), seeds)
def test_a_drawn_integer_is_below_its_bound(bound, seed):
    assert 0 <= below(bound, seeded(seed)) < bound


@given(blocked(), seeds)
def test_the_same_seed_draws_the_same_list(design, seed):
    specification, ratio = design
    assert check(specification, ratio) == []
    assert draw(specification, ratio, 50, seeded(seed)) == draw(specification, ratio, 50, seeded(seed))


@given(
    st.text(alphabet=st.sampled_from("procedure: complt[]{}&*!?-|>'\"\n\t#,01ab"), max_size=80) | st.text(max_size=60)
)
def test_no_text_breaks_the_reader(text):
    read = read_specification(text)
    assert isinstance(read, Specification) or (
        read and all(problem.id.startswith("randomisation.E") for problem in read)
    )


@given(blocked())
def test_a_written_specification_is_read_back(design):
    specification, _ = design
    lines = [f"procedure: {specification.procedure}", f"slots_per_stratum: {specification.slots}"]
    lines.append(f"sizes: {list(specification.sizes)}")
    if specification.weights:
        lines.append(f"weights: {list(specification.weights)}")
    assert read_specification("\n".join(lines)) == specification
