"""A study with a real sealed list and the keys that open it, and the work of its pharmacist."""

from dataclasses import replace
from datetime import date, timedelta

from equipoise.allocator import door
from equipoise.conduct.strata import strata
from equipoise.desk import pharmacy
from equipoise.envelopes import ESCROW, PrivateKey, Row, SealedList, new_key, seal, seal_entry
from equipoise.envelopes.register import Place
from equipoise.ledger.sealed import keep
from equipoise.randomisation import seeded
from tests.web.web_world import SCREENED, World, person

ROLES = ("pharmacist", "unmasked_monitor", "dsmb_statistician", ESCROW)
KEYS = {role: new_key(role, seeded(b"keys of the pharmacy", role), demo=True) for role in ROLES}
ELSEWHERE = new_key("pharmacist", seeded(b"keys of the pharmacy", "02"), demo=True, holder="Zhao")  # at site 02 alone
DAY_0 = SCREENED + timedelta(days=14)
ARMS = ("belimumab", "placebo")


def sealed_for(world: World, arms: tuple[str, str] = ARMS) -> SealedList:
    """A list with the arms in turn, on both hosts; one pharmacist's key is bound to site 02."""
    everybody = [*(key.public for key in KEYS.values()), replace(ELSEWHERE.public, site="02")]
    plan = dict.fromkeys(strata(world.protocol), arms * 4)
    study = world.ledger.study
    sealed, locks = seal(study, plan, everybody, seeded(b"seal"), demo=True)
    assert keep(sealed)
    assert isinstance(door.load(study, locks), door.Loaded)
    return sealed


def make_pharmacy(study: str, participants: int = 2, arms: tuple[str, str] = ARMS) -> World:
    """Participants of site 01 whose first dose is due: in the first arm, in the second, in turn."""
    world = World(study)
    sealed_for(world, arms)
    for _ in range(participants):
        world.hold(world.take_to_randomised(on=DAY_0), "week_0", DAY_0)
    return world


def opened(world: World, code: str, visit: str = "week_0", today: date = DAY_0) -> pharmacy.Opened:
    """An order as the pharmacist opens it."""
    found = pharmacy.open_order(world.desk, code, visit, today=today, by=person("pharmacist", code[:2]))
    assert isinstance(found, pharmacy.Opened), found
    return found


def recorded(world: World, content: dict[str, object], bag: str = "", record: str = "", seed: bytes = b"record") -> Row:
    """A record sealed as the page seals it, and kept."""
    name = record or f"{abs(hash((str(content), bag))):032x}"[:32]
    place = Place(world.ledger.study, "01", name, bag)
    keys = pharmacy.register_keys(world.desk, "01")
    assert isinstance(keys, tuple)
    sealed = seal_entry(content, place, keys, seeded(seed, name))
    row = pharmacy.add_record(world.desk, sealed.json(), record=name, bag=bag, by=person("pharmacist"))
    assert isinstance(row, Row), row
    return row


def key_file(key: PrivateKey, passphrase: str) -> bytes:
    """A key's file with Argon2id's least effort."""
    from equipoise.envelopes import Effort, write_private_key

    return write_private_key(key, passphrase, seeded(b"file"), Effort(1, 8192))
