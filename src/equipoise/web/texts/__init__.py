"""Every fixed text of the pages, in both languages. A test finds a text that is missing, unknown or no longer used."""

from typing import Final

from equipoise.web.texts.accounts import ACCOUNTS
from equipoise.web.texts.design import DESIGN
from equipoise.web.texts.drafts import DRAFTS
from equipoise.web.texts.emergency import EMERGENCY
from equipoise.web.texts.kits import KITS
from equipoise.web.texts.pharmacy import PHARMACY
from equipoise.web.texts.printing import PRINTING
from equipoise.web.texts.study import STUDY
from equipoise.web.texts.text import Text
from equipoise.web.texts.today import TODAY

TEXTS: Final[dict[str, Text]] = {
    **STUDY,
    **ACCOUNTS,
    **DRAFTS,
    **EMERGENCY,
    **TODAY,
    **PRINTING,
    **PHARMACY,
    **DESIGN,
    **KITS,
}
