"""A study whose arms are minimised: its ceremony, and an unlocked allocator that answers without a socket."""

from datetime import UTC, datetime

from django.db import connections

from equipoise.allocator import door
from equipoise.allocator.keeper import Keeper, unlock
from equipoise.allocator.questions import read_answer, write
from equipoise.envelopes import COMMITMENT, SECOND_LOCKS, Seed, hold, new_key, read_locks, read_seed
from equipoise.randomisation import seeded
from equipoise.randomisation.dynamic import Dynamic, write_dynamic
from equipoise.randomisation.minimisation import Minimisation

NOW = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
ENTROPY = bytes(range(100, 132))
KEEPER, PHARMACIST = (new_key(role, seeded(role.encode()), demo=True) for role in ("keeper", "pharmacist"))
HOLDERS = [new_key("holder", seeded(b"h", name), demo=True, holder=name) for name in "ABC"]
DYNAMIC = Dynamic(
    "trial", ("a", "b", "c"), {"site": ("11", "12"), "sex": ("f", "m")}, Minimisation((2, 1, 1)), 8
)  # fmt: skip
PROFILES = [f"site={site}|sex={sex}" for site in ("11", "12") for sex in "fm"]


def ceremony(dynamic=DYNAMIC, entropy=ENTROPY, **more):
    """The ceremony of a dynamic allocation."""
    seed = Seed(write_dynamic(dynamic, entropy), len(dynamic.arms), (KEEPER.public,))
    return hold(
        dynamic.study, {"all": dynamic.all_envelopes(entropy)}, [PHARMACIST.public], [each.public for each in HOLDERS],
        seeded(b"ceremony", dynamic.study), seed=seed, demo=True, **more,
    )  # fmt: skip


HELD = ceremony()
LOCKS = HELD.files[f"allocator/{SECOND_LOCKS}"]
TEXT = HELD.files[f"publish/{COMMITMENT}"].decode()


def load(locks=LOCKS, given=()):
    """The second locks and the seed in the allocator's store."""
    return door.load(read_locks(locks)[0], read_locks(locks)[1], given, read_seed(locks))


def keeper(study="trial", key=KEEPER) -> Keeper:
    """The keeper, or the problem that keeps the allocator locked."""
    return unlock(study, key, seeded(b"records"))


def unlocked(monkeypatch, kept=None, study="trial") -> Keeper:
    """The allocator of the study, unlocked; the door asks it without a socket."""
    kept = kept or keeper(study)
    monkeypatch.setattr(door, "ask", lambda question: read_answer(kept.answer(write(question))))
    return kept


def administrator(*statements):
    """Somebody who takes the triggers of the allocator's database away and changes rows underneath."""

    from tests.conftest import with_triggers_down

    def execute():
        with connections["allocator"].cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    with_triggers_down(["allocator"], execute)


def lose_the_store():
    """The rows of the allocator's database are gone, as after a disk that was not backed up."""
    administrator(*(f"DELETE FROM allocator_{name}" for name in ("slot", "counter", "draw", "sealedseed")))


def assign(subject, stratum=PROFILES[0], aside=(), study="trial"):
    """A participant's envelope."""
    return door.assign(study=study, stratum=stratum, subject=subject, at=NOW, set_aside=aside)
