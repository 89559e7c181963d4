"""Texts of the page at the bedside."""

from typing import Final

from equipoise.web.texts.text import Text

INFUSIONS: Final[dict[str, Text]] = {
    "infusion.open": Text("Infusion at the bedside", "床旁输液记录"),
    "infusion.no_bag": Text("No bag has been released for this visit yet.", "本次访视尚未放行输液袋。"),
    "infusion.not_held": Text("Record first that the visit takes place.", "请先登记本次访视日期。"),
    "infusion.check": Text("Right person, right bag", "核对受试者与输液袋"),
    "infusion.check_means": Text(
        "Scan the wristband, then the bag; or type what is printed on them.",
        "先扫描腕带，再扫描输液袋；也可手工输入印刷编号。",
    ),
    "infusion.wristband": Text("Wristband", "腕带"),
    "infusion.bag": Text("Number on the bag", "输液袋编号"),
    "infusion.cover": Text("The cover is intact; the fluid cannot be seen", "遮光罩完好，看不到药液"),
    "infusion.do_check": Text("Check", "核对"),
    "infusion.do_not": Text("Do not start this infusion.", "请勿开始输注。"),
    "infusion.found.matches": Text("Person and bag match", "受试者与输液袋相符"),
    "infusion.found.wrong_person": Text("Wrong person", "受试者不符"),
    "infusion.found.wrong_bag": Text("Wrong bag", "输液袋不符"),
    "infusion.found.cover_damaged": Text("Cover not intact", "遮光罩不完好"),
    "infusion.refused.wrong_person": Text(
        "This wristband is another person's. Go to the right bed, or open the page of the person who lies here.",
        "此腕带属于其他受试者。请到正确的床位，或打开此受试者本人的页面。",
    ),
    "infusion.refused.wrong_bag": Text(
        "This bag was not released for this participant and this visit. Put it aside and call the pharmacy.",
        "此输液袋并非为该受试者本次访视放行。请单独放置并联系药房。",
    ),
    "infusion.refused.cover_damaged": Text(
        "Do not look at the fluid, and show it to nobody. Give the bag back to the pharmacy to be covered again. "
        "If somebody saw it, report it.",
        "请勿查看药液，也勿让他人看到。请将输液袋退回药房重新遮盖；如有人已看到，请予报告。",
    ),
    "infusion.running": Text("Now", "当前操作"),
    "infusion.rate": Text("Rate (mL/h)", "滴速（mL/h）"),
    "infusion.volume": Text("Given in all (mL)", "实际输注量（mL）"),
    "infusion.time": Text("Time, if not now", "时间（如非现在）"),
    "infusion.step.start": Text("Start", "开始"),
    "infusion.step.rate": Text("Change the rate", "调整滴速"),
    "infusion.step.stop": Text("Stop", "暂停"),
    "infusion.step.restart": Text("Start again", "重新开始"),
    "infusion.step.end": Text("End", "结束"),
    "infusion.signs": Text("Vital signs", "生命体征"),
    "infusion.take": Text("Record vital signs", "记录生命体征"),
    "infusion.reaction": Text("Reaction", "输液反应"),
    "infusion.see": Text("Record the reaction", "记录输液反应"),
    "infusion.sign": Text("What is seen", "表现"),
    "infusion.grade": Text("Grade", "分级"),
    "infusion.reaction_means": Text(
        "An adverse event is begun from it; the investigator adds the rest.", "将据此生成不良事件记录，由研究者补充。"
    ),
    "infusion.log": Text("Record", "记录"),
    "infusion.log_zone": Text("Times of the site: {zone}", "中心当地时间：{zone}"),
    "infusion.empty": Text("Nothing is recorded yet.", "尚无记录。"),
    "infusion.state.waiting": Text("not checked yet", "待核对"),
    "infusion.state.ready": Text("may start", "可以开始"),
    "infusion.state.running": Text("running", "输注中"),
    "infusion.state.stopped": Text("stopped", "已暂停"),
    "infusion.state.ended": Text("ended", "已结束"),
    "infusion.queue": Text("Recorded here, not sent yet", "已在本机记录，尚未发送"),
    "infusion.sent": Text("Everything is sent.", "已全部发送。"),
    "infusion.refused": Text("Not recorded", "未记录"),
    "infusion.let_go": Text("Let go of it", "放弃此条"),
    "infusion.to_form": Text("The form of the infusion", "输液表单"),
    "today.infusions": Text("Bags at hand", "待输注"),
    "today.infusion": Text("{visit}: infusion, bag {bag}", "{visit}：输液，输液袋 {bag}"),
    "act.BagChecked": Text("Bag and person checked", "核对输液袋与受试者"),
    "act.InfusionStepped": Text("Step of the infusion", "输液步骤"),
    "act.VitalSignsTaken": Text("Vital signs during the infusion", "输液中生命体征"),
    "act.ReactionSeen": Text("Reaction to the infusion", "输液反应"),
}
