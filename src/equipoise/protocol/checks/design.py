"""Arms, ratio and strata: what is randomised to what."""

import re
from collections.abc import Iterator
from typing import Final

from equipoise.items.meaning import TEXT, TRUTH
from equipoise.items.problem import Problem
from equipoise.protocol.checks.draft import Check, Draft
from equipoise.protocol.checks.kinds import scope_of
from equipoise.protocol.checks.rules import readable_at
from equipoise.protocol.checks.scope import Fault
from equipoise.protocol.lines import Path
from equipoise.randomisation.restricted_minimisation import MINIMISATION
from equipoise.randomisation.specification import FOR_TWO_EQUAL_ARMS

_MOST_CODES: Final = 12
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\.ya?ml")
_TIME_ZONE: Final = re.compile(r"UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_+-]+){1,2}")


def arms_name_products(draft: Draft) -> Iterator[Problem]:
    """What an arm is given is one of the products."""
    products = {product.id for product in draft.protocol.products}
    for i, arm in enumerate(draft.protocol.arms):
        yield from draft.reference("protocol.E124", "product", arm.product, products, ("arms", i, "product"))


def products_are_given(draft: Draft) -> Iterator[Problem]:
    """A product of no arm may be a misspelt one."""
    given = {arm.product for arm in draft.protocol.arms}
    for i, product in enumerate(draft.protocol.products):
        if product.id not in given:
            yield draft.warning("protocol.W004", ("products", i), f"No arm is given the product {product.id!r}.")


def ratio_covers_the_arms(draft: Draft) -> Iterator[Problem]:
    """The ratio has a share for each arm and for nothing else."""
    arms = [arm.id for arm in draft.protocol.arms]
    path: Path = ("randomisation", "ratio")
    for arm in draft.protocol.randomisation.ratio:
        yield from draft.reference("protocol.E123", "arm", arm, arms, (*path, arm))
    for arm in arms:
        if arm not in draft.protocol.randomisation.ratio:
            yield draft.problem("protocol.E170", path, f"The ratio has no share for the arm {arm!r}.")


def number_of_arms_fits_the_design(draft: Draft) -> Iterator[Problem]:
    """A single group is one arm; every other design compares at least two."""
    model, arms = draft.protocol.study.model, len(draft.protocol.arms)
    if arms and (arms == 1) != (model == "single_group"):
        yield draft.problem("protocol.E171", ("study", "model"), f"The design is {model}, with {arms} arm(s).")


def procedures_fit_the_ratio(draft: Draft) -> Iterator[Problem]:
    """Some procedures are for two arms, one to one; Wei's urn is for equal shares."""
    randomisation = draft.protocol.randomisation
    shares = tuple(randomisation.ratio.values())
    equal, procedure = len(set(shares)) == 1, randomisation.procedure
    fits = equal and (len(shares) == 2 or procedure not in FOR_TWO_EQUAL_ARMS)
    if not fits and (procedure in FOR_TWO_EQUAL_ARMS or procedure == "wei_urn"):
        wanted = "two arms in the ratio 1:1" if procedure in FOR_TWO_EQUAL_ARMS else "arms in equal shares"
        yield draft.problem(
            "protocol.E172", ("randomisation", "procedure"), f"{procedure} is for {wanted}.",
            "Use permuted_blocks, block_urn or complete.",
        )  # fmt: skip


def minimisation_has_factors(draft: Draft) -> Iterator[Problem]:
    """Minimisation balances factors, so it needs one."""
    randomisation = draft.protocol.randomisation
    if randomisation.procedure == MINIMISATION and not randomisation.strata:
        yield draft.problem(
            "protocol.E177", ("randomisation", "procedure"), "There is no factor to minimise over.",
            "Name the factors under strata.",
        )  # fmt: skip


def specification_is_a_file_beside_the_protocol(draft: Draft) -> Iterator[Problem]:
    """The restricted file is named, never a path to somewhere else."""
    name = draft.protocol.randomisation.specification
    if not _FILE_NAME.fullmatch(name) or ".." in name:
        yield draft.problem(
            "protocol.E173", ("randomisation", "specification"), f"{name[:60]!r} is not the name of a YAML file.",
            "Name a file beside the protocol, as in randomisation.restricted.yaml.",
        )  # fmt: skip


def strata_are_known_with_few_codes(draft: Draft) -> Iterator[Problem]:
    """A stratum is the site, or something with a few codes that is known when a participant is randomised."""
    scope = scope_of(draft)
    for i, name in enumerate(draft.protocol.randomisation.strata):
        path: Path = ("randomisation", "strata", i)
        if name == "site":
            continue
        meaning = scope.meaning(name)
        if isinstance(meaning, Fault) or name not in (*draft.names.items, *draft.names.derivations):
            message = meaning.message if isinstance(meaning, Fault) else f"{name!r} is no item or derivation."
            yield draft.problem("protocol.E121", path, message)
        elif meaning.kind != TRUTH and (meaning.kind != TEXT or not meaning.codes or len(meaning.codes) > _MOST_CODES):
            yield draft.problem(
                "protocol.E174", path, f"{name!r} is {meaning}, not one of a few codes.",
                f"Stratify by a choice of at most {_MOST_CODES} codes, or by yes and no.",
            )  # fmt: skip


def strata_are_asked_before_randomisation(draft: Draft) -> Iterator[Problem]:
    """What is asked only later cannot decide the stratum."""
    if not draft.knows_what_is_due:
        return
    judged = (draft.protocol.eligibility.visit, draft.protocol.schedule.baseline)
    for i, name in enumerate(draft.protocol.randomisation.strata):
        if not any(readable_at(draft, name, visit) for visit in judged):
            yield draft.problem(
                "protocol.E175", ("randomisation", "strata", i),
                f"{name!r} is asked neither at {judged[0]!r} nor at {judged[1]!r}.",
                "Ask it before randomisation.",
            )  # fmt: skip


def strata_are_named_once(draft: Draft) -> Iterator[Problem]:
    """A stratum twice divides nothing further."""
    strata = draft.protocol.randomisation.strata
    for i, name in enumerate(strata):
        if name in strata[:i]:
            yield draft.problem("protocol.E101", ("randomisation", "strata", i), f"{name!r} stands here twice.")


def time_zones_look_right(draft: Draft) -> Iterator[Problem]:
    """A time zone is an area and a city."""
    for i, site in enumerate(draft.protocol.sites):
        if not _TIME_ZONE.fullmatch(site.time_zone):
            yield draft.problem(
                "protocol.E176", ("sites", i, "time_zone"), f"{site.time_zone[:60]!r} is not a time zone.",
                "Write area and city, as in Asia/Shanghai.",
            )  # fmt: skip


CHECKS: Final[tuple[Check, ...]] = (
    arms_name_products,
    products_are_given,
    ratio_covers_the_arms,
    number_of_arms_fits_the_design,
    procedures_fit_the_ratio,
    minimisation_has_factors,
    specification_is_a_file_beside_the_protocol,
    strata_are_known_with_few_codes,
    strata_are_asked_before_randomisation,
    strata_are_named_once,
    time_zones_look_right,
)
