"""What the pharmacist's workspace says."""

from typing import Final

from equipoise.web.texts.text import Text

PHARMACY: Final = {
    "nav.pharmacy": Text("Pharmacy", "药房"),
    "pharmacy.title": Text("Pharmacy", "药房"),
    "pharmacy.banner": Text(
        "UNMASKED WORKSPACE. What stands here tells the arm. Nobody masked may see this screen.",
        "非盲工作区：本页内容涉及治疗分组，任何设盲人员不得查看。",
    ),
    "pharmacy.printed": Text("UNMASKED · site {site} · {who}", "非盲文件 · {site} 中心 · {who}"),
    "pharmacy.leave": Text("Leave and forget", "离开并清除"),
    "pharmacy.covered": Text("Covered while you look away. Click to go on.", "离开窗口期间已遮挡，点击继续。"),
    # --- The key
    "pharmacy.key": Text("Your key", "您的密钥"),
    "pharmacy.key_means": Text(
        "Your key file is opened in this browser. Neither it nor what it opens is sent to the server, and both are"
        " forgotten when you leave this page or do nothing for five minutes.",
        "密钥文件仅在本浏览器中打开，密钥及其开启的内容均不会发送至服务器；离开本页或五分钟无操作后即清除。",
    ),
    "pharmacy.key_file": Text("Key file", "密钥文件"),
    "pharmacy.passphrase": Text("Passphrase", "口令"),
    "pharmacy.open_key": Text("Open my key", "打开密钥"),
    "pharmacy.compare": Text(
        "Commitment of the list; compare it with the published text", "分配表承诺值（请与已公布文本核对）"
    ),
    # --- Orders
    "pharmacy.orders": Text("Doses to prepare", "待配药物"),
    "pharmacy.no_orders": Text("No dose is due today.", "今日无待配药物。"),
    "pharmacy.participant": Text("Participant", "受试者"),
    "pharmacy.visit": Text("Visit", "访视"),
    "pharmacy.held": Text("Visit held on", "访视日期"),
    "pharmacy.state": Text("State", "状态"),
    "pharmacy.bag": Text("Bag", "药袋编号"),
    "pharmacy.waiting": Text("not opened", "未打开"),
    "pharmacy.opened_at": Text("opened {opened}, release from {ready}", "{opened} 打开，{ready} 起可放行"),
    "pharmacy.prepared": Text("prepared, release from {ready}", "已配制，{ready} 起可放行"),
    "pharmacy.open_order": Text("Open", "打开"),
    "pharmacy.needs_script": Text(
        "This page needs JavaScript. Without it use 'equipoise envelope open' and record on paper.",
        "本页需启用 JavaScript；无法启用时请使用 equipoise envelope open 命令并以纸质记录。",
    ),
    # --- One order
    "pharmacy.product": Text("Product", "药品"),
    "pharmacy.arm": Text("Arm", "组别"),
    "pharmacy.weight": Text("Body weight", "体重"),
    "pharmacy.dose": Text("Dose", "剂量"),
    "pharmacy.units": Text("Units to open", "应开启数量"),
    "pharmacy.draw": Text("Volume to draw", "应抽取药液量"),
    "pharmacy.quantity": Text("Handed over in all", "发放总量"),
    "pharmacy.steps": Text("How", "配制方法"),
    "pharmacy.release_from": Text("Release from", "最早放行时间"),
    "pharmacy.record_title": Text("Record of the preparation", "配制记录"),
    "pharmacy.lot": Text("Lot", "批号"),
    "pharmacy.expiry": Text("Expiry", "有效期"),
    "pharmacy.units_used": Text("Units used", "使用数量"),
    "pharmacy.wasted": Text("Units spoilt", "报废数量"),
    "pharmacy.another_lot": Text("Another lot", "另一批号"),
    "pharmacy.started": Text("Begun at, HH:MM", "开始时间（HH:MM）"),
    "pharmacy.dissolved": Text("Dissolved at, HH:MM; or none", "复溶完成时间（HH:MM），不适用则留空"),
    "pharmacy.left_over": Text("Left over and discarded, mL", "剩余弃去量（mL）"),
    "pharmacy.second": Text("Second check by (another person)", "复核人（须为另一人）"),
    "pharmacy.second_sure": Text(
        "The other person has compared participant, bag, product, dose and label.",
        "复核人已核对受试者、药袋编号、药品、剂量及标签。",
    ),
    "pharmacy.remark": Text("Remark", "备注"),
    "pharmacy.seal": Text("Seal the record", "封存记录"),
    "pharmacy.release": Text("Release the bag", "放行"),
    # --- Stock
    "pharmacy.stock": Text("Stock", "库存与清点"),
    "pharmacy.balance_at": Text("At the end of", "截至日期"),
    "pharmacy.account.received": Text("Received", "接收"),
    "pharmacy.account.stock": Text("In stock", "库存"),
    "pharmacy.account.quarantine": Text("Quarantine", "隔离"),
    "pharmacy.account.used": Text("Used", "使用"),
    "pharmacy.account.returned": Text("Returned", "退回"),
    "pharmacy.account.destroyed": Text("Destroyed", "销毁"),
    "pharmacy.account.lost": Text("Lost", "遗失"),
    "pharmacy.count": Text("Count", "盘点"),
    "pharmacy.nothing": Text("Nothing is recorded yet.", "尚无记录。"),
    "pharmacy.new_record": Text("New record", "新增记录"),
    "pharmacy.kind": Text("What happened", "事项"),
    "pharmacy.day": Text("Day", "日期"),
    "pharmacy.units_number": Text("Units", "数量"),
    "pharmacy.from": Text("From", "来源"),
    "pharmacy.lowest": Text("Lowest, °C", "最低温度（°C）"),
    "pharmacy.highest": Text("Highest, °C", "最高温度（°C）"),
    "pharmacy.minutes": Text("For, minutes", "持续时间（分钟）"),
    "pharmacy.of": Text("Record number to take back", "需撤销的记录序号"),
    "pharmacy.register": Text("Register", "台账"),
    "pharmacy.by": Text("By", "记录人"),
    "pharmacy.download": Text("Save the sealed register", "保存封存台账"),
    "pharmacy.kind.receipt": Text("Receipt", "接收"),
    "pharmacy.kind.excursion": Text("Temperature excursion: into quarantine", "超温：转入隔离"),
    "pharmacy.kind.quarantine": Text("Into quarantine", "转入隔离"),
    "pharmacy.kind.reinstatement": Text("Out of quarantine, fit for use", "解除隔离，可使用"),
    "pharmacy.kind.return": Text("Return", "退回"),
    "pharmacy.kind.destruction": Text("Destruction", "销毁"),
    "pharmacy.kind.loss": Text("Loss", "遗失"),
    "pharmacy.kind.count": Text("Count of the shelf, quarantine included", "实物盘点（含隔离品）"),
    "pharmacy.kind.correction": Text("Correction: takes a record back", "更正：撤销一条记录"),
    "pharmacy.kind.preparation": Text("Preparation", "配制"),
    # --- Supply
    "pharmacy.supply": Text("Supply, as masked staff see it", "供应状态（设盲人员可见）"),
    "pharmacy.supply_means": Text(
        "One word for all products together. Say 'not OK' as soon as any of them runs short, and for no other reason.",
        "对全部药品统一声明：任一药品不足即声明“不足”，不得因其他原因更改。",
    ),
    "supply.ok": Text("Supply OK", "供应正常"),
    "supply.short": Text("Supply not OK", "供应不足"),
    "supply.unsaid": Text("not said yet", "尚未声明"),
    "act.SupplyDeclared": Text("Supply declared", "声明药品供应状态"),
    "act.EnvelopeDoubted": Text("Envelope did not open as sealed", "信封与封存时不符"),
    # --- What the page says by itself
    "pharmacy.says.no_key_file": Text("This is no key file of Equipoise.", "这不是 Equipoise 的密钥文件。"),
    "pharmacy.says.wrong_passphrase": Text(
        "The passphrase is another, or the file was altered.", "口令不正确，或密钥文件已被改动。"
    ),
    "pharmacy.says.not_a_recipient": Text(
        "The list was not sealed for this key. Take the key whose public half you handed in.",
        "该分配表并非以此密钥封存，请使用您提交过公钥的密钥。",
    ),
    "pharmacy.says.other_site": Text(
        "Your key is for site {site}; what lies here is another site's. Take a key of this site.",
        "您的密钥属于 {site} 中心，此处的内容属于其他中心。请使用本中心的密钥。",
    ),
    "pharmacy.says.altered": Text(
        "ALARM: this envelope is not what was sealed for this participant. Prepare nothing. The alarm is recorded; call"
        " the independent statistician.",
        "警报：该信封与为此受试者封存的内容不符。请勿配药。警报已登记，请联系独立统计师。",
    ),
    "pharmacy.says.too_long": Text("The record is too long. Shorten the remark.", "记录过长，请缩短备注。"),
    "pharmacy.says.offline": Text(
        "The server did not answer. Nothing is lost; try again.", "服务器未响应，内容未丢失，请重试。"
    ),
    "pharmacy.says.opening": Text("Opening; this takes a few seconds.", "正在打开，需数秒。"),
    "pharmacy.says.opened": Text("Open on this page only", "仅在本页打开"),
    "pharmacy.says.chain_broken": Text(
        "ALARM: the register was altered at record {number}. Keep everything as it is and tell the data manager.",
        "警报：台账第 {number} 条记录被改动。请保留现状并通知数据管理员。",
    ),
    "pharmacy.says.record_altered": Text(
        "ALARM: record {number} is not what was sealed.", "警报：第 {number} 条记录与封存时不符。"
    ),
    "pharmacy.says.unread": Text("Record {number} cannot be counted.", "第 {number} 条记录无法计入。"),
    "pharmacy.says.recorded": Text("Sealed and recorded as number {number}.", "已封存并登记为第 {number} 条。"),
    "pharmacy.says.released": Text("Bag {bag} is released.", "药袋 {bag} 已放行。"),
    "pharmacy.says.ready": Text("may be released now", "现在可以放行"),
    "pharmacy.says.record_first": Text("as soon as the preparation is recorded", "登记配制后即可放行"),
    "pharmacy.says.wait": Text("in {minutes} min", "还需 {minutes} 分钟"),
    "pharmacy.says.no_weight": Text(
        "The dose goes by weight, and no weight is entered. Ask the coordinator to enter it.",
        "剂量按体重计算，但尚未录入体重，请联系协调员录入。",
    ),
    "pharmacy.says.second_is_first": Text("The second check is by another person.", "复核须由另一人完成。"),
    "pharmacy.says.expired": Text("expired", "已过期"),
    "pharmacy.says.lot_expired": Text("A lot is past its expiry.", "所用批号已过有效期。"),
    "pharmacy.says.below_zero": Text("more left than there was", "发出多于结存"),
    "pharmacy.says.count_differs": Text("counted {counted}, expected {expected}", "盘点 {counted}，应有 {expected}"),
    "pharmacy.says.agrees": Text("agrees", "相符"),
    "pharmacy.says.idle": Text(
        "Forgotten after five minutes without work. Open your key again.", "五分钟无操作，已清除。请重新打开密钥。"
    ),
    "pharmacy.says.preparation": Text("{units} × {unit}", "共 {units} {unit}"),
    "pharmacy.says.not_needed": Text("none", "无"),
    "pharmacy.says.key_first": Text("Open your key first.", "请先打开密钥。"),
}
