"""What is said when a step of an infusion may not be recorded so, in the languages of the product."""

from typing import Final

from equipoise.items.messages import Message

INFUSION_MESSAGES: Final[dict[str, Message]] = {
    "conduct.E160": Message(
        "No bag was released for this visit.", "本次访视尚未放行输液袋。",
        "Ask the pharmacy; it is shown here as soon as it is released.", "请联系药房；放行后此处即会显示。",
    ),
    "conduct.E161": Message(
        "This step is not possible as the infusion stands now.", "按目前的输液状态，不能记录此步骤。",
        "Look at the record: somebody may have entered it already.", "请查看记录：可能已由他人登记。",
    ),
    "conduct.E162": Message(
        "This was before the step recorded last.", "该时间早于上一条记录。",
        "Look at the time.", "请核对时间。",
    ),
    "conduct.E163": Message(
        "A rate in mL/h is needed.", "请填写滴速（mL/h）。",
        "Enter the rate that is set now.", "请填写当前滴速。",
    ),
    "conduct.E164": Message(
        "How much was given is needed.", "请填写实际输注量。",
        "Enter the volume in mL; the whole bag is its full volume.", "请填写输注量（mL）；全量输注即填整袋容量。",
    ),
    "conduct.E165": Message(
        "This study does not record infusions step by step.", "本研究不逐步记录输液过程。",
        "Fill in the form of the treatment.", "请填写治疗表单。",
    ),
    "conduct.E166": Message(
        "{grade} is no grade of a reaction here.", "{grade} 不是有效的反应分级。",
        "Take one of the grades of the page.", "请选择页面上的分级。",
    ),
    "conduct.E167": Message(
        "Nothing was measured.", "未填写任何生命体征。",
        "Enter at least one vital sign.", "请至少填写一项。",
    ),
    "conduct.E168": Message(
        "The bag holds {whole} mL.", "输液袋容量为 {whole} mL。",
        "No more than that can have been given.", "实际输注量不可能超过该值。",
    ),
}  # fmt: skip
