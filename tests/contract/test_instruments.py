"""One contract for every instrument and every variant of it: a new score inherits these promises."""

import pickle
import random
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments import columns
from equipoise.instruments.parts import EVIDENCE, Input, Output
from equipoise.instruments.reading import read_setting
from equipoise.items.item import STATES
from equipoise.items.missing import Missing

CASES = [
    pytest.param(instrument, variant, id=f"{instrument.id}-{variant}")
    for instrument in instruments.all_instruments()
    for variant in instrument.variants
]
every_variant = pytest.mark.parametrize(("instrument", "variant"), CASES)
every_instrument = pytest.mark.parametrize("instrument", instruments.all_instruments(), ids=str)
few = settings(max_examples=settings.default.max_examples * 2 // 5, deadline=None)  # for each of 64 variants

# Where one answer limits another, the strategy keeps both possible.
NARROWED = {
    ("ckd_epi_2021", "mg_per_dl", "creatinine"): (Decimal("0.1"), Decimal(40)),
    ("ckd_epi_2021", "umol_per_l", "creatinine"): (Decimal(10), Decimal(3500)),
    ("cockcroft_gault", "mg_per_dl", "creatinine"): (Decimal("0.1"), Decimal(40)),
    ("cockcroft_gault", "umol_per_l", "creatinine"): (Decimal(10), Decimal(3500)),
    ("ctcae_v5", "anemia", "lln"): (Decimal(20), Decimal(300)),
    ("ctcae_v5", "anemia", "value"): (Decimal(20), Decimal(300)),
    ("ctcae_v5", "hypoalbuminaemia", "lln"): (Decimal(7), Decimal(100)),
    ("ctcae_v5", "hypoalbuminaemia", "value"): (Decimal(7), Decimal(100)),
    ("ctcae_v5", "lymphocyte_count_decreased", "lln"): (Decimal(1), Decimal(500)),
    ("ctcae_v5", "lymphocyte_count_decreased", "value"): (Decimal(0), Decimal(500)),
    ("ctcae_v5", "neutrophil_count_decreased", "lln"): (Decimal(1), Decimal(300)),
    ("ctcae_v5", "neutrophil_count_decreased", "value"): (Decimal(0), Decimal(300)),
    ("ctcae_v5", "platelet_count_decreased", "lln"): (Decimal(1), Decimal(5000)),
    ("ctcae_v5", "platelet_count_decreased", "value"): (Decimal(0), Decimal(5000)),
    ("ctcae_v5", "white_blood_cell_decreased", "lln"): (Decimal(1), Decimal(1000)),
    ("ctcae_v5", "white_blood_cell_decreased", "value"): (Decimal(0), Decimal(1000)),
    ("hys_law", "fda", "days_between"): (Decimal(0), Decimal(1)),
    ("pga", "line", "mm"): (Decimal(0), Decimal(50)),
    ("pga", "value", "value"): (Decimal(0), Decimal(3)),
    ("sledai_laboratory", "original_1992", "sample_days"): (Decimal(0), Decimal(10)),
    ("sledai_laboratory", "selena", "sample_days"): (Decimal(0), Decimal(10)),
    ("sledai_laboratory", "selena_s2k", "sample_days"): (Decimal(0), Decimal(10)),
    ("sledai_laboratory", "sledai_2k", "sample_days"): (Decimal(0), Decimal(10)),
    ("sledai_laboratory", "sledai_2k_30d", "sample_days"): (Decimal(0), Decimal(10)),
    ("uln_multiple", "plain", "uln"): (Decimal("0.1"), Decimal(1000)),
    ("upcr", "g_l_mmol_l", "creatinine"): (Decimal("0.1"), Decimal(90)),
    ("upcr", "mg_dl", "creatinine"): (Decimal(1), Decimal(1000)),
    ("upcr", "mg_l_mmol_l", "creatinine"): (Decimal("0.1"), Decimal(90)),
    ("upcr", "mg_l_umol_l", "creatinine"): (Decimal(100), Decimal(90000)),
}


def answer_to(question: Input, bounds: tuple[Decimal, Decimal] | None = None) -> st.SearchStrategy:
    """Any possible answer to a question, but never "not known"."""
    low, high = bounds or (question.low, question.high if question.high is not None else Decimal(10_000))
    match question.type:
        case "state":
            return st.sampled_from([state for state in STATES if state != "not_assessed"]) | st.booleans()
        case "yes_no":
            return st.booleans()
        case "integer":
            return st.integers(int(low), int(high))
        case "decimal":
            return st.decimals(low, high, places=1)
        case _:
            return st.sampled_from(question.codes)


def complete_answers(instrument, variant) -> st.SearchStrategy:
    return st.fixed_dictionaries(
        {q.id: answer_to(q, NARROWED.get((instrument.id, variant, q.id))) for q in instrument.inputs}
    )


def needed(instrument, variant) -> list[str]:
    return [question.id for question in instrument.inputs if question.needed_by(variant)]


def asked(instrument, variant) -> set[str]:
    return {question.id for question in instrument.inputs if not question.variants or variant in question.variants}


def rank(output: Output, value) -> Decimal:
    """A result on a scale where more is more."""
    return Decimal(output.codes.index(value)) if output.codes else Decimal(value)


# --- What is declared -----------------------------------------------------------------------------------------------


@every_instrument
def test_it_says_what_it_is_where_it_comes_from_and_under_which_licence(instrument):
    assert instrument.version
    assert instrument.title
    assert instrument.licence
    assert instrument.citation
    assert {source.evidence for source in instrument.citation} <= set(EVIDENCE)
    assert all(len(source.text) > 10 for source in instrument.citation)


@every_instrument
def test_every_number_and_every_variant_names_its_source_and_how_sure_it_is(instrument):
    sources = {source.id for source in instrument.citation}
    for threshold in instrument.thresholds.values():
        assert threshold.source in sources
        assert threshold.evidence in EVIDENCE
        assert threshold.unit
    for variant in instrument.published:
        assert variant.origin in sources
        assert variant.evidence in EVIDENCE


@every_instrument
def test_every_text_exists_in_english_and_in_chinese(instrument):
    named = [*instrument.inputs, *instrument.outputs, *instrument.published, *instrument.settings.values()]
    assert all(part.label and part.label_zh for part in named)
    chinese = [instrument.title_zh, *(q.label_zh for q in instrument.inputs)]
    chinese += [setting.label_zh for setting in instrument.settings.values()]
    assert [text for text in chinese if not any("\u4e00" <= letter <= "\u9fff" for letter in text)] == []


@every_instrument
def test_ids_are_unique_and_every_default_is_a_possible_setting(instrument):
    for names in ([q.id for q in instrument.inputs], instrument.results, instrument.variants):
        assert len(names) == len(set(names)) > 0
    for setting in instrument.settings.values():
        read_setting(setting, setting.default)
    assert list(instrument.check("here", inputs=instrument.input_by_id, result=instrument.results[0])) == []


@every_instrument
def test_a_limit_counts_on_its_side_only(instrument):
    step = Decimal("0.001")
    on_the_limit = {">": False, ">=": True, "<": False, "<=": True}
    for threshold in instrument.thresholds.values():
        rises = threshold.comparison.startswith(">")
        assert threshold.met(threshold.value - step) is not rises
        assert threshold.met(threshold.value) is on_the_limit[threshold.comparison]
        assert threshold.met(threshold.value + step) is rises
        assert threshold.met(None) is None


# --- What is not known ----------------------------------------------------------------------------------------------


@every_variant
def test_no_answers_are_unknown_and_never_zero(instrument, variant):
    result = instrument.score({}, variant=variant)
    if needed(instrument, variant):
        assert result.value is None
    assert set(needed(instrument, variant)) <= set(result.unknown) <= asked(instrument, variant)


@every_variant
def test_a_declared_missing_answer_is_as_unknown_as_none(instrument, variant):
    nothing = instrument.score({}, variant=variant)
    declared = instrument.score(dict.fromkeys(instrument.input_by_id, Missing("ND")), variant=variant)
    assert (declared.results, declared.unknown) == (nothing.results, nothing.unknown)
    assert declared.problems == ()


@every_variant
@few
@given(data=st.data())
def test_a_missing_answer_makes_the_result_unknown_or_leaves_it_as_it_is(instrument, variant, data):
    answers = data.draw(complete_answers(instrument, variant))
    full = instrument.score(answers, variant=variant)
    assume(not full.problems)
    hidden = data.draw(st.sets(st.sampled_from(sorted(answers)), min_size=1))
    part = instrument.score({name: a for name, a in answers.items() if name not in hidden}, variant=variant)
    if part.value is None:
        assert part.unknown
        assert set(part.unknown) <= hidden
    elif part.value == "flare_severity_unknown":
        assert full.value in ("mild_moderate", "severe")
        assert set(part.unknown) <= hidden
    else:
        assert part.value == full.value
    if part.lower is not None:
        assert part.lower <= rank(instrument.outputs[0], full.value) <= part.upper


# --- What is known --------------------------------------------------------------------------------------------------


@every_variant
@few
@given(data=st.data())
def test_complete_answers_give_a_result_within_its_bounds(instrument, variant, data):
    answers = data.draw(complete_answers(instrument, variant))
    result = instrument.score(answers, variant=variant)
    assume(not result.problems)
    assert result.unknown == ()
    assert result.value == result.results[instrument.results[0]]
    assert tuple(result.results) == instrument.results
    for output in instrument.outputs:
        value = result.results[output.id]
        assert value is not None
        if output.codes:
            assert value in output.codes
        if output.low is not None:
            assert output.low <= value
        if output.high is not None:
            assert value <= output.high


@every_variant
@few
@given(data=st.data())
def test_the_order_of_the_answers_changes_nothing(instrument, variant, data):
    answers = data.draw(complete_answers(instrument, variant))
    shuffled = list(answers.items())
    random.Random(data.draw(st.integers(0, 99))).shuffle(shuffled)
    one, other = instrument.score(answers, variant=variant), instrument.score(dict(shuffled), variant=variant)
    assert one == other
    assert one.input_digest == other.input_digest


@every_variant
@few
@given(data=st.data())
def test_the_result_never_falls_when_an_answer_that_raises_it_rises(instrument, variant, data):
    rising = [question for question in instrument.inputs if question.rising]
    assume(rising)
    question = data.draw(st.sampled_from(rising))
    one = data.draw(complete_answers(instrument, variant))
    again = data.draw(answer_to(question, NARROWED.get((instrument.id, variant, question.id))))
    low, high = sorted([one[question.id], again], key=lambda answer: height(question, answer))
    lower, higher = (instrument.score(one | {question.id: answer}, variant=variant) for answer in (low, high))
    assume(not lower.problems)
    assume(not higher.problems)
    assert rank(instrument.outputs[0], lower.value) <= rank(instrument.outputs[0], higher.value)


def height(question: Input, answer) -> Decimal:
    if question.type == "choice":
        return Decimal(question.codes.index(answer))
    return Decimal(answer in ("present", True)) if question.type in ("state", "yes_no") else Decimal(answer)


@every_variant
@few
@given(data=st.data())
def test_a_result_travels_and_equal_answers_have_equal_digests(instrument, variant, data):
    answers = data.draw(complete_answers(instrument, variant))
    result = instrument.score(answers, variant=variant)
    assert pickle.loads(pickle.dumps(result)) == result
    longer = {name: a * Decimal("1.000") if isinstance(a, Decimal) else a for name, a in answers.items()}
    assert instrument.score(longer, variant=variant).input_digest == result.input_digest


# --- Many at once ---------------------------------------------------------------------------------------------------


@every_variant
@few
@given(data=st.data())
def test_columns_say_what_rows_say(instrument, variant, data):
    rows = [partly(data, data.draw(complete_answers(instrument, variant))) for _ in range(data.draw(st.integers(1, 4)))]
    chosen = data.draw(possible_settings(instrument))
    given = {name: instrument.column(name, [row.get(name) for row in rows]) for name in instrument.input_by_id}
    in_columns = instrument.score_columns(given, variant=variant, settings=chosen)
    by_row = [instrument.score(row, variant=variant, settings=chosen).results for row in rows]
    for output in instrument.outputs:
        expected = [columns.encode_result(output, results[output.id]) for results in by_row]
        assert in_columns[output.id].tolist() == expected, output.id


@every_variant
@few
@given(data=st.data())
def test_what_one_patient_is_refused_is_left_to_that_rule_in_columns_too(instrument, variant, data):
    """Answers drawn without regard to each other, so that some contradict each other: such a row is marked."""
    assume(instrument.compute_columns is not None)
    row = partly(data, data.draw(st.fixed_dictionaries({q.id: answer_to(q) for q in instrument.inputs})))
    chosen = data.draw(possible_settings(instrument))
    scored = instrument.score(row, variant=variant, settings=chosen)
    given = {name: instrument.column(name, [row.get(name)]) for name in instrument.input_by_id}
    in_columns = instrument.score_columns(given, variant=variant, settings=chosen)
    for output in instrument.outputs:
        assert in_columns[output.id].tolist() == [columns.encode_result(output, scored.results[output.id])], output.id
    found = instrument.outcome_of_columns(given, variant=variant, settings=chosen)
    if scored.problems and columns.UNKNOWN not in [column[0] for column in found.results.values()]:
        assert any(marked is not None and marked.all() for marked in (found.doubtful, found.refused))


def partly(data, answers: dict) -> dict:
    """The same answers, or some of them."""
    hidden = data.draw(st.just(()) | st.sets(st.sampled_from(sorted(answers)), max_size=3))
    return {name: answer for name, answer in answers.items() if name not in hidden}


def possible_settings(instrument) -> st.SearchStrategy:
    """Some settings other than their defaults; a decimal one keeps its default or takes a bound."""
    options = {}
    for setting in instrument.settings.values():
        match setting.type:
            case "yes_no":
                options[setting.id] = st.sampled_from(["yes", "no"])
            case "choice":
                options[setting.id] = st.sampled_from(setting.codes)
            case "list":
                options[setting.id] = st.lists(st.sampled_from(setting.codes), unique=True).map(", ".join)
            case _:
                bounds = [str(bound) for bound in (setting.low, setting.high) if bound]
                options[setting.id] = st.sampled_from([setting.default, *bounds])
    return st.fixed_dictionaries({}, optional=options)


# --- What is refused ------------------------------------------------------------------------------------------------


@every_variant
def test_an_unknown_input_is_refused(instrument, variant):
    name = instrument.inputs[0].id + "x"
    with pytest.raises(instruments.InstrumentError, match="Did you mean") as refused:
        instrument.score({name: None}, variant=variant)
    assert refused.value.problem.id == "instrument.E005"


@every_instrument
def test_an_unknown_variant_or_setting_is_refused(instrument):
    with pytest.raises(instruments.InstrumentError) as refused:
        instrument.score({}, variant="of_my_own")
    assert refused.value.problem.id == "instrument.E002"
    with pytest.raises(instruments.InstrumentError) as refused:
        instrument.score({}, settings={"of_my_own": "yes"})
    assert refused.value.problem.id == "instrument.E003"


@every_variant
def test_an_impossible_answer_is_unknown_and_reported(instrument, variant):
    for question in instrument.inputs:
        for answer in impossible(question):
            result = instrument.score({question.id: answer}, variant=variant)
            assert [problem.id for problem in result.problems] == ["instrument.E008"]
            assert result.problems[0].where == f"{instrument.id} / {question.id}"
            assert result.results == instrument.score({}, variant=variant).results


def impossible(question: Input) -> list:
    match question.type:
        case "integer" | "decimal":
            beyond = [] if question.high is None else [question.high + 1]
            partly = [Decimal("1.5")] if question.type == "integer" else []
            return [question.low - 1, *beyond, *partly, "many", True, 1.5, Decimal("NaN"), Decimal("Infinity")]
        case "state":
            return ["maybe", 1, 0, Decimal(1)]
        case "yes_no":
            return ["yes", 1, Decimal(0)]
        case _:
            return ["of_my_own", 1, True]
