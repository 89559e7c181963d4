"""Arms under letters, for a closed report that names no treatment; which letter is which stands on a page apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import ascii_uppercase

from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.protocol.schema import Arm, Label, Protocol


def letters(order: Sequence[str]) -> dict[str, str]:
    """The letter of each arm: A for the first of this order, which the caller has drawn."""
    return dict(zip(order, ascii_uppercase, strict=False))


def coded(opened: OpenedSnapshot, protocol: Protocol, letter: Mapping[str, str]) -> tuple[OpenedSnapshot, Protocol]:
    """The same trial with letters in the place of arms, in the order of the letters. Who compares with whom stays."""
    code = {arm: mark.lower() for arm, mark in letter.items()}
    arms = tuple(_lettered(mark) for mark in sorted(letter.values()))
    ratio = {code[arm]: share for arm, share in protocol.randomisation.ratio.items()}
    plan = protocol.monitoring
    if plan is not None and plan.boundary is not None:
        boundary = plan.boundary.model_copy(update={"arm": code[plan.boundary.arm]})
        plan = plan.model_copy(update={"boundary": boundary})
    parts = {name: getattr(protocol, name) for name in Protocol.model_fields} | {
        "arms": arms,
        "randomisation": protocol.randomisation.model_copy(update={"ratio": ratio}),
        "estimands": tuple(e.model_copy(update={"reference_arm": code[e.reference_arm]}) for e in protocol.estimands),
        "monitoring": plan,
    }
    arm_of = {subject: code[arm] for subject, arm in opened.arms.items()}
    return replace(opened, arms=arm_of), Protocol.model_construct(**parts)


def _lettered(mark: str) -> Arm:
    label = Label(en=mark, zh=mark)
    return Arm(id=mark.lower(), label=label, type="no_intervention", product="coded", description=label)
