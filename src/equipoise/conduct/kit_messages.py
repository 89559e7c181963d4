"""What is said when something may not be done with a kit, in the languages of the product."""

from typing import Final

from equipoise.items.messages import Message

KIT_MESSAGES: Final[dict[str, Message]] = {
    "conduct.E130": Message(
        "This study is not supplied with kits.", "本研究不采用药盒供应。",
        "Kits stand under `supply` in the protocol.", "药盒供应在方案的 supply 部分规定。",
    ),
    "conduct.E131": Message(
        "In this study kits are dispensed by number.", "本研究按药盒编号发放药物。",
        "Dispense a kit on the page of the visit.", "请在访视页面发放药盒。",
    ),
    "conduct.E132": Message(
        "There is no depot {depot!r} in this protocol.", "方案中没有药库 {depot!r}。",
        "Depots stand under `supply` in the protocol.", "药库在方案的 supply 部分规定。",
    ),
    "conduct.E133": Message(
        "A number of this lot is already in use.", "该批次中有编号已被使用。",
        "Each lot is loaded once, as it was sealed.", "每个批次按封存时的文件载入一次。",
    ),
    "conduct.E134": Message(
        "These packs are not at this depot.", "该药库没有这些药箱。",
        "A pack is shipped whole, from the depot where it is.", "药箱须整箱由所在药库发出。",
    ),
    "conduct.E135": Message(
        "A pack expires too soon to be shipped.", "药箱临近有效期，不能发运。",
        "Ship packs of a later lot.", "请发运有效期更长的批次。",
    ),
    "conduct.E136": Message(
        "This shipment is already recorded.", "该发运记录已存在。",
    ),
    "conduct.E137": Message(
        "The kits do not agree with the shipment: {kits}.", "药盒与发运清单不符：{kits}。",
        "Each kit of the shipment is received, damaged or missing, and nothing else is.",
        "发运清单中的每个药盒须登记为已接收、破损或缺失之一，且不得多出其他药盒。",
    ),
    "conduct.E138": Message(
        "A kit stands twice in the list.", "清单中有药盒重复。",
        "Enter each number once.", "每个编号只填写一次。",
    ),
    "conduct.E139": Message(
        "There is no kit {kit} at this site.", "本中心没有药盒 {kit}。",
        "Compare the number with the label.", "请与标签核对编号。",
    ),
    "conduct.E140": Message(
        "Kit {kit} is {status}; this cannot be done with it.", "药盒 {kit} 的状态为 {status}，不能进行此操作。",
        "See its history on the stock page.", "请在库存页面查看其记录。",
    ),
    "conduct.E141": Message(
        "Kit {kit} was already dispensed for this visit.", "该访视已发放药盒 {kit}。",
        "If it cannot be used, replace it.", "如无法使用，请办理更换。",
    ),
    "conduct.E142": Message(
        "Kit {kit} cannot be dispensed.", "药盒 {kit} 不能发放。",
        "Only an available kit that lasts to the next visit is dispensed.", "只能发放状态可用且有效期足够的药盒。",
    ),
    "conduct.E143": Message(
        "Kit {kit} is not with this participant.", "药盒 {kit} 不在该受试者处。",
        "Compare the number with what was dispensed.", "请与发放记录核对编号。",
    ),
    "conduct.E144": Message(
        "{units} came back, and a kit holds {most}.", "回收 {units}，多于每盒数量 {most}。",
        "Count again.", "请重新清点。",
    ),
    "conduct.E145": Message(
        "No kits are shipped today; the next day of the timetable is {date}.",
        "今日非发运日，按时间表下一发运日为 {date}。",
        "Kits leave a depot on the days of the timetable alone, so that no shipment tells why it was made.",
        "药盒仅在时间表规定的日期发运，以免发运时间透露原因。",
    ),
    "conduct.E146": Message(
        "An order is always {order} packs, or a multiple of it.", "每次发运须为 {order} 箱或其整数倍。",
        "Ship whole orders, so that the number of packs tells nothing.", "请按整份订货发运，以免箱数透露信息。",
    ),
    "conduct.E147": Message(
        "Kit {kit} was given to this participant.", "药盒 {kit} 已发放给该受试者。",
        "Enter the number of the kit that was taken by mistake.", "请填写误取的药盒编号。",
    ),
    "conduct.E148": Message(
        "Assigned for this visit: {kits}.", "本次访视应发放的药盒：{kits}。",
        "Say in the place of which of these the other kit was taken.", "请选择被误取药盒所替代的应发药盒。",
    ),
}  # fmt: skip
