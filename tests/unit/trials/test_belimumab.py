"""The reference trial says what its public sources say: contacts, infusions, criteria at their boundaries, masking.

Numbers come from the registry record NCT04515719 and the protocol paper (Lupus Sci Med 2022;9:e000638).
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from equipoise import instruments
from equipoise.items import Missing, compile_rule, read_partial_date
from equipoise.protocol.check import read_protocol
from equipoise.protocol.schema import Label, Protocol
from equipoise.randomisation import Specification, read_specification
from equipoise.randomisation import check as check_specification

TRIAL = Path(__file__).parents[3] / "trials" / "belimumab-sle"
SCREENED = date(2021, 6, 1)
INFUSIONS = (0, 2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48)
PERMITTED = ("azathioprine", "mycophenolate", "methotrexate", "ciclosporin", "leflunomide", "tacrolimus")


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    found, problems = read_protocol((TRIAL / "protocol.yaml").read_bytes())
    assert found is not None, "\n".join(map(str, problems))
    assert not problems, "\n".join(map(str, problems))
    return found


# --- Time ---------------------------------------------------------------------------------------------------------


def test_there_are_sixteen_contacts_from_screening_to_week_52(protocol):
    assert [visit.week for visit in protocol.visits] == [-2, 0, 2, 4, *range(8, 53, 4)]
    assert len(protocol.visits) == 16


def test_there_are_fourteen_infusions_at_the_registered_weeks(protocol):
    given = [visit.week for visit in protocol.visits if protocol.treatment.form in visit.forms]
    assert given == list(INFUSIONS)


def test_the_windows_leave_no_day_to_two_visits(protocol):
    for earlier, later in zip(protocol.visits, protocol.visits[1:], strict=False):
        assert earlier.latest < later.earliest


def test_screening_lies_before_randomisation(protocol):
    screening = protocol.visit_by_id["screening"]
    assert (screening.earliest, screening.day, screening.latest) == (-28, -14, -1)


def test_disease_activity_is_assessed_at_every_contact_but_week_2(protocol):
    for form in ("assessment", "bilag", "laboratory", "immunology"):
        weeks = [visit.week for visit in protocol.visits if form in visit.forms]
        assert weeks == [-2, 0, 4, *range(8, 53, 4)]


# --- Arms ---------------------------------------------------------------------------------------------------------


def test_the_dose_is_120_mg_and_the_registrys_dose_can_be_said(protocol):
    arm = protocol.arm_by_id["belimumab"]
    assert (arm.dose.amount, arm.dose.unit) == (120, "mg")
    other = arm.dose.model_validate({"amount": "2", "unit": "mg/kg"})
    assert other.amount == 2


def test_planned_and_actual_numbers_are_kept_apart(protocol):
    assert (protocol.study.planned_participants, protocol.study.participants) == (334, 231)


def test_the_restricted_file_suits_the_ratio_and_outlasts_the_trial(protocol):
    text = (TRIAL / protocol.randomisation.specification).read_text()
    specification = read_specification(text)
    assert isinstance(specification, Specification)
    assert check_specification(specification, protocol.randomisation.ratio) == []
    assert specification.slots > protocol.study.planned_participants


def test_the_block_sizes_are_not_in_the_protocol(protocol):
    assert "sizes" not in protocol.randomisation.model_dump_json()


# --- Who may enter ------------------------------------------------------------------------------------------------

# A participant who meets every criterion, as the names that the rules read.
ELIGIBLE = {
    "age": 34,
    "sledai_total": 4,
    "bilag_score.count_a": 0,
    "bilag_score.count_b": 0,
    "prednisone_daily": Decimal("10"),
    "antimalarial": "hydroxychloroquine",
    "immunosuppressant": "mycophenolate",
    "regimen_since": date(2021, 1, 1),
    "consent.date": SCREENED,
    "visit.date": SCREENED,
    "alt": 20,
    "alt.uln": Decimal("40"),
    "ast": 22,
    "ast.uln": Decimal("35"),
    "creatinine_clearance": Decimal("90"),
    "cyclophosphamide_ever": False,
    "b_cell_therapy_ever": False,
    "malignancy_ever": False,
    "zoster_ever": False,
    "hbsag": "negative",
    "hepatitis_b": False,
    "hepatitis_c": False,
    "hiv_infection": False,
    "active_tuberculosis": False,
}


def judged(protocol: Protocol, criterion: str, **changes: object) -> bool | None:
    """Whether a criterion is met: true, false, or unknown. A dotted name is written with two underscores."""
    eligibility = protocol.eligibility
    found = next(c for c in (*eligibility.inclusion, *eligibility.exclusion) if c.id == criterion)
    expression = compile_rule(found.rule)
    environment = ELIGIBLE | {name.replace("__", "."): value for name, value in changes.items()}
    assert expression.names | expression.groups <= environment.keys() | {
        "cyclophosphamide_last", "b_cell_therapy_last", "zoster_last"
    }  # fmt: skip
    value = expression.evaluate(environment)
    return value if criterion.startswith("I") or value is None else not value


def ago(days: int) -> date:
    return SCREENED - timedelta(days=days)


def test_the_registrys_four_and_eight_criteria_are_there(protocol):
    assert [c.id for c in protocol.eligibility.inclusion] == ["I1", "I2", "I3", "I4"]
    assert [c.id for c in protocol.eligibility.exclusion] == ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8"]
    assert protocol.eligibility.visit == "screening"


@pytest.mark.parametrize("criterion", ["I1", "I2", "I3", "I4", "E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8"])
def test_the_eligible_participant_meets_each_criterion(protocol, criterion):
    assert judged(protocol, criterion) is True


@pytest.mark.parametrize(("age", "met"), [(17, False), (18, True), (70, True), (71, False), (None, None)])
def test_age_from_18_to_70(protocol, age, met):
    assert judged(protocol, "I1", age=age) is met


@pytest.mark.parametrize(
    ("sledai", "severe", "moderate", "met"),
    [
        (6, 0, 0, True),
        (7, 0, 0, False),
        (None, 0, 0, None),
        (6, 0, 1, True),
        (6, 0, 2, False),
        (6, 1, 0, False),
        (6, 1, 1, False),
        (7, None, 0, False),  # too active, whatever the grades would be
        (6, None, 0, None),  # a system that might be an A
        (6, 0, None, None),
    ],
)
def test_low_disease_activity(protocol, sledai, severe, moderate, met):
    counts = {"bilag_score__count_a": severe, "bilag_score__count_b": moderate}
    assert judged(protocol, "I2", sledai_total=sledai, **counts) is met


@pytest.mark.parametrize(("dose", "met"), [("20.0", True), ("20.1", False), ("0", True), (None, None)])
def test_prednisone_of_at_most_20_mg(protocol, dose, met):
    assert judged(protocol, "I3", prednisone_daily=None if dose is None else Decimal(dose)) is met


@pytest.mark.parametrize(("days", "met"), [(29, False), (30, True), (31, True)])
def test_thirty_days_of_stable_treatment(protocol, days, met):
    assert judged(protocol, "I3", regimen_since=ago(days)) is met


def test_a_stable_regimen_is_at_least_one_of_the_three(protocol):
    none = {"prednisone_daily": Decimal("0"), "antimalarial": "none", "immunosuppressant": "none"}
    assert judged(protocol, "I3", **none) is False
    assert judged(protocol, "I3", **none | {"prednisone_daily": Decimal("2.5")}) is True
    assert judged(protocol, "I3", **none | {"antimalarial": "hydroxychloroquine"}) is True
    assert all(judged(protocol, "I3", **none | {"immunosuppressant": drug}) for drug in PERMITTED)
    assert judged(protocol, "I3", immunosuppressant="other") is False


def test_the_permitted_immunosuppressants_are_the_registrys(protocol):
    codes = {entry.code for entry in protocol.code_lists["immunosuppressant"]}
    assert codes == {*PERMITTED, "none", "other"}


@pytest.mark.parametrize(
    ("since", "met"),
    [("2020", True), ("2021-05", None), ("2021-04", True), ("2021-05-02", True), ("2021-05-03", False)],
)
def test_a_date_known_in_part_decides_only_if_every_day_would(protocol, since, met):
    assert judged(protocol, "I3", regimen_since=read_partial_date(since)) is met


def test_consent_comes_first(protocol):
    assert judged(protocol, "I4", consent__date=SCREENED + timedelta(days=1)) is False
    assert judged(protocol, "I4", consent__date=None) is None


@pytest.mark.parametrize(
    ("alt", "ast", "met"),
    [(80, 70, True), (81, 70, False), (80, 71, False), (None, 70, None), (None, 71, False), (80, Missing("ND"), None)],
)
def test_liver_enzymes_up_to_twice_the_limit(protocol, alt, ast, met):
    assert judged(protocol, "E1", alt=alt, ast=ast) is met


@pytest.mark.parametrize(("clearance", "met"), [("60", True), ("59.9", False), (None, None)])
def test_creatinine_clearance_of_60(protocol, clearance, met):
    value = None if clearance is None else Decimal(clearance)
    assert judged(protocol, "E2", creatinine_clearance=value) is met


@pytest.mark.parametrize(
    ("criterion", "drug", "within"),
    [("E3", "cyclophosphamide", 183), ("E4", "b_cell_therapy", 365), ("E6", "zoster", 92)],
)
def test_the_look_backs_end_with_their_last_day(protocol, criterion, drug, within):
    def met(ever: object, last: object) -> bool | None:
        return judged(protocol, criterion, **{f"{drug}_ever": ever, f"{drug}_last": last})

    assert met(True, ago(within)) is False
    assert met(True, ago(within + 1)) is True
    assert met(True, SCREENED) is False
    assert met(True, None) is None
    assert met(True, read_partial_date("2015")) is True
    assert met(True, read_partial_date("2021-05")) is False
    assert met(None, None) is None
    assert met(None, ago(within + 1)) is True  # whoever had it, had it long ago


@pytest.mark.parametrize(
    ("criterion", "name"),
    [
        ("E5", "malignancy_ever"),
        ("E7", "hepatitis_b"),
        ("E7", "hepatitis_c"),
        ("E8", "hiv_infection"),
        ("E8", "active_tuberculosis"),
    ],
)
def test_what_excludes_at_once(protocol, criterion, name):
    assert judged(protocol, criterion, **{name: True}) is False
    assert judged(protocol, criterion, **{name: None}) is None


@pytest.mark.parametrize(("result", "met"), [("negative", True), ("positive", False), ("indeterminate", False)])
def test_hepatitis_b_antigen(protocol, result, met):
    assert judged(protocol, "E7", hbsag=result) is met


# --- What is computed ---------------------------------------------------------------------------------------------


class Known(dict):
    """The names that are known, and the results of the protocol's instruments worked out from them."""

    def __init__(self, protocol: Protocol, names: dict[str, object]) -> None:
        super().__init__(names)
        self.derivations = {derivation.id: derivation for derivation in protocol.derivations}

    def get(self, name: str, default: object = None) -> object:
        head, _, result = name.partition(".")
        if name in self or head not in self.derivations or not result:
            return super().get(name, default)
        derivation = self.derivations[head]
        instrument = instruments.get(derivation.instrument)
        asked = {question.id: derivation.inputs.get(question.id, question.id) for question in instrument.inputs}
        answers = {question: compile_rule(rule).evaluate(self) for question, rule in asked.items()}
        return instrument.score(answers, variant=derivation.variant, settings=derivation.settings).results[result]


