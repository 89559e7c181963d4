"""Arrival: a file of a ceremony at its server, compared with what was published before anything of it is kept.

The published text names the list, the second locks and the protocol by their digests. So each half is checked alone,
by whoever loads it, and both together are the halves of one ceremony. Nothing is opened here.
"""

import re

from equipoise.envelopes.ceremony import check_commitment, sha256
from equipoise.envelopes.files import read_list, read_locks
from equipoise.envelopes.messages import problem
from equipoise.envelopes.sealed import SealedList, SecondLock
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


def _of_another(given: str, study: str) -> Problem | None:
    return None if given == study else problem("envelopes.E073", "study", given=given, study=study)


def _not_named(published: str, what: str, digest: str, fault: str) -> Problem | None:
    """A problem unless the published text gives this digest for what is named."""
    found = re.search(rf"(?m)^{what} +sha256 ([0-9a-f]{{64}})\s*$", published)
    return None if found is not None and found[1] == digest else problem(fault, what)
