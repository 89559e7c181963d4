"""Cases whose number is not what the published rule gives: known by their digest, listed with the reason, never met."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from equipoise.validation.cases import Case, as_texts, read_value
from equipoise.validation.verdict import hold


def disputed(case: Case, found: Any) -> str:
    """Why the case is disputed, or nothing.

    It is only if it expects what the known case expects. Where the other side is merely inexact, the dispute has a
    tolerance of its own, and beyond that the case differs.
    """
    entry = disputes().get(case.digest)
    if entry is None or as_texts(read_value(entry["theirs"])) != as_texts(case.expected):
        return ""
    if "within" in entry and hold(found, case.expected, float(entry["within"])).verdict != "agree":
        return ""
    return entry["reason"]


@cache
def disputes() -> dict[str, dict[str, str]]:
    """Every known dispute by its digest: method, inputs and what the case expects as JSON, and the reason."""
    text = files("equipoise.validation").joinpath("disputes.yaml").read_text(encoding="utf-8")
    content: dict[str, dict[str, str]] = yaml.BaseLoader(text).get_single_data()
    return content
