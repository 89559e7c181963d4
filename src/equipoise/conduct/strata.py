"""The strata of the randomisation: every one there can be, and the one a participant belongs to."""

from itertools import product

from equipoise.conduct.environment import History
from equipoise.conduct.snapshot import Subject
from equipoise.items import write
from equipoise.protocol.names import codes_of, names_of
from equipoise.protocol.schema import Protocol

WHOLE = "all"  # the only stratum of a trial that is not stratified


def strata(protocol: Protocol) -> tuple[str, ...]:
    """Every stratum: the product of the sites, if the site is a factor, and the codes of the other factors."""
    written = [[f"{name}={level}" for level in levels] for name, levels in factors(protocol).items()]
    return tuple("|".join(levels) for levels in product(*written)) if written else (WHOLE,)


def factors(protocol: Protocol) -> dict[str, tuple[str, ...]]:
    """The factors of the randomisation, each with every level it can have."""
    return {name: _levels(protocol, name) for name in protocol.randomisation.strata}


def stratum_of(protocol: Protocol, subject: Subject) -> str | None:
    """The stratum of a participant, or None while a factor is not known."""
    env = History(protocol, subject).at(protocol.eligibility.visit)
    levels = [(name, write(env.get(name))) for name in protocol.randomisation.strata]
    if any(not isinstance(level, str) for _, level in levels):
        return None
    return "|".join(f"{name}={level}" for name, level in levels) or WHOLE


def _levels(protocol: Protocol, name: str) -> tuple[str, ...]:
    if name == "site":
        return tuple(site.id for site in protocol.sites)
    asked = names_of(protocol).items.get(name)
    if asked is None:
        return ("yes", "no")  # a derivation that is true or false
    return ("yes", "no") if asked.item.type == "yes_no" else codes_of(asked.item, protocol)
