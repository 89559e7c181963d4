"""The trial as those see it who must not know an arm: everybody who was randomised in one group.

A pooled cohort is an ordinary cohort whose protocol has a single arm, so every count of the analysis is its pooled
count and no function here needs to know of it. It is made of a `Snapshot`, which has no arms to leave out.
"""

from typing import Final

from equipoise.analysis.cohort import Cohort, cohort
from equipoise.conduct.snapshot import OpenedSnapshot, Snapshot
from equipoise.protocol.schema import Arm, Label, Protocol

POOLED: Final = Arm(
    id="pooled", label=Label(en="All participants", zh="全部受试者"), type="no_intervention", product="pooled",
    description=Label(en="Everybody who was randomised", zh="全部随机受试者"),
)  # fmt: skip


def pooled(snapshot: Snapshot, protocol: Protocol) -> Cohort:
    """The cohort of a masked trial, everybody in one group."""
    parts = {name: getattr(protocol, name) for name in Protocol.model_fields}
    one_group = Protocol.model_construct(**{**parts, "arms": (POOLED,)})
    randomised = [subject.code for subject in snapshot.subjects.values() if subject.randomised is not None]
    return cohort(OpenedSnapshot(snapshot, dict.fromkeys(randomised, POOLED.id), dummy=False), one_group)
