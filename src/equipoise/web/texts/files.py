"""Texts about files that are answers."""

from typing import Final

from equipoise.web.texts.text import Text

FILES: Final[dict[str, Text]] = {
    "file.takes": Text("{kinds}, up to {most} MB", "{kinds}，不超过 {most} MB"),
    "file.chosen": Text(
        "{name} is chosen, not saved. Only Save keeps it: a draft does not, and neither does this browser.",
        "已选择 {name}，尚未保存。点击“保存”后才会留存；草稿和本浏览器均不留存文件。",
    ),
    "file.all": Text("Files saved here", "已保存的文件"),
    "file.again": Text("{name} was not kept. Choose it again.", "{name} 未留存，请重新选择。"),
}
