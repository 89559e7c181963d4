"""Texts of the report about unmaskings, in English and in Chinese."""

from typing import Final

UNMASKING: Final[dict[str, tuple[str, str]]] = {
    "list_unmaskings": ("Code breaks and other unmaskings", "揭盲与破盲列表"),
    "learnt_by": ("Reason, or who learnt it", "理由或知悉者"),
    "impact": ("Impact", "影响"),
    "impact_text": (
        "data {data}, participant {participant}, others {others}",
        "数据：{data}；受试者：{participant}；其他人：{others}",
    ),
    "measures": ("Measures", "处理措施"),
    "measures_withheld": ("text withheld", "文字已屏蔽"),
    "not_assessed": ("not assessed", "未评估"),
    "unmasking_code_break": ("code break", "紧急揭盲"),
    "unmasking_by_telephone": ("code break by telephone", "电话揭盲"),
    "unmasking_accidental": ("accidental", "意外破盲"),
    "unmasking_suspected": ("suspected", "疑似破盲"),
    "learnt_life_threatening": ("life-threatening situation", "危及生命"),
    "learnt_serious_event": ("serious adverse event", "严重不良事件"),
    "learnt_overdose": ("overdose", "用药过量"),
    "learnt_pregnancy": ("pregnancy", "妊娠"),
    "learnt_surgery": ("urgent surgery", "急诊手术"),
    "learnt_participant": ("participant or family", "受试者或家属"),
    "learnt_investigator": ("investigator", "研究者"),
    "learnt_assessor": ("assessor of the outcome", "结局评估者"),
    "learnt_site_staff": ("other staff of the site", "中心其他人员"),
    "learnt_sponsor_staff": ("sponsor, monitor or data management", "申办者、监查员或数据管理人员"),
    "learnt_other": ("other", "其他"),
    "impact_none": ("none", "无"),
    "impact_possible": ("possible", "可能"),
    "impact_certain": ("certain", "确定"),
}
