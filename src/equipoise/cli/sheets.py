"""Two more papers of a ceremony: what to do at the site in an emergency, and the releases for the holder on call."""

from collections.abc import Iterable, Iterator
from typing import Final

import typst

from equipoise.envelopes import Code, SecondLock, write_code
from equipoise.reports.table import quoted
from equipoise.reports.typeset import chinese_font

_HEAD: Final = """
#set document(title: {title}, date: none)
#set page(paper: "a4", margin: (x: 18mm, y: 16mm), footer: context [#h(1fr) #text(size: 8pt)[{study} ·
  #counter(page).display("1 / 1", both: true)]])
#set text(font: ({fonts}), size: 10pt)
#set par(leading: 0.6em)
"""
_FIELD: Final = "#box(width: 1fr, stroke: (bottom: 0.4pt), height: 1.1em)"
_INSTRUCTION: Final = (
    (
        "Emergency code break",
        "Only when knowing the treatment changes what you do for this participant now.",
        (
            "Find the participant's slot label: on the page of the participant, or in the site's randomisation log.",
            "Take the card with this label. Do not open another one.",
            "*With the server:* page of the participant, “Code break …”. Answer the questions, open the card, type or"
            " scan its code. The treatment is shown once.",
            "*Without the server:* telephone the holder on call, below. Say who you are, the participant's code, the"
            " label on the card and the reason. Write down the release that is read to you; read it back group by"
            " group.",
            "On the computer with this folder: `equipoise code-break --list sealed-list.json`, then the code of the"
            " card and the release. A wrong character is named with its place.",
            "Write time, name and reason on the card. Tell the treatment only to those who care for the participant.",
            "As soon as the server is back: page of the participant, “Report a suspected unmasking”, “Code break"
            " without the server”. Enter the adverse event. Notify the sponsor, without the treatment.",
        ),
        ("Holder on call, telephone", "Second number", "Computer with this folder"),
    ),
    (
        "紧急揭盲操作说明",
        "仅在获知用药会改变对该受试者的当前处置时使用。",
        (
            "查找该受试者的随机号标签：见受试者页面或本中心随机登记表。",
            "取出同一标签的揭盲卡。不得开启其他卡片。",
            "*系统可用时：*进入受试者页面，点击“紧急揭盲…”，回答问题后开启卡片，输入或扫描代码。所用药物仅显示一次。",
            "*系统不可用时：*拨打下列值班电话，说明本人身份、受试者编号、卡片标签和理由。记录对方读出的放行码，并逐组复述核对。",
            "在存有本文件夹的电脑上执行 `equipoise code-break --list sealed-list.json`，依次输入卡片代码和放行码。"
            "如有字符错误，程序会指出其位置。",
            "在卡片上写明时间、姓名和理由。所用药物仅告知参与救治的人员。",
            "系统恢复后立即进入受试者页面，选择“报告疑似破盲”中的“系统外（电话）揭盲”；登记不良事件；通知申办者，但不透露所用药物。",
        ),
        ("值班人员电话", "备用电话", "存有本文件夹的电脑"),
    ),
)


def instruction(study: str) -> bytes:
    """One page for the place where the cards lie, in both languages; in English alone without a Chinese font."""
    parts = _INSTRUCTION if chinese_font() else _INSTRUCTION[:1]
    return _typeset(_head(study, "emergency code break"), *(line for part in parts for line in _part(*part)))


def _part(title: str, when: str, steps: tuple[str, ...], fields: tuple[str, ...]) -> Iterator[str]:
    yield f"= {title}"
    yield f'#text(weight: "bold")[{when}]'
    yield from (f"+ {step}" for step in steps)
    yield "\n".join(f"#block[{field}: {_FIELD}]" for field in fields)


def releases(study: str, locks: Iterable[SecondLock]) -> bytes:
    """The release of every slot, in the order of the labels, for the holder on call. Alone it opens nothing.

    With all the cards and a copy of the list it opens everything, so it lies apart from them, sealed, at two places.
    """
    rows = ",\n".join(
        f"[{lock.label[:4]}-{lock.label[4:]}], [{write_code(Code.RELEASE, lock.release)}], []"
        for lock in sorted(locks, key=lambda lock: lock.label)
    )
    return _typeset(
        _head(study, "releases of the code break"),
        "= Releases · 放行码",
        "Call back the number you know. Ask for name, participant, label and reason; write them down; then read the"
        " release of this label, and no other. 先回拨已知号码；询问并记录姓名、受试者编号、标签和理由；"
        "只读出该标签的放行码。",
        '#set text(font: "DejaVu Sans Mono", size: 8.5pt)',
        "#table(columns: (auto, auto, 1fr), stroke: 0.3pt,"
        f" table.header([label · 标签], [release · 放行码], [to whom, when, why · 何人、何时、为何]),\n{rows})",
    )


def _head(study: str, title: str) -> str:
    chinese = chinese_font()
    fonts = ", ".join(quoted(font) for font in ("Libertinus Serif", *([chinese] if chinese else [])))
    return _HEAD.format(title=quoted(f"{study}: {title}"), study=study, fonts=f"{fonts},")


def _typeset(*lines: str) -> bytes:
    made = typst.compile("\n\n".join(lines).encode(), format="pdf", timestamp=0)
    assert isinstance(made, bytes)  # noqa: S101 - one document was asked for
    return made
