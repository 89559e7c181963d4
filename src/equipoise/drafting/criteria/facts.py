"""Criteria that are a fact of yes or no: look-back windows, history, conditions, pregnancy, consent, diagnosis.

The question put to the investigator is the criterion itself, so nothing is lost; what is read is that it is one
positive statement, which the rule can take as it stands.
"""

import re
from typing import Final

from equipoise.drafting.criteria.phrases import turns
from equipoise.drafting.criteria.question import Question, Understood, slug

_PERIOD: Final = r"(?P<number>\d{1,3}) ?-?(?P<unit>days?|weeks?|months?|years?|hours?)"
_PAST: Final = r"(?:past|last|previous|prior|preceding)"
_UNTIL: Final = (
    r"(?: (?:before|prior to|preceding|of|to|from|the|study|first|dose|drug|administration|screening|baseline"
    r"|enrol?lment|randomi[sz]ation|entry|inclusion|visit|treatment|start|initiation|signing|informed|consent|period|trial|day|product"
    r"|investigational|and|or|recruitment|registration|this|vaccination|surgery)\b)*"
)
# "With past 3 months" is a slip of the pen that one registry carries.
_WINDOW: Final = re.compile(
    rf"^(?P<what>.+?) (?:within(?: (?:the|a|{_PAST}))*|(?:in|with|during|over)(?: the)? {_PAST}) {_PERIOD}{_UNTIL}$"
)
_WINDOW_BEFORE: Final = re.compile(
    rf"^(?P<what>.+?) (?:<|≤|less than|fewer than) {_PERIOD} (?:before|prior to|preceding)\b{_UNTIL}$"
)
_OPENING: Final = re.compile(
    r"^(?:(?:any|prior|previous|recent|current|known|exposure|to|use|of|treatment|therapy|with|received|receipt|receiving|history|treated"
    r"|administration|has|have|had|participation|participated|in|other|the|a|an|patients?|subjects?|who|been"
    r"|exposed) )+"
)
_HISTORY: Final = re.compile(
    r"^(?:(?:any|prior|previous|past|personal|known|documented|medical|family|a|significant) )*history of .+"
    r"|^(?:any )?(?:prior|previous) (?:treatment|therapy|exposure|use|participation|enrol?lment|surgery|transplant)"
)
_CONDITION: Final = re.compile(
    r"^(?:(?:any|known|current(?:ly)?|active|chronic|acute|uncontrolled|untreated|severe|serious|significant|clinically|ongoing|recurrent"
    r"|suspected|confirmed|concurrent|concomitant|unstable|latent|evidence of|presence of|diagnosis of|positive"
    r"|other|recent|poorly"
    r"|controlled|allergy|allergic|hypersensitivity|contraindications?|intolerance|malignan(?:cy|t)|pregnan(?:t|cy)|breast-?feeding|lactat(?:ing|ion)"
    r"|nursing|drug|alcohol|substance|infections?|cancer|smok(?:er|ing)|dialysis|immunodeficiency|hiv|hepatitis|tuberculosis|diabetes|epilepsy"
    r"|asthma|stroke|heart|renal|hepatic|liver|kidney|major|psychiatric|planned|scheduled)\b)"
)
_PREGNANCY: Final = re.compile(
    r"^(?:(?:currently|are|is|either|women|woman|females?|who|patients?|subjects?|participants?|being|known|or|and"
    r"|,|/|to be|planning"
    r"|intending|wish|become|to|a|during|the|study|trial|period|pregnan(?:t|cy)|breast ?-?feeding|lactat(?:ing"
    r"|ion)|nursing|mothers?) ?)+$"
)
_CONSENT: Final = re.compile(
    r"^(?:(?:signed?|signing|sign the|has|have|having|written|voluntar(?:y|ily)|provided?|providing|gives?|given"
    r"|able|willing(?:ness)?|ability"
    r"|and|the|an?|to|of|by|be|must|is|are|can|obtained|informed|consents?|forms?|icf|understands?|understand|patients?|subjects?|participants?"
    r"|participate|in|study|trial|this|for|before|prior|any|procedures?|participation|from|their|on|who|after|all"
    r"|document|approved) ?)+$"
)
_DIAGNOSIS: Final = re.compile(
    r"^(?:(?:an?|the|clinical(?:ly)?|histological(?:ly)?|histopathological(?:ly)?|pathological(?:ly)?|confirmed|established|documented"
    r"|definite|new|newly|with|physician|patients?|cytological(?:ly)?|or|previously|and|have|been"
    r"|primary) )*(?:diagnos(?:is|ed)\b|confirmed\b)"
)
_STABLE: Final = re.compile(
    rf"^(?:an? )?(?:on )?(?:an? )?stable (?:[a-z]+ )?(?:regimens?|doses?|treatment|therapy|dosage"
    rf"|background therapy)\b(?P<what>.*?) for (?:≥|at least|>|the (?:last|past|previous)"
    rf"|a minimum of|minimum of) {_PERIOD}(?: (?:before|prior to) [a-z ]{{3,40}})?$"
)
_CEILING: Final = re.compile(r"\(\s*([≤<]) ?(\d+(?:\.\d+)?) ?(mg/day|mg/d|mg per day|mg daily)(?: [a-z ]+)?\)")
_COMPARES: Final = re.compile(r"[≤≥<>]|\d ?(?:mg|g/|ml|mmol|%|points?)|\bscores?\b")


