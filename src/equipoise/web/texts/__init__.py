"""Every fixed text of the pages, in both languages. A test finds a text that is missing, unknown or no longer used."""

from typing import Final

from equipoise.web.texts.accounts import ACCOUNTS
from equipoise.web.texts.design import DESIGN
from equipoise.web.texts.deviations import DEVIATIONS
from equipoise.web.texts.drafts import DRAFTS
from equipoise.web.texts.emergency import EMERGENCY
from equipoise.web.texts.entry import ENTRY
from equipoise.web.texts.files import FILES
from equipoise.web.texts.infusions import INFUSIONS
from equipoise.web.texts.kits import KITS
from equipoise.web.texts.medication import MEDICATION
from equipoise.web.texts.pharmacy import PHARMACY
from equipoise.web.texts.printing import PRINTING
from equipoise.web.texts.serious import SERIOUS
from equipoise.web.texts.signing import SIGNING
from equipoise.web.texts.study import STUDY
from equipoise.web.texts.text import Text
from equipoise.web.texts.today import TODAY
from equipoise.web.texts.trails import TRAILS
from equipoise.web.texts.unscheduled import UNSCHEDULED

TEXTS: Final[dict[str, Text]] = {
    **STUDY,
    **ACCOUNTS,
    **DRAFTS,
    **ENTRY,
    **EMERGENCY,
    **TODAY,
    **PRINTING,
    **PHARMACY,
    **DESIGN,
    **KITS,
    **SIGNING,
    **TRAILS,
    **SERIOUS,
    **INFUSIONS,
    **MEDICATION,
    **DEVIATIONS,
    **FILES,
    **UNSCHEDULED,
}