def computed(protocol: Protocol, derivation: str, **names: object) -> object:
    rule = next(d.rule for d in protocol.derivations if d.id == derivation)
    return compile_rule(rule).evaluate(Known(protocol, {name.replace("__", "."): a for name, a in names.items()}))


@pytest.mark.parametrize(
    ("name", "at_limit", "beyond", "question"),
    [
        ("haematuria", {"urine_rbc": Decimal("5")}, {"urine_rbc": Decimal("5.1")}, "haematuria_sle"),
        ("pyuria", {"urine_wbc": Decimal("5")}, {"urine_wbc": Decimal("5.1")}, "pyuria_sle"),
        ("leukopenia", {"white_cells": Decimal("3.00")}, {"white_cells": Decimal("2.99")}, "leukopenia_sle"),
    ],
)
def test_a_result_scores_beyond_its_limit_and_because_of_lupus(protocol, name, at_limit, beyond, question):
    assert computed(protocol, name, **at_limit) == "absent"
    assert computed(protocol, name, **beyond, **{question: True}) == "present"
    assert computed(protocol, name, **beyond, **{question: False}) == "not_attributable"
    assert computed(protocol, name, **beyond) is None
    assert computed(protocol, name, **{question: True}) is None


def test_platelets_below_100_score(protocol):
    assert computed(protocol, "thrombocytopenia", platelets=100) == "absent"
    assert computed(protocol, "thrombocytopenia", platelets=99) == "present"


