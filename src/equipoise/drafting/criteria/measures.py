"""What criteria measure. Data: id, the names it is written under, English and Chinese label, unit, type.

A unit of "" is taken from the criterion. The last column says what to answer where it is not obvious.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

ABBREVIATION: Final = r"(?: ?\([a-z0-9 -]{1,12}\))?"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is measured or scored in a participant."""

    id: str
    names: str
    label: str
    zh: str
    unit: str = ""
    type: Literal["integer", "decimal"] = "decimal"
    help: str = ""


MEASURES: Final = (
    Measure("sledai_total", r"(?:selena[- ])?sledai(?:[- ]2k)?|systemic lupus erythematosus disease activity index"
            rf"{ABBREVIATION}", "SLEDAI total score", "SLEDAI 总分", "", "integer"),
    Measure("das28", r"das ?-?28(?:[- ]?(?:crp|esr))?|disease activity score ?28", "DAS28", "DAS28 评分"),
    Measure("hba1c", rf"hba1c|hb ?a1c|a1c|glycated h(?:a)?emoglobin{ABBREVIATION}|glycosylated h(?:a)?emoglobin"
            rf"{ABBREVIATION}|h(?:a)?emoglobin a1c{ABBREVIATION}", "HbA1c", "糖化血红蛋白（HbA1c）"),
    Measure("bmi", rf"bmi|body mass index{ABBREVIATION}", "Body mass index", "体重指数", "kg/m2"),
    Measure("weight", r"(?:body )?weight", "Body weight", "体重", "kg"),
    Measure("height", r"(?:body )?height", "Height", "身高", "cm"),
    Measure("egfr", rf"e-?gfr|estimated glomerular filtration rate{ABBREVIATION}|glomerular filtration rate"
            rf"{ABBREVIATION}", "Estimated glomerular filtration rate", "估算肾小球滤过率（eGFR）", "mL/min/1.73m2"),
    Measure("creatinine_clearance", rf"creatinine clearance(?: rate)?{ABBREVIATION}|crcl|ccr|clearance of creatinine",
            "Creatinine clearance", "肌酐清除率", "mL/min"),
    Measure("creatinine", r"(?:serum )?creatinine", "Serum creatinine", "血肌酐"),
    Measure("systolic_pressure", rf"systolic(?: blood)?(?: pressure)?{ABBREVIATION}|sbp", "Systolic blood pressure",
            "收缩压", "mmHg", "integer"),
    Measure("diastolic_pressure", rf"diastolic(?: blood)?(?: pressure)?{ABBREVIATION}|dbp", "Diastolic blood pressure",
            "舒张压", "mmHg", "integer"),
    Measure("heart_rate", r"(?:resting )?heart rate|pulse(?: rate)?", "Heart rate", "心率", "", "integer"),
    Measure("haemoglobin", rf"ha?emoglobin{ABBREVIATION}|hgb|hb", "Haemoglobin", "血红蛋白"),
    Measure("platelets", r"platelets?(?: counts?)?|plt", "Platelet count", "血小板计数"),
    Measure("neutrophils", rf"(?:absolute )?neutrophils?(?: counts?)?{ABBREVIATION}|anc", "Neutrophil count",
            "中性粒细胞计数"),
    Measure("leucocytes", rf"(?:white blood cells?|leuc?kocytes?)(?: counts?)?{ABBREVIATION}|wbc(?: counts?)?",
            "White blood cell count", "白细胞计数"),
    Measure("fasting_glucose", rf"fasting (?:plasma |blood )?glucose{ABBREVIATION}|fpg", "Fasting plasma glucose",
            "空腹血糖"),
    Measure("left_ventricular_ejection_fraction", rf"(?:left ventricular )?ejection fraction{ABBREVIATION}|lvef",
            "Left ventricular ejection fraction", "左心室射血分数", "%"),
    Measure("fev1_percent_predicted", r"(?:pre-?bronchodilator |post-?bronchodilator )?fev1?(?: percent| %"
        r"|%)? predicted|fev1 % pred",
            "FEV1, percent of predicted", "FEV1 占预计值百分比", "%"),
    Measure("ecog", rf"(?:ecog|eastern cooperative oncology group{ABBREVIATION})(?: performance)?"
            r"(?: status)?(?: \(ps\))?(?: score)?"
            r"|ecog ps", "ECOG performance status", "ECOG 体能状态评分", "", "integer"),
    Measure("karnofsky", r"karnofsky(?: performance)?(?: status)?(?: score)?|kps", "Karnofsky performance status",
            "Karnofsky 功能状态评分", "", "integer"),
    Measure("mmse", rf"mmse|mini[- ]mental state exam(?:ination)?{ABBREVIATION}", "MMSE total score", "MMSE 总分", "",
            "integer"),
    Measure("qtc_interval", r"qtc[bf]?(?: interval)?|corrected qt(?: interval)?", "QTc interval", "QTc 间期", "ms"),
    Measure("prednisone_daily_dose", r"(?:oral )?(?:prednisone|prednisolone)(?: dose| equivalent| dosage)?"
            r"|(?:dose|dosage) of (?:prednisone|prednisolone)", "Daily dose of prednisone", "泼尼松日剂量", "mg/day",
            "decimal", "0 where none is taken."),
    Measure("gestational_age_weeks", r"gestational age|gestation", "Gestational age", "孕周", "weeks"),
    Measure("life_expectancy_months", r"(?:estimated |expected )?life expectancy", "Life expectancy", "预期生存期"),
    Measure("urine_protein_creatinine_ratio", rf"urine protein[- /](?:to[- ])?creatinine ratio{ABBREVIATION}|upcr",
            "Urine protein to creatinine ratio", "尿蛋白/肌酐比值"),
)  # fmt: skip

