"""Which arms an analysis runs on: invented ones until the list is opened, and then those of the opened list.

Nothing here finds out a true arm. Before the lock, programs are written and tried on dummy arms, which know nothing of
the list; after it, the opened list must agree with what the ledger recorded of its opening.
"""

from collections import defaultdict
from collections.abc import Sequence

from equipoise.analysis.messages import problem
from equipoise.conduct.acts import ListOpened
from equipoise.conduct.snapshot import OpenedSnapshot, Snapshot
from equipoise.conduct.strata import WHOLE
from equipoise.envelopes import OpenedList, commitment_of
from equipoise.items import Problem
from equipoise.protocol.schema import Protocol
from equipoise.randomisation import seeded, shuffled


def dummy_arms(snapshot: Snapshot, protocol: Protocol, seed: str) -> OpenedSnapshot:
    """Invented arms for everybody randomised, in the protocol's ratio within each stratum, drawn from `seed` alone.

    The participants of a stratum are taken in the order of their codes and given a shuffled run of arms: neither their
    slots nor the sealed list are read, so that the draw is independent of both. Raises ValueError for an empty seed.
    """
    strata: dict[str, list[str]] = defaultdict(list)
    for code, subject in sorted(snapshot.subjects.items()):
        if subject.randomised is not None:
            strata[subject.stratum].append(code)
    arms: dict[str, str] = {}
    for stratum, codes in sorted(strata.items()):
        source = seeded(seed.encode(), "dummy arms", snapshot.study, stratum)
        arms |= zip(codes, shuffled(_in_ratio(protocol, len(codes)), source), strict=False)
    return OpenedSnapshot(snapshot, arms, dummy=True)


def _in_ratio(protocol: Protocol, least: int) -> list[str]:
    """As many whole runs of the ratio as cover this many people."""
    run = [arm for arm, times in protocol.randomisation.ratio.items() for _ in range(times)]
    return run * -(-least // len(run))


def true_arms(
    snapshot: Snapshot, protocol: Protocol, listed: OpenedList, openings: Sequence[ListOpened]
) -> OpenedSnapshot | Problem:
    """The arms of the opened list, or the first reason why they may not be used.

    The study must be locked, the opening recorded, and the slots of the file must make the commitment that was
    recorded; then every randomised participant's slot must be among them, in their stratum. Where arms are drawn as
    participants come all slots are of one stratum, and a participant's says their factors.
    """
    recorded = opening_of(snapshot, openings)
    if isinstance(recorded, Problem):
        return recorded
    if fault := _other_list(snapshot, listed, recorded) or _strange(snapshot, protocol, listed):
        return fault
    arm_of = {payload.slot: payload.arm for payload in listed.payloads}
    randomised = {code: s for code, s in snapshot.subjects.items() if s.randomised is not None}
    return OpenedSnapshot(snapshot, {code: arm_of[s.slot] for code, s in randomised.items()}, dummy=False)


def opening_of(snapshot: Snapshot, openings: Sequence[ListOpened]) -> ListOpened | Problem:
    """The last recorded opening of the list, or why nobody may learn the arms yet: no lock, or no such record."""
    if not snapshot.locked:
        return problem("analysis.E001", snapshot.study)
    return openings[-1] if openings else problem("analysis.E002", snapshot.study)


def _other_list(snapshot: Snapshot, listed: OpenedList, recorded: ListOpened) -> Problem | None:
    if listed.study != snapshot.study:
        return problem("analysis.E003", "opened list", found=listed.study, study=snapshot.study)
    if len(listed.payloads) != recorded.slots:
        return problem(
            "analysis.E005", "opened list", found=str(len(listed.payloads)), recorded=str(recorded.slots)
        )  # fmt: skip
    if not listed.commitment == commitment_of(listed.payloads) == recorded.commitment:
        return problem("analysis.E004", "opened list")
    return None


def _strange(snapshot: Snapshot, protocol: Protocol, listed: OpenedList) -> Problem | None:
    known = set(protocol.arm_by_id)
    if other := next((payload.arm for payload in listed.payloads if payload.arm not in known), None):
        return problem("analysis.E007", "opened list", arm=other)
    stratum_of = {payload.slot: payload.stratum for payload in listed.payloads}
    for code, subject in sorted(snapshot.subjects.items()):
        if subject.randomised is not None and stratum_of.get(subject.slot) not in (subject.stratum, WHOLE):
            return problem("analysis.E006", "opened list", subject=code)
    return None
