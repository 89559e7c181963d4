"""The sealed list, as it may lie on a server for everybody to copy, and the second locks, which may not lie there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from equipoise.envelopes.merkle import Proof
from equipoise.items.canonical import canonical


@dataclass(frozen=True, slots=True)
class SealedSlot:
    """One envelope: a random label, 296 bytes nobody reads, the first share wrapped for each recipient, the whole key
    locked under card and release, and the proof that the published commitment covers it."""

    label: str
    ciphertext: bytes = field(repr=False)
    wraps: Mapping[str, bytes] = field(repr=False)  # recipient → sealed box
    code_break: bytes = field(repr=False)  # the data key, under the key of the card's secret and the release
    proof: Proof = field(repr=False)


@dataclass(frozen=True, slots=True)
class SecondLock:
    """The other share of one envelope, its place in the list, and the release that opens it together with its card.
    Only the allocator's own store holds these."""

    label: str
    stratum: str
    position: int  # 1 is the first of its stratum
    share: bytes = field(repr=False)
    release: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealedSeed:
    """What the arms are drawn from as participants come, sealed; it lies with the second locks. The digest of what is
    inside is published, and each participant has so many envelopes that follow each other, one of every arm."""

    file: bytes = field(repr=False)
    digest: str
    choices: int


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed for one envelope and kept shut at the site: its label and half of the key of its code break.
    The stratum says at which site, and is not printed."""

    label: str
    stratum: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Context:
    """Which list an envelope belongs to. Whoever opens one takes the commitment as published, not as served."""

    study: str
    version: str
    commitment: str
    demo: bool = False

    def of(self, label: str) -> bytes:
        """What an envelope's lock is bound to, so that no envelope passes for another."""
        return canonical(["equipoise.envelope.1", self.study, self.version, self.demo, label])

    def of_break(self, label: str) -> bytes:
        """What the code break of an envelope is bound to."""
        return canonical(["equipoise.code-break.1", self.study, self.version, self.demo, label])


@dataclass(frozen=True, slots=True)
class SealedList:
    """All envelopes of a study in the order of their random labels, which is no order at all."""

    study: str
    version: str
    slots: tuple[SealedSlot, ...]
    commitment: str
    keys: Mapping[str, bytes]  # recipient → public key
    demo: bool = False
    sites: Mapping[str, str] = field(default_factory=dict)  # recipient → the site they are bound to, if to one

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whose keys open the envelopes."""
        return tuple(self.keys)

    def site_of(self, recipient: str) -> str:
        """The only site whose envelopes a recipient opens; "" for one who opens every site's."""
        return self.sites.get(recipient, "")

    @property
    def context(self) -> Context:
        """Which list this is."""
        return Context(self.study, self.version, self.commitment, self.demo)

    def slot(self, label: str) -> SealedSlot | None:
        """The envelope with this label."""
        return next((slot for slot in self.slots if slot.label == label), None)
