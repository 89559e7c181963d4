"""What a person still has to do to a draft, as problems with stable ids. None of them is an error of the draft."""

from typing import Final

from equipoise.items.problem import Problem

NOT_TOLD: Final = "draft.T001"
NOT_UNDERSTOOD: Final = "draft.T002"
CONFLICT: Final = "draft.T003"
NOT_EXPRESSIBLE: Final = "draft.T004"
SCAFFOLD: Final = "draft.T005"
CRITERION: Final = "draft.T006"
DOUBT: Final = "draft.T007"
LEFT_OUT: Final = "draft.T008"
SCORE: Final = "draft.T009"
TRANSLATION: Final = "draft.T010"


def todo(id_: str, where: str, message: str, hint: str) -> Problem:
    """Something to do, with its place in the record."""
    return Problem(id_, where, message, hint, "warning")


def shortened(text: str, length: int = 160) -> str:
    """A quotation short enough for a comment; what is left out is marked."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 2].rstrip()} …"
