"""The ratio from moles and grams, one definition for every pair of units; and many samples against one."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise import instruments
from equipoise.instruments.columns import encode_result

RATIO = instruments.get("upcr")
MG_OF_PROTEIN_PER_L = {"mg_dl": 10, "mg_l_mmol_l": 1, "g_l_mmol_l": 1000, "mg_l_umol_l": 1}
G_OF_CREATININE_PER_L = {  # 1 mmol is 1 / 8.84 g
    "mg_dl": Fraction(1, 100), "mg_l_mmol_l": 1 / Fraction("8.84"), "g_l_mmol_l": 1 / Fraction("8.84"),
    "mg_l_umol_l": 1 / Fraction("8840"),
}  # fmt: skip
CREATININE = {"mg_dl": (1, 1000), "mg_l_mmol_l": (1, 90), "g_l_mmol_l": (1, 90), "mg_l_umol_l": (100, 90000)}


@settings(deadline=None)
@given(st.sampled_from(sorted(CREATININE)), st.decimals(0, 5000, places=2), st.data())
def test_the_ratio_is_mg_of_protein_over_g_of_creatinine(variant, protein, data):
    creatinine = data.draw(st.decimals(*CREATININE[variant], places=1))
    result = RATIO.score({"protein": protein, "creatinine": creatinine}, variant=variant)
    exact = Fraction(protein) * MG_OF_PROTEIN_PER_L[variant] / (Fraction(creatinine) * G_OF_CREATININE_PER_L[variant])
    assert abs(Fraction(result.value) - exact) <= exact * Fraction(1, 10**26)
    assert abs(Fraction(result.results["mg_per_mmol"]) - exact / Fraction("8.84")) <= exact * Fraction(1, 10**26)


@settings(deadline=None)
@given(st.sampled_from(RATIO.variants), st.data())
def test_many_samples_are_each_what_one_is(variant, data):
    number = st.none() | st.decimals(0, 2000, places=2) | st.sampled_from([Decimal("0.000001"), Decimal(90000)])
    samples = data.draw(
        st.lists(st.fixed_dictionaries(dict.fromkeys(RATIO.input_by_id, number)), min_size=1, max_size=6)
    )
    columns = {name: RATIO.column(name, [sample[name] for sample in samples]) for name in RATIO.input_by_id}
    together = RATIO.score_columns(columns, variant=variant)
    alone = [RATIO.score(sample, variant=variant).results for sample in samples]
    for output in RATIO.outputs:
        assert together[output.id].tolist() == [encode_result(output, one[output.id]) for one in alone]
