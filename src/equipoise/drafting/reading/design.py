"""The closed vocabularies of a design: phase, purpose, allocation, model, masking, sex, enrolment, arm types."""

import re
from typing import Final

from equipoise.drafting.lines import plain

PARTIES: Final = ("participant", "care_provider", "investigator", "outcomes_assessor")
_PHASES: Final = {
    "1": "1", "2": "2", "3": "3", "4": "4", "1/2": "1/2", "2/3": "2/3", "na": "NA",
    "1-2": "1/2", "2-3": "2/3", "i": "1", "ii": "2", "iii": "3", "iv": "4", "i/ii": "1/2", "ii/iii": "2/3",
}  # fmt: skip
_MODELS: Final = {
    "parallel": "parallel", "single group": "single_group", "crossover": "crossover", "factorial": "factorial",
    "sequential": "sequential",
}  # fmt: skip
_PURPOSES: Final = (
    "treatment", "prevention", "diagnostic", "supportive care", "screening", "health services research",
    "basic science", "device feasibility", "other", "educational/counseling/training",
)  # fmt: skip
_SEXES: Final = {
    "all": "all", "both": "all", "both sexes": "all", "both genders": "all", "male and female": "all",
    "female": "female", "females": "female", "women": "female", "female only": "female",
    "male": "male", "males": "male", "men": "male", "male only": "male", "any": "all",
}  # fmt: skip
_WHO: Final = {
    r"participants?|subjects?|patients?": "participant",
    r"care ?-?(?:provider|giver)s?|caregivers?": "care_provider",
    r"(?:principal )?investigators?": "investigator",
    r"outcomes? assessors?|(?:data )?assessors?": "outcomes_assessor",
}
_COUNT: Final = {"none": 0, "open": 0, "single": 1, "double": 2, "triple": 3, "quadruple": 4}
_ARM_TYPES: Final = {
    "experimental": "experimental", "active_comparator": "active_comparator", "no_intervention": "no_intervention",
    "placebo_comparator": "placebo_comparator", "sham_comparator": "placebo_comparator",
}  # fmt: skip
_CLUSTER: Final = re.compile(
    r"(?i)\bcluster[- ]?randomi[sz]|\bcluster (?:randomi|trial|assign)|randomi[sz]ed by cluster"
)


def _words(text: str) -> str:
    return plain(text).lower().replace("_", " ").strip(" .;,")


def read_phase(texts: tuple[str, ...]) -> str | None:
    """The phase, from "Phase 2/Phase 3", "PHASE2" and "PHASE3", "N/A". Early phase 1 is not one a protocol knows."""
    parts = [re.sub(r"[\s]|phase", "", _words(text)) for text in texts]
    joined = re.sub(r"^not?applicable$|^n/a$", "na", "/".join(parts).replace("&", "/"))
    return _PHASES.get(joined)


def read_purpose(text: str) -> str | None:
    """The purpose in the words of a protocol file: "supportive_care"."""
    return _words(text).replace(" ", "_") if _words(text) in _PURPOSES else None


def read_allocation(text: str) -> str | None:
    """Randomised, not randomised, or not applicable."""
    words = _words(text).replace("-", " ").replace("randomis", "randomiz")
    known = {
        "randomized": "randomised", "non randomized": "not_randomised", "na": "not_applicable",
        "n/a": "not_applicable", "not applicable": "not_applicable",
        "nonrandomized": "not_randomised", "not randomized": "not_randomised",
    }  # fmt: skip
    return known.get(words)


def read_model(text: str) -> str | None:
    """The way in which the arms stand to each other."""
    words = re.sub(r"\s*(?:assignment|design|trial|study)$", "", _words(text)).replace("cross-over", "crossover")
    return _MODELS.get(words.replace("cross over", "crossover"))


def read_sex(text: str) -> str | None:
    """Who may take part by sex."""
    return _SEXES.get(_words(text))


def read_enrolment(text: str) -> int | None:
    """How many take part, from "231 patients", "1,200 participants" or "334 (estimated)"."""
    found = re.match(r"(?:n ?= ?)?(\d{1,3}(?:,\d{3})+|\d{1,7})(?![\d.,:/-]*\d)(?: ?\(.*\)| .*)?$", plain(text).lower())
    count = int(found[1].replace(",", "")) if found else 0
    return (
        count
        if count >= 1 and not re.search(r"\bper\b|\bclusters?\b|\bsites?\b|\beach\b|\bor\b|\bto\b", text)
        else None
    )


def read_masked(text: str, named: tuple[str, ...] = ()) -> tuple[str, ...] | None:
    """Who is masked. Four of four, none, and those that are named are clear; "double" alone does not say which two."""
    words = _words(text)
    if re.match(r"(?:none|no masking|open)\b", words) and not named:
        return ()
    parties = {_party(name) for name in named} or _parties_in(words)
    if None in parties:
        return None
    found = re.match(r"(none|open|single|double|triple|quadruple)\b|no masking", words)
    count = (_COUNT[found[1]] if found[1] else 0) if found else None
    if parties:
        known = tuple(party for party in PARTIES if party in parties)
        return known if count in (None, len(known)) else None
    return {0: (), 4: PARTIES}.get(count) if count is not None else None


def _parties_in(words: str) -> set[str | None]:
    found = re.search(r"\(([^)]*)\)", words)
    inside = re.sub(r"\b(?:masked roles|blind(?:ed)?|label|no masking)\b:?", "", found[1]) if found else ""
    return {_party(part) for part in re.split(r",|/| and |&", inside) if part.strip()}


def _party(name: str) -> str | None:
    return next((party for pattern, party in _WHO.items() if re.fullmatch(pattern, _words(name))), None)


def read_arm_type(text: str) -> str:
    """The type of an arm; a sham is a placebo of a procedure; "other" is none that a protocol knows."""
    return _ARM_TYPES.get(_words(text).replace(" ", "_"), "")


def is_cluster(text: str) -> bool:
    """Whether groups of people rather than people are randomised."""
    return bool(_CLUSTER.search(plain(text)))


def read_procedure(text: str) -> str | None:
    """The way of randomising, where it is named."""
    words = plain(text).lower()
    if re.search(r"\b(?:permuted|random(?:ly)?)[- ]block|\bblock(?:ed)? randomi[sz]|\brandom permuted block", words):
        return "permuted_blocks"
    return "complete" if re.search(r"\b(?:simple|complete|unrestricted) randomi[sz]ation", words) else None


def read_ratio(text: str) -> tuple[int, ...] | None:
    """The ratio, where exactly one is written beside a word of randomising: "1:1", "2:1:1", "in a 2-to-1 ratio"."""
    words = re.sub(r"(\d)[- ]?to[- ]?(\d)", r"\1:\2", plain(text).lower())
    if not re.search(r"randomi[sz]|ratio|allocat|assign", words):
        return None
    found = {
        tuple(int(part) for part in re.split(r"\s*:\s*", match))
        for match in re.findall(r"(?<![\d:.])\d{1,2}(?:\s*:\s*\d{1,2}){1,7}(?![\d:]|\s*dilut|\.\d)", words)
    }
    ratios = {ratio for ratio in found if min(ratio) >= 1}
    return ratios.pop() if len(ratios) == 1 else None
