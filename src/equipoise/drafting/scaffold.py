"""The parts that every trial needs and no registry tells: roles, standard forms, analysis sets. Data, marked so."""

from typing import Final

from equipoise.drafting.chinese import label
from equipoise.drafting.yaml_text import Node, Noted

STANDARD: Final = "TO DO: standard part, not from the record. Keep it, or change it to fit the trial."

# Role, its label, where it works, whom the registry masks it as, and what it may do.
_ROLES: Final = (
    ("coordinator", "Study coordinator", "临床研究协调员（CRC）", "site", "care_provider",
     "view screen enter randomise answer"),
    ("investigator", "Investigator", "研究者", "site", "investigator",
     "view screen consent enter confirm_eligibility randomise sign answer stop_treatment end_participation break_code"),
    ("nurse", "Study nurse", "研究护士", "site", "care_provider", "view enter"),
    ("assessor", "Outcome assessor", "疗效评估者", "site", "outcomes_assessor", "view enter sign answer"),
    ("pharmacist", "Pharmacist (unmasked)", "药师（非盲）", "site", "", "view dispense"),
    ("monitor", "Monitor", "监查员（CRA）", "study", "anybody", "view query audit"),
    ("data_manager", "Data manager", "数据管理员", "study", "anybody", "view query lock audit"),
    ("statistician", "Trial statistician", "统计师", "study", "anybody", "view analyse"),
    ("unmasked_statistician", "Statistician of the monitoring board (unmasked)", "数据与安全监查委员会统计师（非盲）",
     "study", "", "view analyse open_list"),
    ("sponsor", "Sponsor", "申办者", "study", "anybody", "view lock audit"),
    ("administrator", "Administrator", "系统管理员", "study", "anybody", "administer audit"),
)  # fmt: skip


def roles(masked: tuple[str, ...] | None) -> list[Node]:
    """The usual roles. Where the record does not say who is masked, everybody is who can be."""
    return [
        {
            "id": id_,
            "label": label(en, zh),
            "scope": scope,
            "masked": "yes" if _is_masked(party, masked) else "no",
            "may": list[Node](may.split()),
        }
        for id_, en, zh, scope, party, may in _ROLES
    ]


def _is_masked(party: str, masked: tuple[str, ...] | None) -> bool:
    if not party:
        return False
    return True if masked is None else bool(masked) if party == "anybody" else party in masked


# --- Forms ----------------------------------------------------------------------------------------------------------

# Items of the standard forms: id, English, Chinese, type, unit or code list, range.
_DEMOGRAPHICS: Final = (
    ("age", "Age in completed years", "年龄（周岁）", "integer", "years", ("0", "120")),
    ("sex", "Sex", "性别", "choice", "sex", ()),
)
_VITAL_SIGNS: Final = (
    ("weight", "Body weight", "体重", "decimal", "kg", ("0.3", "400")),
    ("height", "Height", "身高", "decimal", "cm", ("20", "260")),
    ("systolic_pressure", "Systolic blood pressure", "收缩压", "integer", "mmHg", ("30", "320")),
    ("diastolic_pressure", "Diastolic blood pressure", "舒张压", "integer", "mmHg", ("10", "220")),
    ("heart_rate", "Heart rate", "心率", "integer", "beats/min", ("10", "350")),
    ("temperature", "Body temperature", "体温", "decimal", "degC", ("25", "45")),
)
_TREATMENT: Final = (
    ("treatment_given", "Was the treatment given as planned?", "是否按方案给药？", "yes_no", "", ()),
    ("treatment_on", "Given on", "给药日期", "date", "", ()),
)
_ADVERSE_EVENTS: Final = (
    ("ae_term", "Event", "事件名称", "text", "", ()),
    ("ae_category", "Kind of event", "事件类别", "text", "", ()),
    ("ae_onset", "Began on", "开始日期", "partial_date", "", ()),
    ("ae_severity", "Grade (CTCAE)", "分级（CTCAE）", "choice", "grade", ()),
    ("ae_serious", "Is it serious?", "是否为严重不良事件（SAE）？", "yes_no", "", ()),
    ("ae_related", "Could the study treatment have caused it?", "是否可能与研究治疗有关？", "yes_no", "", ()),
)
STANDARD_UNITS: Final = {
    row[0]: (row[3], row[4]) for row in (*_DEMOGRAPHICS, *_VITAL_SIGNS, *_TREATMENT) if row[3] != "choice"
} | {"sex": ("choice", "")}

