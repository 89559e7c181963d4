"""Arrival: a file of a ceremony at its server, compared with what was published before anything of it is kept.

The published text names the list, the second locks and the protocol by their digests. So each half is checked alone,
by whoever loads it, and both together are the halves of one ceremony. Nothing is opened here.
"""

import re

from equipoise.envelopes.ceremony import check_commitment, sha256
from equipoise.envelopes.files import read_list, read_locks, read_seed
from equipoise.envelopes.messages import problem
from equipoise.envelopes.sealed import SealedList, SealedSeed, SecondLock
from equipoise.items.problem import Problem


def receive_list(file: bytes, published: str, *, study: str, protocol: str, demo: bool) -> SealedList | Problem:
    """The sealed list of a file, or what keeps it from being the one published for this study.

    `protocol` is the digest of the study's protocol; with `demo` a list that everybody can open may be kept.
    """
    sealed = read_list(file)
    if isinstance(sealed, Problem):
        return sealed
    faults = (
        _of_another(sealed.study, study),
        check_commitment(sealed, published),
        _not_named(published, "protocol", protocol, "envelopes.E070"),
        _not_named(published, "sealed list", sha256(file), "envelopes.E071"),
        problem("envelopes.E074", "sealed list") if sealed.demo and not demo else None,
    )
    return next(filter(None, faults), sealed)


def receive_locks(file: bytes, published: str, *, study: str, protocol: str) -> tuple[SecondLock, ...] | Problem:
    """The second locks of a file, or what keeps them from being those published for this study."""
    read = read_locks(file)
    if isinstance(read, Problem):
        return read
    given, locks = read
    faults = (
        _of_another(given, study),
        _not_named(published, "protocol", protocol, "envelopes.E070"),
        _not_named(published, "second locks", sha256(file), "envelopes.E072"),
    )
    return next(filter(None, faults), locks)


def receive_seed(file: bytes, published: str) -> SealedSeed | Problem | None:
    """The sealed seed in a file of second locks, None where there is none, or a problem if it is not the published."""
    seed = read_seed(file)
    if not isinstance(seed, SealedSeed):
        return seed
    return _not_named(published, "seed", seed.digest, "envelopes.E081") or seed


def receive_replacement(
    file: bytes, published: str, *, kept: SealedList, protocol: str, demo: bool
) -> SealedList | Problem:
    """The sealed list of a file, if it may stand in the place of the kept one, or what keeps it from that.

    It has the same slots under the same commitment. Either it was only wrapped for other keys, and no envelope, code
    break or proof of it differs from the kept one's; or it was sealed again, and is the list the new text names.
    """
    sealed = read_list(file)
    if isinstance(sealed, Problem):
        return sealed
    again = _not_named(published, "sealed list", sha256(file), "envelopes.E071")
    faults = (
        _of_another(sealed.study, kept.study),
        check_commitment(sealed, published),
        _not_named(published, "protocol", protocol, "envelopes.E070"),
        None if _same_slots(sealed, kept) else problem("envelopes.E076", sealed.study),
        None if _only_wrapped(sealed, kept) else again,
        problem("envelopes.E074", "sealed list") if sealed.demo and not demo else None,
    )
    return next(filter(None, faults), sealed)


def sealing_of(published: str) -> str:
    """The version of the sealing that a published text is about."""
    found = re.search(r"(?m)^version +(\S+)\s*$", published)
    return found[1] if found is not None else ""


def _same_slots(sealed: SealedList, kept: SealedList) -> bool:
    """Whether two lists have the same labels under the same commitment: the same slots with the same arms."""
    labels = [[slot.label for slot in each.slots] for each in (sealed, kept)]
    return labels[0] == labels[1] and sealed.commitment == kept.commitment


def _only_wrapped(sealed: SealedList, kept: SealedList) -> bool:
    """Whether nothing but the wraps of the first locks differs."""
    inside = [[(slot.ciphertext, slot.code_break, slot.proof) for slot in each.slots] for each in (sealed, kept)]
    return inside[0] == inside[1] and (sealed.version, sealed.demo) == (kept.version, kept.demo)


def _of_another(given: str, study: str) -> Problem | None:
    return None if given == study else problem("envelopes.E073", "study", given=given, study=study)


def _not_named(published: str, what: str, digest: str, fault: str) -> Problem | None:
    """A problem unless the published text gives this digest for what is named."""
    found = re.search(rf"(?m)^{what} +sha256 ([0-9a-f]{{64}})\s*$", published)
    return None if found is not None and found[1] == digest else problem(fault, what)