@pytest.mark.parametrize(
    ("now", "before", "recent", "state"),
    [
        ("0.5", None, None, "absent"),
        ("0.51", "0.5", None, "present"),  # new
        ("1.3", "0.8", None, "absent"),  # above the limit, and risen by exactly 0.5
        ("1.31", "0.8", None, "present"),
        ("0.8", "0.8", None, "absent"),  # unchanged for long: no new activity in SELENA
        ("0.8", None, True, "present"),  # the trial has no earlier result: the investigator says
        ("0.8", None, False, "absent"),
        ("0.8", None, None, None),
        (None, "0.8", None, None),
    ],
)
def test_proteinuria_is_new_or_risen(protocol, now, before, recent, state):
    names = {
        "urine_protein": now and Decimal(now),
        "previous__urine_protein": before and Decimal(before),
        "proteinuria_recent": recent,
        "proteinuria_sle": True,
    }
    assert computed(protocol, "proteinuria", **names) == state


def test_low_complement_counts_once_and_needs_both_to_be_absent(protocol):
    limits = {"c3__lln": Decimal("0.7"), "c4__lln": Decimal("0.1")}
    low, normal = Decimal("0.05"), Decimal("0.9")
    assert computed(protocol, "low_complement", c3=normal, c4=low, **limits) == "present"
    assert computed(protocol, "low_complement", c3=None, c4=low, **limits) == "present"
    assert computed(protocol, "low_complement", c3=Decimal("0.7"), c4=Decimal("0.1"), **limits) == "absent"
    assert computed(protocol, "low_complement", c3=None, c4=normal, **limits) is None


