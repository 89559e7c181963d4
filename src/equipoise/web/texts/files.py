"""Texts about files that are answers."""

from typing import Final

from equipoise.web.texts.text import Text

FILES: Final[dict[str, Text]] = {
    "file.takes": Text(
        "{kinds}, up to {most} MB. The chosen file is kept when the form is saved, not as a draft.",
        "{kinds}，不超过 {most} MB。所选文件在保存表单时留存，不随草稿留存。",
    ),
    "file.again": Text("{name} was not kept. Choose it again.", "{name} 未留存，请重新选择。"),
}