def read_fact(text: str, original: str) -> Understood | None:
    """A fact of yes or no, where the text is one positive statement."""
    text = re.sub(r"^(?:be|being) ", "", text)
    if _CONSENT.match(text) and "consent" in text:
        return _asked("informed_consent_signed", original, "已签署知情同意书" if "sign" in text else "")
    if turns(text):
        return None
    if (
        (found := _WINDOW.match(text) or _WINDOW_BEFORE.match(text))
        and not _COMPARES.search(found["what"])
        and len(found["what"].split()) <= 30
    ):
        return _window(found, original)
    if _COMPARES.search(text) or len(text.split()) > 30 or re.search(r"\d", re.sub(r"[a-z]+-?\d+|type \d", "", text)):
        return None
    if _PREGNANCY.match(text) and re.search(r"pregnan|breast|lactat|nursing", text):
        both = re.search(r"pregnan", text) and re.search(r"breast|lactat|nursing", text)
        plain = both and not re.search(r"plan|inten|wish|become|during", text)
        return _asked("pregnant_or_breastfeeding", original, "妊娠或哺乳") if plain else _asked(slug(text), original)
    if _HISTORY.match(text) or _CONDITION.match(text) or _DIAGNOSIS.match(text):
        return _asked(slug(text), original)
    return None


def _window(found: re.Match[str], original: str) -> Understood | None:
    """ "Cyclophosphamide within 6 months before screening": the substance, the number and the unit make the name."""
    what = slug(re.sub(r"\([^)]*\)", "", _OPENING.sub("", found["what"])), words=4, length=32) or slug(found["what"])
    unit = found["unit"] if found["unit"].endswith("s") else f"{found['unit']}s"
    unit = unit if found["number"] != "1" else unit[:-1]
    return _asked(f"{what}_within_{found['number']}_{unit}", original) if what else None


def read_stable(text: str, original: str) -> Understood | None:
    """ "A stable regimen with fixed doses of prednisone (≤ 20 mg/day), … for at least 30 days", ceiling and all."""
    found = _STABLE.match(text)
    if not found or turns(text):
        return None
    ceilings = re.findall(rf"([a-z]+) ?{_CEILING.pattern}", found["what"])
    rest = _CEILING.sub("", found["what"])
    if _COMPARES.search(rest) or len(ceilings) > 1:
        return None
    unit = found["unit"].rstrip("s")
    asked = _asked(f"stable_regimen_{found['number']}_{unit}s", original)
    if asked is None or not ceilings:
        return asked
    drug, sign, amount, _ = ceilings[0]
    dose = Question(
        f"{slug(drug)}_daily_dose", f"Daily dose of {drug}", "decimal", "泼尼松日剂量" if drug == "prednisone" else "",
        "mg/day", "0 where none is taken.",
    )  # fmt: skip
    rule = f"{asked.rule} and {dose.id} {'<=' if sign == '≤' else '<'} {amount}"
    return Understood(rule, (*asked.questions, dose))


def _asked(identifier: str, original: str, zh: str = "") -> Understood | None:
    label = original.strip(" .;,")
    return Understood(identifier, (Question(identifier, label, "yes_no", zh),)) if identifier else None