def test_a_sample_from_outside_the_window_counts_for_nothing(protocol):
    taken = {"visit__date": SCREENED, "urine_rbc": Decimal("40"), "haematuria_sle": True}
    assert computed(protocol, "haematuria", lab_date=SCREENED - timedelta(days=10), **taken) == "present"
    assert computed(protocol, "haematuria", lab_date=SCREENED - timedelta(days=11), **taken) is None


def test_a_pulse_is_spread_over_a_week(protocol):
    daily = computed(
        protocol, "prednisone_daily",
        prednisone_by_mouth=Decimal("10"), steroid_pulse=True, steroid_pulse_total=Decimal("560"),
    )  # fmt: skip
    assert daily == 110  # 560 mg methylprednisolone = 700 mg prednisone = 100 mg on each of 7 days


def test_a_steroid_raised_for_another_reason_is_not_judged(protocol):
    names = {"prednisone_daily": Decimal("30"), "previous__prednisone_daily": Decimal("10"), "visit__week": 8}
    assert computed(protocol, "prednisone_now", steroid_reason="other", **names) == 10
    assert computed(protocol, "prednisone_now", steroid_reason="lupus", **names) == 30
    assert computed(protocol, "prednisone_now", steroid_reason=None, **names) is None


# --- Masking ------------------------------------------------------------------------------------------------------


