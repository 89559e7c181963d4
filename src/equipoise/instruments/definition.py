"""An instrument's YAML file becomes its declared parts. Every scalar is text until a part says what it is."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from equipoise.instruments.instrument import Compute, ComputeColumns, Instrument
from equipoise.instruments.parts import Input, Output, Setting, Source, Threshold, Variant


@cache
def data(module: str) -> dict[str, Any]:
    """The content of the YAML file beside a module, named as the module is, read once."""
    package, _, name = module.rpartition(".")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    text = files(package).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = loader(text).get_single_data()
    return content


def define(module: str, compute: Compute, compute_columns: ComputeColumns | None = None) -> Instrument:
    """The instrument whose parts are in the YAML file beside `module` and whose rule is `compute`."""
    content = data(module)
    return Instrument(
        id=content["id"],
        version=content["version"],
        title=content["en"],
        title_zh=content["zh"],
        licence=content["licence"],
        citation=tuple(Source(key, s["text"], s["evidence"]) for key, s in content["sources"].items()),
        inputs=tuple(_input(part) for part in content["inputs"]),
        outputs=tuple(_output(part) for part in content["results"]),
        published=tuple(_variant(part) for part in content["variants"]),
        settings=MappingProxyType({part["id"]: _setting(part) for part in content.get("settings", [])}),
        thresholds=thresholds(module),
        compute=compute,
        compute_columns=compute_columns,
    )


@cache
def thresholds(module: str) -> Mapping[str, Threshold]:
    """The cited limits in the YAML file beside a module."""
    limits = data(module).get("limits", {})
    return MappingProxyType({key: _threshold(key, part) for key, part in limits.items()})


def _threshold(name: str, part: dict[str, str]) -> Threshold:
    comparison, value = part["rule"].split()
    return Threshold(name, comparison, Decimal(value), part["unit"], part["source"], part["evidence"])


def _input(part: dict[str, Any]) -> Input:
    return Input(
        id=part["id"],
        label=part["en"],
        label_zh=part["zh"],
        type=part.get("type", "state"),
        unit=part.get("unit", ""),
        codes=tuple(part.get("codes", ())),
        low=_decimal(part.get("low")),
        high=_decimal(part.get("high")),
        required=part.get("required", "yes") == "yes",
        group=part.get("group", ""),
        rising=part.get("rising", "no") == "yes",
        variants=tuple(part.get("variants", ())),
    )


def _output(part: dict[str, Any]) -> Output:
    return Output(
        id=part["id"],
        label=part["en"],
        label_zh=part["zh"],
        type=part["type"],
        unit=part.get("unit", ""),
        codes=tuple(part.get("codes", ())),
        low=_decimal(part.get("low")),
        high=_decimal(part.get("high")),
    )


def _setting(part: dict[str, Any]) -> Setting:
    return Setting(
        id=part["id"],
        label=part["en"],
        label_zh=part["zh"],
        type=part["type"],
        default=part["default"],
        codes=tuple(part.get("codes", ())),
        low=_decimal(part.get("low")),
        high=_decimal(part.get("high")),
    )


def _variant(part: dict[str, Any]) -> Variant:
    return Variant(part["id"], part["en"], part["zh"], part["origin"], part["evidence"])


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