# Results read against the upper limit of normal of their laboratory.
ANALYTES: Final = {
    "alt": (rf"alanine (?:amino)?transaminase{ABBREVIATION}|alanine aminotransferase{ABBREVIATION}|alt|sgpt"
            rf"|alt \(sgpt\)",
            "Alanine aminotransferase (ALT)", "丙氨酸氨基转移酶（ALT）"),
    "ast": (rf"aspartate (?:amino)?transaminase{ABBREVIATION}|aspartate aminotransferase{ABBREVIATION}|ast|sgot"
            rf"|ast \(sgot\)",
            "Aspartate aminotransferase (AST)", "天门冬氨酸氨基转移酶（AST）"),
    "bilirubin": (rf"(?:total |serum )*bilirubin{ABBREVIATION}", "Total bilirubin", "总胆红素"),
    "creatinine": (r"(?:serum )?creatinine", "Serum creatinine", "血肌酐"),
    "alkaline_phosphatase": (rf"alkaline phosphatase{ABBREVIATION}|alp", "Alkaline phosphatase", "碱性磷酸酶"),
    "ggt": (rf"gamma[- ]glutamyl ?trans(?:ferase|peptidase){ABBREVIATION}|ggt", "Gamma-glutamyltransferase",
            "γ-谷氨酰转移酶"),
    "creatine_kinase": (rf"creatine (?:phospho)?kinase{ABBREVIATION}|cpk|ck", "Creatine kinase", "肌酸激酶"),
    "lipase": (r"(?:serum )?lipase", "Lipase", "脂肪酶"),
    "inr": (rf"inr|international normali[sz]ed ratio{ABBREVIATION}", "INR", "国际标准化比值（INR）"),
}  # fmt: skip

_UNITS: Final = {
    "%": "%", "percent": "%", "kg/m2": "kg/m2", "kg": "kg", "g/dl": "g/dL", "g/l": "g/L", "mg/dl": "mg/dL", "g": "g",
    "mmol/l": "mmol/L", "umol/l": "umol/L", "μmol/l": "umol/L", "ml/min": "mL/min", "ml/minute": "mL/min",
    "ml/min/1.73m2": "mL/min/1.73m2", "ml/min/1.73 m2": "mL/min/1.73m2", "ml/min per 1.73 m2": "mL/min/1.73m2",
    "mmhg": "mmHg", "mm hg": "mmHg", "points": "", "point": "", "bpm": "beats/min", "beats/min": "beats/min",
    "beats per minute": "beats/min", "cm": "cm", "mm": "mm", "ms": "ms", "msec": "ms", "ng/ml": "ng/mL",
    "pg/ml": "pg/mL", "iu/ml": "IU/mL", "iu/l": "IU/L", "u/l": "U/L", "mg/l": "mg/L", "mg/day": "mg/day",
    "mg/d": "mg/day", "mg per day": "mg/day", "mg daily": "mg/day", "mg/kg/day": "mg/kg/day", "weeks": "weeks",
    "months": "months", "years": "years", "days": "days", "hours": "hours", "week": "weeks", "month": "months",
    "year": "years", "day": "days", "hour": "hours", "/mm3": "/mm3", "per mm3": "/mm3", "cells/mm3": "/mm3",
    "/μl": "/uL", "/ul": "/uL", "cells/μl": "/uL", "cells/ul": "/uL", "per microliter": "/uL", "mg/mg": "mg/mg",
    "mg/g": "mg/g", "g/g": "g/g", "g/day": "g/day", "g/24h": "g/24h", "g/24 h": "g/24h",
}  # fmt: skip
_POWERS: Final = re.compile(r"[x×*] ?10 ?[\^*e] ?(\d{1,2}) ?(?:cells)? ?/ ?(l|ml|ul|μl|mm3)$")


def unit_in_full(text: str) -> str | None:
    """The unit as a form prints it; None for words that are no unit."""
    words = text.strip().lower()
    if found := _POWERS.match(words):
        return f"10^{found[1]}/{'uL' if found[2] in ('ul', 'μl') else found[2].replace('l', 'L')}"
    return "" if not words else _UNITS.get(words)


def measure_named(name: str) -> Measure | None:
    """The measure a name stands for."""
    name = re.sub(r"^(?:(?:a|an|the|total|current|baseline|screening|with|have|has|having|patients?) )+", "", name)
    name = re.sub(r"(?: (?:score|total score|value|level|levels|scores|values|count))+$", "", name)
    return next((measure for measure in MEASURES if re.fullmatch(measure.names, name)), None)