def test_the_assessor_sees_no_laboratory_no_infusion_no_event_and_no_drug(protocol):
    hidden = set(protocol.role_by_id["assessor"].hidden_forms)
    assert {"laboratory", "immunology", "infusion", "adverse_events", "background_treatment", "medication"} <= hidden


def test_nothing_computed_from_hidden_forms_is_shown_to_the_assessor(protocol):
    laboratory = {item.id for name in ("laboratory", "immunology") for item in protocol.form_by_id[name].items}
    for derivation in protocol.derivations:
        read = set(re.findall(r"[a-z_0-9]+", " ".join((derivation.rule or "", *derivation.inputs.values()))))
        if read & laboratory or derivation.instrument in ("sledai", "sfi", "cockcroft_gault"):
            assert derivation.shown_to is not None, derivation.id
            assert "assessor" not in derivation.shown_to, derivation.id


def test_arm_revealing_and_soft_results_are_classed(protocol):
    by_level = {level: {i.item for i in protocol.masking.items if i.level == level} for level in ("masked", "soft")}
    assert {"igg", "iga", "igm", "b_cells", "belimumab_level", "antidrug_antibodies"} <= by_level["masked"]
    assert {"anti_dsdna", "c3", "c4", "esr"} <= by_level["soft"]


def test_masked_results_are_on_no_form_a_masked_role_fills_or_sees(protocol):
    masked = {i.item for i in protocol.masking.items if i.level == "masked"}
    for form in protocol.forms:
        if masked & form.item_by_id.keys():
            assert not any(protocol.role_by_id[name].masked for name in form.filled_by)
            seen = {role.id for role in protocol.roles if form.id not in role.hidden_forms and "view" in role.may}
            assert not any(protocol.role_by_id[name].masked for name in seen)


def test_the_pharmacist_sees_no_outcome(protocol):
    for name in ("pharmacist", "unmasked_monitor"):
        hidden = set(protocol.role_by_id[name].hidden_forms)
        outcomes = {"assessment", "flare_components", "bilag", "laboratory", "immunology", "background_treatment"}
        assert outcomes | {"adverse_events"} <= hidden
        shown = [d.id for d in protocol.derivations if d.shown_to and name in d.shown_to]
        assert shown == ["drug_volume", "drug_vials"]


# --- Words --------------------------------------------------------------------------------------------------------


def labels(part: object, where: str = "") -> Iterator[tuple[str, Label]]:
    if isinstance(part, Label):
        yield where, part
    elif isinstance(part, dict):
        for key, inner in part.items():
            yield from labels(inner, f"{where}.{key}")
    elif isinstance(part, list | tuple):
        for i, inner in enumerate(part):
            yield from labels(inner, f"{where}.{i}")
    elif hasattr(type(part), "model_fields"):
        for name in type(part).model_fields:
            yield from labels(getattr(part, name), f"{where}.{name}")


def test_every_text_is_in_both_languages(protocol):
    found = list(labels(protocol))
    assert len(found) > 400
    for where, label in found:
        assert label.en.isascii() or re.search(r"[°µ²]", label.en), where
        assert re.search("[\u4e00-\u9fff]", label.zh), f"{where}: {label.zh!r} has no Chinese character"


def test_there_are_edit_checks_of_all_three_strengths(protocol):
    strengths = [check.strength for form in protocol.forms for check in form.checks]
    assert len(strengths) >= 20
    assert set(strengths) == {"impossible", "unlikely", "notable"}


