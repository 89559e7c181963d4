"""The arms of a page: a label, its type, what it is described as, and what is given."""

import re
from dataclasses import dataclass, field
from typing import Final

from equipoise.drafting.lines import Line
from equipoise.drafting.told import ToldArm, Words

ARM_HEADING: Final = re.compile(
    r"(?i)(?:\d+ (?:estimated )?participants? in \d+ patient groups?\b.*"
    r"|(?:participant group ?/ ?)?arm\s+intervention ?/ ?treatment"
    r"|participant group ?/ ?arm(?:\s.*)?)$"
)
_TYPES: Final = (
    r"(?P<type>experimental|active comparator|placebo comparator|sham comparator|no intervention|other)"
    r"(?: comparator)?(?: (?:group|arm))?"
)
ARM_BEGINS: Final = re.compile(
    r"(?i)(?:arm \w+\s*[:.-]\s*)?(?:experimental|(?:active|placebo|sham) comparator|no intervention)\s*:\s*\S"
)
_TYPE_ALONE: Final = re.compile(rf"(?i){_TYPES}$")
_TYPE_FIRST: Final = re.compile(rf"(?i)(?:arm \w+\s*[:.-]\s*)?{_TYPES}\s*:\s*(?P<label>\S.*)$")
_TYPE_LAST: Final = re.compile(
    rf"(?i)(?:arm \w+\s*[:.-]\s*)?(?P<label>\S.{{0,120}}?)\s*[(\[]{_TYPES}[)\]]\s*:?\s*(?P<rest>.*)$"
)
_NUMBERED: Final = re.compile(r"(?i)(?:arm|group|cohort) (?:[a-z]|\d{1,2}|[ivx]{1,4})\s*[:.-]\s*(?P<label>\S.*)$")
INTERVENTION: Final = re.compile(
    r"(?i)(?P<type>drug|biological|device|procedure|behavioral|radiation|genetic|dietary supplement|combination product"
    r"|combination_product|dietary_supplement|diagnostic test|diagnostic_test|biological/vaccine"
    r"|other)\s*:\s*(?P<name>\S.*)$"
)
_MARKS: Final = re.compile(
    r"(?i)(?:description|treatments?|interventions?(?:/treatment)?|other names?|participant group/arm"
    r"|intervention ?/ ?treatment|arm)\s*:?$"
)


@dataclass(slots=True)
class _Arm:
    label: Words
    type: str = ""
    description: list[Words] = field(default_factory=list)
    interventions: list[str] = field(default_factory=list)
    describing: bool = True

    def told(self) -> ToldArm:
        first = self.description[0].where if self.description else ""
        text = " ".join(words.text for words in self.description)
        return ToldArm(self.label, self.type, Words(text, first) if text else None, tuple(self.interventions))


def read_arms(lines: list[Line], file: str) -> tuple[ToldArm, ...]:
    """The arms among the lines under a heading of arms. What belongs to no arm is left out."""
    cells = [Line(line.number, cell.strip()) for line in lines for cell in line.text.split("\t") if cell.strip()]
    arms: list[_Arm] = []
    for index, line in enumerate(cells):
        following = cells[index + 1] if index + 1 < len(cells) else None
        if arm := _begins(line, following, file):
            arms.append(arm)
        elif arms and not _TYPE_ALONE.match(line.bare):
            _describe(arms[-1], line, file)
    return tuple(arm.told() for arm in arms)


def _begins(line: Line, following: Line | None, file: str) -> _Arm | None:
    """The arm that begins on a line, if one does."""
    where = f"{file}:{line.number}"
    if found := _TYPE_FIRST.match(line.bare):
        if INTERVENTION.match(line.bare) and found["type"].lower() == "other":
            return None
        return _Arm(Words(found["label"].strip(), where), _type(found["type"]))
    if following and (alone := _TYPE_ALONE.match(following.bare)) and not _MARKS.match(line.bare):
        return _Arm(Words(line.bare, where), _type(alone["type"]))
    if found := _TYPE_LAST.match(line.bare):
        arm = _Arm(Words(found["label"].strip(" :-"), where), _type(found["type"]))
        arm.description += [Words(found["rest"], where)] if found["rest"] else []
        return arm
    if found := _NUMBERED.match(line.bare):
        return _Arm(Words(found["label"].strip(), where))
    return None


def _type(words: str) -> str:
    return re.sub(r"[\s_]+", "_", words.strip().lower())


def _describe(arm: _Arm, line: Line, file: str) -> None:
    """Give a line to the description of an arm, or to what is given in it."""
    text = line.bare
    if found := re.match(r"(?i)description\s*:\s*(\S.*)$", text):
        text = found[1]
    if found := re.match(r"(?i)(?:treatments?|interventions?)\s*:\s*(\S.*)$", text):
        arm.interventions.append(found[1])
        arm.describing = False
    elif INTERVENTION.match(text):
        arm.interventions.append(text)
        arm.describing = False
    elif _MARKS.match(text):
        arm.describing = text.lower().startswith("description")
    elif arm.describing:
        arm.description.append(Words(text, f"{file}:{line.number}"))
