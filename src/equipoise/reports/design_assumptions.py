"""What a scenario assumes, in words: the table of assumptions, and what the keys of a scenario are called."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from equipoise.protocol.names import names_of
from equipoise.protocol.schema import Label, Protocol
from equipoise.randomisation.restricted_minimisation import MINIMISATION
from equipoise.reports.catalogue import TEXTS, Words
from equipoise.reports.table import Row, Table

_MINUS: Final = re.compile(r"(?<!\w)-(?=[\d.])")  # not what joins the parts of a date
_PROCEDURE: Final = "randomisation.procedure"


@dataclass(frozen=True, slots=True, eq=False)
class About:
    """What is told of a scenario beside its results: its text, what it assumes by key, and how recruitment goes.

    `recruitment` has a row for each week with quantiles over simulated trials, or no rows.
    """

    text: Label | None = None
    assumed: tuple[tuple[str, str], ...] = ()
    start: date | None = None
    recruitment: pl.DataFrame | None = None


def named(key: str, protocol: Protocol, words: Words) -> str:
    """What a key of a scenario is called, such as event.risk; the key itself where the catalogue has no words."""
    if key == "participants":
        return words("design_size")
    above, _, last = key.rpartition(".")
    first, *rest = key.split(".")
    named, of_arm, of_site = (f"set_{name.replace('.', '_')}" for name in (key, above, f"{first}.{last}"))
    if last in protocol.arm_by_id and of_arm in TEXTS:
        return words(of_arm, arm=words.of(protocol.arm_by_id[last].label))
    if first == "covariates":
        return _of_covariate(rest, protocol, words)
    if first == "randomisation" and rest[0] == "factor_weights":
        return words("set_factor_weight", factor=called(last, protocol, words))
    if first == "sites" and len(rest) == 2 and of_site in TEXTS:
        return words(of_site, site=rest[0])
    return words(named) if named in TEXTS else key


def called(name: str, protocol: Protocol, words: Words) -> str:
    """What a variable at baseline is called: the site, an item or a derivation of the protocol."""
    asked = names_of(protocol)
    if name == "site":
        return words("site_factor")
    return words.of(asked.items[name].item.label if name in asked.items else asked.derivations[name].label)


def _of_covariate(rest: list[str], protocol: Protocol, words: Words) -> str:
    """What is said of a baseline value, or of one of its codes, such as sex.levels.male.share."""
    asked = names_of(protocol)
    name, *_, last = rest
    label = called(name, protocol, words)
    if len(rest) == 2:
        return words(f"set_covariate_{last}", covariate=label)
    entries = protocol.code_lists.get(asked.items[name].item.codes, ()) if name in asked.items else ()
    codes = {entry.code: words.of(entry.label) for entry in entries} | {code: words(code) for code in ("yes", "no")}
    return words(f"set_covariate_level_{last}", covariate=label, level=codes.get(rest[2], rest[2]))


def assumptions_table(id_: str, about: About, varied: Mapping[str, object], protocol: Protocol, words: Words) -> Table:
    """Every assumption of a scenario with its value; what its grid sets is told to vary. The scheme is always told."""
    rows: list[Row] = []
    for key, value in (*_own_scheme(about, protocol), *about.assumed):
        said = words("design_varied") if key in varied else _said(value, protocol, words)
        rows.append(Row((named(key, protocol, words), said)))
        if key == _PROCEDURE and value == MINIMISATION and key not in varied:
            factors = words.listed([called(each, protocol, words) for each in protocol.randomisation.strata])
            rows.append(Row((words("design_factors"), factors)))
    columns = words("design_assumption"), words("design_assumed_value")
    return Table(id_, words("design_assumed"), columns, tuple(rows), words=frozenset({0, 1}), widths=(1.6, 1.4))


def _own_scheme(about: About, protocol: Protocol) -> Iterator[tuple[str, str]]:
    """The protocol's own procedure, where the scenario names none."""
    if _PROCEDURE not in dict(about.assumed):
        yield _PROCEDURE, protocol.randomisation.procedure


def _said(value: str, protocol: Protocol, words: Words) -> str:
    """A value in words: a code's, an arm's, or estimands' of the protocol; any other as it is."""
    said = f"said_{value.lower()}"
    estimands = {each.id: words.of(each.label) for each in protocol.estimands}
    labelled = {each.id: words.of(each.label) for each in protocol.derivations}
    labelled |= {each.id: words.of(each.label) for each in protocol.arms}
    parts = [part.partition(" ") for part in value.split("; ")]
    if parts[0][0] in estimands:
        return words.listed(
            [words.bracketed(estimands[id_], more) if more else estimands[id_] for id_, _, more in parts]
        )
    return words(said) if said in TEXTS else labelled.get(value, _MINUS.sub("−", value))
