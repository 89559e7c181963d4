"""Texts of the report about whether masking held, in English and in Chinese."""

from typing import Final

BELIEF: Final[dict[str, tuple[str, str]]] = {
    "belief": ("Whether masking held", "盲法是否得到维持"),
    "belief_none": ("No guess about the treatment is recorded.", "没有关于所用治疗的猜测记录。"),
    "belief_reading": (
        "Bang's index of an arm is the share who guessed its treatment right less the share who guessed it wrong: 0 is "
        "what guessing at random gives, 1 would mean that everybody knew, and −1 that everybody believed in the other "
        "treatment. James' index is of all arms together: 1 when everybody says that they do not know, 0.5 when "
        "everybody guesses at random, 0 when everybody knows. An interval of Bang's that includes 0, or one of James' "
        "that does not lie wholly below 0.5, is no sign that masking failed. Above 0 in one arm and as far below in "
        "another only says that most believed in the same treatment. A treatment that works, or that has side "
        "effects, is guessed right though masking held: read the reasons beside the index.",
        "Bang指数为该组猜对所用治疗者的比例减去猜错者的比例：0相当于随机猜测，1表示全部知晓，−1表示全部认为用的是另一种治疗。"
        "James指数反映各组总体情况：1表示全部回答“不知道”，0.5相当于全部随机猜测，0表示全部知晓。"
        "Bang指数的置信区间包含0，或James指数的置信区间未完全低于0.5时，均未提示盲法失败。"
        "Bang指数在一组高于0而在另一组相应低于0时，仅说明多数人都认为用的是同一种治疗。"
        "治疗有效或有副作用时，即使盲法完好也可能猜对，因此应结合猜测理由解读。",
    ),
    "belief_participant": ("Participant", "受试者"),
    "belief_care_provider": ("Care provider", "医护人员"),
    "belief_investigator": ("Investigator", "研究者"),
    "belief_outcomes_assessor": ("Outcome assessor", "结局评估者"),
    "belief_title": ("What was believed about the treatment, by arm", "各组对所用治疗的猜测"),
    "belief_unanswered": ("Not asked, or no answer", "未询问或未作答"),
    "belief_known": ("Arm known by then, not counted", "此前已知组别，不计入"),
    "belief_bang": ("Bang's index ({level}% CI)", "Bang指数（{level}% CI）"),
    "belief_james": ("James' index ({level}% CI)", "James指数（{level}% CI）"),
    "belief_because": ("What made them think so", "猜测的理由"),
    "belief_note": (
        "Answers in per cent of those counted, reasons in per cent of those who named a treatment, the others in per "
        "cent of those randomised. An answer is not counted from the day on which the participant's arm had become "
        "known, by a code break or by accident.",
        "答案的百分比以计入者为分母，理由以作出具体猜测者为分母，其余以随机受试者为分母。"
        "自受试者的组别因紧急揭盲或意外破盲而为人所知之日起，其答案不再计入。",
    ),
    "belief_sides": (
        "For the indices, surer and less sure answers for one treatment count alike.",
        "计算指数时，同一治疗的确定答案与倾向性答案同等计数。",
    ),
}
