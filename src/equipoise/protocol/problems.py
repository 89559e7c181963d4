"""Every problem a protocol file can have, by its id: stable, and each a heading of docs/reference/problems.md."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_READING: Final = {
    "protocol.E001": "The file is too large",
    "protocol.E002": "The file is not UTF-8 text",
    "protocol.E003": "An invisible character",
    "protocol.E004": "A tab",
    "protocol.E005": "Not readable as YAML",
    "protocol.E006": "Nested too deeply",
    "protocol.E007": "Too many values",
    "protocol.E008": "A key stands twice",
    "protocol.E009": "An anchor, an alias or a merge key",
    "protocol.E010": "A tag or a directive",
    "protocol.E011": "More than one document",
    "protocol.E012": "The file does not begin with a key",
    "protocol.E013": "A key that is no word",
}
_SCHEMA: Final = {
    "protocol.E020": "A key is missing",
    "protocol.E021": "A key that does not exist",
    "protocol.E022": "A text, a list or keys were expected",
    "protocol.E023": "Not one of the words",
    "protocol.E024": "A number out of bounds",
    "protocol.E025": "An id, code or number of a criterion written wrongly",
    "protocol.E026": "Not a number",
    "protocol.E027": "Not a date",
    "protocol.E028": "Neither yes nor no",
    "protocol.E029": "A text that is empty or too long",
    "protocol.E030": "The wrong number of entries",
    "protocol.E031": "Something that does not fit",
}
_IDENTITY: Final = {
    "protocol.E101": "An id is used twice",
    "protocol.E102": "An id that means something else in a rule",
    "protocol.E103": "An id that no rule could read",
    "protocol.E104": "A text is missing in a language",
    "protocol.E105": "The languages are not in order",
    "protocol.E106": "A list is empty",
    "protocol.E107": "A criterion stands in the wrong list",
}
_ITEMS: Final = {
    "protocol.E108": "A file without limits",
    "protocol.E109": "A link that leads nowhere",
    "protocol.E110": "A choice without codes, or codes without a choice",
    "protocol.E111": "A property that belongs to numbers",
    "protocol.E112": "A range that runs backwards",
    "protocol.E113": "Expected beyond what can be entered",
    "protocol.E114": "A range with too many decimal places",
    "protocol.E115": "A code list that is empty or has a code twice",
    "protocol.E116": "A group of items without codes",
    "protocol.E117": "An answer for an item that is not asked",
    "protocol.E118": "A unit that cannot be converted",
    "protocol.E119": "A report that is a plain number",
}
_REFERENCES: Final = {
    "protocol.E120": "There is no such form",
    "protocol.E121": "There is no such item or derivation",
    "protocol.E122": "There is no such role",
    "protocol.E123": "There is no such arm",
    "protocol.E124": "There is no such product",
    "protocol.E125": "There is no such visit",
    "protocol.E126": "There is no such analysis set",
    "protocol.E127": "There is no such endpoint",
    "protocol.E128": "There is no such objective",
    "protocol.E129": "There is no such code list",
}
_RULES: Final = {
    "protocol.E130": "A rule that cannot be read",
    "protocol.E131": "A rule reads what does not exist",
    "protocol.E132": "Things of different kinds in a rule",
    "protocol.E133": "A code that the item does not have",
    "protocol.E134": "A rule that is neither true nor false",
    "protocol.E135": "Derivations that need each other",
    "protocol.E136": "A limit of normal that is not given",
    "protocol.E137": "A criterion reads what is not asked by then",
    "protocol.E138": "An item that hides itself",
    "protocol.E139": "A derivation without one source",
    "protocol.E140": "There is no such instrument",
    "protocol.E141": "The instrument has no such variant",
    "protocol.E142": "The instrument has no such result",
    "protocol.E143": "The instrument has no such setting",
    "protocol.E144": "The instrument has no such question",
    "protocol.E145": "A question of an instrument is answered in the wrong kind",
}
_LABORATORY: Final = {
    "protocol.E150": "A reference range without limits",
    "protocol.E151": "A reference range that runs backwards",
    "protocol.E152": "A reference range for one sex only",
    "protocol.E153": "The item of sex has other codes",
    "protocol.E154": "There is no range for the analyte",
    "protocol.E155": "An item and its range in different units",
    "protocol.E156": "An analyte and its CTCAE term in different units",
}
_SCHEDULE: Final = {
    "protocol.E160": "Weeks that cannot be read",
    "protocol.E161": "Too many visits",
    "protocol.E162": "Windows overlap",
    "protocol.E163": "A label says another week",
    "protocol.E164": "Baseline is not week 0",
    "protocol.E165": "Eligibility after randomisation",
    "protocol.E166": "A log among the activities",
    "protocol.E167": "A form is due twice at a visit",
    "protocol.E168": "A form is due nowhere",
    "protocol.E169": "Treatment without its form, or the form without treatment",
    "protocol.E250": "A form that cannot be used outside the schedule",
    "protocol.E251": "Unscheduled visits with one name",
    "protocol.E252": "A planned visit with the id of one outside the schedule",
}
_DESIGN: Final = {
    "protocol.E170": "The ratio leaves out an arm",
    "protocol.E171": "The number of arms does not fit the design",
    "protocol.E172": "The procedure does not fit the ratio",
    "protocol.E173": "The specification is not a file name",
    "protocol.E174": "A stratum without a few codes",
    "protocol.E175": "A stratum that is not known at randomisation",
    "protocol.E176": "Not a time zone",
    "protocol.E177": "Minimisation without a factor",
}
_PEOPLE: Final = {
    "protocol.E178": "An alarm that reaches nobody unmasked",
    "protocol.E180": "A masked role could learn the arm",
    "protocol.E181": "Nobody may do what must be done",
    "protocol.E182": "A form is hidden from the one who fills it",
    "protocol.E183": "A masked role enters a masked item",
    "protocol.E184": "A derived value shows a masked item",
    "protocol.E185": "A question or check shows a masked item",
    "protocol.E186": "A masked trial without a masked role",
    "protocol.E187": "Guesses that do not divide the arms in two",
    "protocol.E188": "A guess asked of the wrong person or too early",
    "protocol.E189": "A guess shown to somebody it could lead",
}
_CONCLUSIONS: Final = {
    "protocol.E190": "The form of adverse events does not repeat",
    "protocol.E191": "An item of the adverse events has the wrong type",
    "protocol.E192": "An endpoint that ends before it begins",
    "protocol.E193": "An endpoint without what it measures",
    "protocol.E194": "A number is needed",
    "protocol.E195": "The method does not fit the endpoint",
    "protocol.E196": "An item of a record has the wrong type",
    "protocol.E197": "The form of medication does not repeat",
    "protocol.E198": "Codes without the item they belong to",
}
_ESTIMANDS: Final = {
    "protocol.E210": "A principal stratum",
    "protocol.E211": "A failure of a number",
    "protocol.E212": "An intercurrent event with two strategies",
    "protocol.E213": "An intercurrent event that nothing dates",
    "protocol.E214": "Set aside, and counted all the same",
    "protocol.E215": "A subgroup without its groups",
    "protocol.E216": "Components of what has no rule",
    "protocol.E217": "The main analysis asks something else than its estimand",
}
_MONITORING: Final = {
    "protocol.E200": "A role that cannot do its part in the monitoring",
    "protocol.E201": "A look without one time",
    "protocol.E202": "A look at efficacy without what it tests",
    "protocol.E203": "A boundary for a comparison that is not made",
    "protocol.E204": "A boundary that cannot be computed",
}
_RECRUITMENT: Final = {
    "protocol.E220": "A limit for a site that is not there",
    "protocol.E221": "A limit for a country that is not there",
    "protocol.E222": "Limits that keep the trial from its size",
    # Preparation
    "protocol.E230": "A product without its unit",
    "protocol.E231": "A weight that is no number",
    "protocol.E232": "A dose by weight without a weight",
    "protocol.E233": "A dose and a strength in different units",
}
_SUPPLY: Final = {
    "protocol.E240": "A supply model without its plan",
    "protocol.E241": "A pack that does not hold the ratio",
    "protocol.E242": "Limits of expiry that do not follow each other",
    "protocol.E243": "A threshold that an order does not fit",
    "protocol.E244": "A range of storage that runs backwards",
    "protocol.E245": "Nobody runs the supply of kits",
    "protocol.E246": "Depots without ids of their own",
    "protocol.E247": "Kits that are prepared as well",
    "protocol.E248": "Kits at a visit that dispenses none",
}
_WARNINGS: Final = {
    "protocol.W001": "A text is not finished",
    "protocol.W002": "A code list that is not used",
    "protocol.W003": "An instrument is not told everything",
    "protocol.W004": "A product of no arm",
    "protocol.W005": "A person named for a form lacks the permission",
    "protocol.W006": "A derived value depends on a masked item",
    "protocol.W007": "A level of masking that says nothing",
    "protocol.W008": "A primary endpoint for another objective",
    "protocol.W009": "Nothing primary is estimated",
}

PROBLEMS: Final[Mapping[str, str]] = MappingProxyType(
    _READING | _SCHEMA | _IDENTITY | _ITEMS | _REFERENCES | _RULES | _LABORATORY | _SCHEDULE | _DESIGN | _PEOPLE
    | _CONCLUSIONS | _ESTIMANDS | _MONITORING | _RECRUITMENT | _SUPPLY | _WARNINGS
)  # fmt: skip
