"""What a signature is bound to: the digest of every answer of a form, as written."""

from collections.abc import Mapping
from typing import cast

from equipoise.items import Answer, Json, digest, write


def digest_of(answers: Mapping[str, Answer]) -> str:
    """The SHA-256 of a form's answers as canonical JSON, question → answer as written."""
    return digest(cast("Json", {item: write(answer) for item, answer in answers.items()}))