_GRADES: Final = (("grade_1", "Grade 1", "1级"), ("grade_2", "Grade 2", "2级"), ("grade_3", "Grade 3", "3级"),
                  ("grade_4", "Grade 4", "4级"), ("grade_5", "Grade 5", "5级"))  # fmt: skip
CODE_LISTS: Final[dict[str, Node]] = {
    "sex": [{"code": "female", "label": label("Female", "女")}, {"code": "male", "label": label("Male", "男")}],
    "grade": [{"code": code, "label": label(en, zh)} for code, en, zh in _GRADES],
}


def forms(screening: list[Node], outcomes: list[Node]) -> list[Node]:
    """Demographics, screening, vital signs, treatment, outcomes and the log of adverse events."""
    site = ("coordinator", "investigator")
    parts: list[Node] = [_form("demographics", "Demographics", "人口学资料", site, _rows(_DEMOGRAPHICS))]
    if screening:  # a form without questions is none
        parts.append(_form("screening", "Screening", "筛选", site, screening, signed_by="investigator"))
    parts.append(_form("vital_signs", "Vital signs", "生命体征", site, _rows(_VITAL_SIGNS)))
    parts.append(_form("treatment", "Treatment", "研究用药", ("nurse", "coordinator"), _rows(_TREATMENT)))
    parts.append(_form("outcomes", "Outcomes", "疗效评估", ("assessor",), outcomes, signed_by="assessor"))
    events = _form("adverse_events", "Adverse events", "不良事件", site, _rows(_ADVERSE_EVENTS), repeats=True)
    return [*parts, events]


def _form(
    id_: str,
    en: str,
    zh: str,
    filled_by: tuple[str, ...],
    items: list[Node],
    *,
    signed_by: str = "",
    repeats: bool = False,
) -> Node:
    form: dict[str, Node] = {"id": id_, "label": label(en, zh), "filled_by": list[Node](filled_by)}
    form |= {"repeats": "yes"} if repeats else {}
    form |= {"signed_by": signed_by} if signed_by else {}
    form["items"] = items
    return form if id_ in ("screening", "outcomes") else Noted(form, (STANDARD,))


def _rows(rows: tuple[tuple[str, str, str, str, str, tuple[str, ...]], ...]) -> list[Node]:
    return [_row(*row) for row in rows]


def _row(id_: str, en: str, zh: str, type_: str, of: str, span: tuple[str, ...]) -> Node:
    item: dict[str, Node] = {"id": id_, "label": label(en, zh), "type": type_}
    item |= {"codes" if type_ == "choice" else "unit": of} if of else {}
    return item | ({"range": list[Node](span)} if span else {})


SAFETY: Final[dict[str, Node]] = {
    "adverse_events": {
        "form": "adverse_events", "term": "ae_term", "category": "ae_category", "severity": "ae_severity",
        "serious": "ae_serious", "related": "ae_related", "onset": "ae_onset",
    }
}  # fmt: skip

SETS: Final[list[Node]] = [
    {"id": "all_randomised", "label": label("All randomised", "全部随机受试者"), "who": "randomised"},
    {"id": "safety", "label": label("Dosed, as treated", "安全性分析集"), "who": "dosed", "arm": "as_treated"},
    {"id": "per_protocol", "label": label("Per protocol", "符合方案集"), "who": "per_protocol"},
]
