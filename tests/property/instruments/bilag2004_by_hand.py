"""BILAG-2004 with complete answers, slowly and obviously: published item numbers, whole numbers and fractions."""

from fractions import Fraction

from equipoise import instruments

ITEM = instruments.get("bilag2004").input_by_id
SCALE = ("not_present", "improving", "same", "worse", "new")
PLUSES = {"negative": 0, "trace": 0, "plus_1": 1, "plus_2": 2, "plus_3": 3, "plus_4": 4}
POINTS = {"A": 12, "B": 8, "C": 1, "D": 0, "E": 0}

# system: (published numbers, list A, list B); what stands on neither is list C.
LISTED = {
    "mucocutaneous": (range(5, 19), {5, 7, 9, 11, 13}, {6, 12, 14, 15}),
    "neuropsychiatric": (range(19, 39), {*range(19, 30), 31, 36}, {30, 32, 33, 34, 35, 37, 38}),
    "musculoskeletal": (range(39, 44), {39, 41}, {40, 42}),
    "cardiorespiratory": (range(44, 56), {45, 46, 47, *range(49, 56)}, {44, 48}),
    "gastrointestinal": (range(56, 65), {56, 58, 61, 63, 64}, {57, 59, 60, 62}),
    "ophthalmic": (range(65, 78), {65, 66, 69, 72, 74, 76, 77}, {67, 68, 70, 73}),
}
SYSTEMS = ("constitutional", *LISTED, "renal", "haematological")

# The questions of items 1 to 77 in the order of the published form.
BY_NUMBER = dict(
    enumerate([name for name, q in ITEM.items() if q.codes == SCALE and q.group != "haematological"], start=1)
)


def grades(answers):
    """The nine grades and, for each, whether something scored worse or new gives it."""
    items = {number: SCALE.index(answers[name]) for number, name in BY_NUMBER.items()}
    found = {"constitutional": constitutional(items)}
    found |= {system: listed(items, *lists) for system, lists in LISTED.items()}
    found |= {"renal": renal(answers), "haematological": haematological(answers)}
    none = {system: ("D" if answers[f"bilag_{system}_before"] else "E", False) for system in SYSTEMS}
    return {system: result or none[system] for system, result in found.items()}


def listed(items, numbers, list_a, list_b):
    list_c = set(numbers) - list_a - list_b
    if now := [items[n] for n in list_a if items[n] in (2, 3, 4)]:
        return "A", max(now) >= 3
    if any(items[n] == 1 for n in list_a) or any(items[n] in (2, 3, 4) for n in list_b):
        return "B", any(items[n] >= 3 for n in list_b)
    if any(items[n] == 1 for n in list_b) or any(items[n] > 0 for n in list_c):
        return "C", any(items[n] >= 3 for n in list_c)
    return None


def constitutional(items):
    fever, others = items[1], [items[2], items[3], items[4]]
    active = [score for score in others if score >= 2]
    if fever >= 2 and len(active) >= 2:
        return "A", fever >= 3 or max(active) >= 3
    if fever >= 2:
        return "B", fever >= 3
    if len(active) >= 2:
        return "B", max(active) >= 3
    if fever == 1 or max(others) > 0:
        return "C", max(others) >= 3
    return None


def renal(a, measure="urine_protein"):
    sle = a["bilag_renal_sle"]
    severe, moderate, mild = (sle and level for level in proteinuria(a, measure))
    creatinine, gfr = Fraction(a["creatinine"]), Fraction(a["gfr"])
    percent = 100 * creatinine / Fraction(a["previous_creatinine"])
    before = Fraction(a["previous_gfr"])
    decline = sle and (
        (creatinine > 130 and percent > 130)
        or (gfr < 80 and gfr < Fraction(67, 100) * before)
        or (gfr < 50 and before > 50)
    )
    leading = [severe, a["bilag_active_sediment"], a["bilag_active_nephritis_histology"]]
    features = [*leading, decline, a["bilag_accelerated_hypertension"], a["bilag_nephrotic_syndrome"]]
    creatinine_up = sle and creatinine > 130 and percent >= 115
    pressure = (
        sle
        and a["systolic"] > 140
        and a["diastolic"] > 90
        and a["systolic"] - a["previous_systolic"] >= 30
        and a["diastolic"] - a["previous_diastolic"] >= 15
    )
    if sum(features) >= 2 and any(leading):
        return "A", decline or a["bilag_renal_new"]
    if any(features) or moderate or creatinine_up:
        return "B", decline or creatinine_up or a["bilag_renal_new"]
    if mild or pressure:
        return "C", pressure or a["bilag_renal_new"]
    return None


def proteinuria(a, measure):
    if measure == "urine_dipstick":
        now, before = PLUSES[a[measure]], PLUSES[a[f"previous_{measure}"]]
        return now - before >= 2, now >= 2 and now - before >= 1, now >= 1
    limits = {"urine_protein": ("1", "0.5", "0.25"), "urine_pcr": (100, 50, 25), "urine_acr": (100, 50, 25)}
    severe, moderate, mild = map(Fraction, limits[measure])
    now, before = Fraction(a[measure]), Fraction(a[f"previous_{measure}"])
    fallen = before > 0 and (before - now) / before >= Fraction(1, 4)
    return now > severe and not fallen, now >= moderate and not fallen, now > mild


def haematological(a):
    purpura, haemolysis = SCALE.index(a["bilag_ttp"]), a["bilag_active_haemolysis"]
    haemoglobin, told = a["haemoglobin"], a["bilag_haematological_new"]
    normal = 10_000
    anaemia = haemoglobin if a["bilag_anaemia_sle"] else normal
    white = a["white_cells"] if a["bilag_leukopenia_sle"] else normal
    neutrophils = a["neutrophils"] if a["bilag_neutropenia_sle"] else normal
    lymphocytes = a["lymphocytes"] if a["bilag_lymphopenia_sle"] else normal
    platelets = a["platelets"] if a["bilag_thrombocytopenia_sle"] else normal
    if purpura >= 2 or (haemolysis and haemoglobin < 80) or platelets < 25:
        return "A", purpura >= 3 or told
    if purpura == 1 or (haemolysis and haemoglobin < 100) or anaemia < 80:
        return "B", told
    if white < 1 or 2 * neutrophils < 1 or platelets < 50:
        return "B", told
    if haemolysis or a["bilag_coombs_isolated"] or anaemia < 110 or white < 4 or neutrophils < 2:
        return "C", told
    if lymphocytes < 1 or platelets < 150:
        return "C", told
    return None