def test_every_declared_choice_and_conflict_is_commented():
    text = (TRIAL / "protocol.yaml").read_text()
    assert text.count("CHOICE") >= 10
    assert text.count("Conflict:") >= 7


# --- What is concluded --------------------------------------------------------------------------------------------


def test_the_registrys_endpoints_are_there_and_each_has_an_estimand(protocol):
    wanted = {
        "any_flare", "any_severe_flare", "any_mild_moderate_flare", "time_to_first_flare", "prednisone_change",
        "prednisone_free", "sledai_change", "bilag_change", "sri_4_52", "lldas_52", "doris_52",
    }  # fmt: skip
    assert wanted <= {endpoint.id for endpoint in protocol.endpoints}
    analysed = {estimand.endpoint for estimand in protocol.estimands}
    beside = {method.endpoint for estimand in protocol.estimands for method in estimand.sensitivity} - {None}
    assert {e.id for e in protocol.endpoints} == analysed | beside
    assert beside == {"any_flare_classic", "any_flare_thanou", "any_flare_clinical"}


def test_the_primary_estimand_is_looked_at_from_every_side(protocol):
    """Three flare indices, every strategy that can be estimated, two more sets, by site, adjusted, and tipped."""
    primary = next(estimand for estimand in protocol.estimands if estimand.endpoint == "any_flare")
    others = primary.sensitivity
    strategies = {strategy for method in others for strategy in method.strategies.values()}
    assert strategies == {"treatment_policy", "hypothetical", "composite", "while_on_treatment"}
    assert {method.population for method in others} >= {"dosed", "per_protocol"}
    assert {method.function for method in others} == {"two_proportions", "logistic", "kaplan_meier", "tipping_point"}
    assert ("site",) in {method.strata for method in others}
    assert [e.id for e in protocol.endpoints if e.tier == "primary"] == ["any_flare"]


def test_a_dropout_is_never_silently_no_flare(protocol):
    primary = next(estimand for estimand in protocol.estimands if estimand.endpoint == "any_flare")
    assert (primary.method.test, primary.method.interval, primary.method.missing) == ("chi_square", "newcombe", "event")
    assert {"no_event", "complete_case"} <= {method.missing for method in primary.sensitivity}
    assert "miettinen_nurminen" in {method.interval for method in primary.sensitivity}


# --- Safety -------------------------------------------------------------------------------------------------------

FATAL = {
    "ae_serious": True,
    "ae_related": True,
    "ae_expected": False,
    "ae_serious_because": "death",
    "ae_severity": "grade_5",
}
OTHER = FATAL | {"ae_serious_because": "hospitalisation", "ae_severity": "grade_3"}


@pytest.mark.parametrize(
    ("event", "running"),
    [
        (FATAL, {"sae_to_sponsor": 24, "susar_fatal": 168, "susar_fatal_follow_up": 360}),
        (OTHER, {"sae_to_sponsor": 24, "susar": 360}),
        (OTHER | {"ae_expected": True}, {"sae_to_sponsor": 24}),
        (OTHER | {"ae_related": False, "ae_expected": None}, {"sae_to_sponsor": 24}),
        (OTHER | {"ae_serious": False}, {}),
    ],
)
def test_the_clocks_that_run(protocol, event, running):
    clocks = {c.id: c.hours for c in protocol.safety.clocks if compile_rule(c.starts).evaluate(event) is True}
    assert clocks == running


def test_a_serious_zoster_is_of_special_interest_twice(protocol):
    row = {
        "ae_serious": True,
        "ae_category": "herpes_zoster",
        "ae_outcome": "recovered",
        "ae_serious_because": "important",
    }
    found = {i.id for i in protocol.safety.special_interest if compile_rule(i.rule).evaluate(row) is True}
    assert found == {"serious_infection", "herpes_zoster"}
