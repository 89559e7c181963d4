"""The kits of a rehearsal: a lot is drawn, sealed, loaded on both servers, and unlocked with a demonstration's key."""

from datetime import timedelta
from math import ceil
from typing import Final

from equipoise.allocator.kit_choosing import unlock_kits
from equipoise.cli.rehearsal import Trial, done, somebody
from equipoise.desk import Desk
from equipoise.desk.kits import KitDesk
from equipoise.envelopes import KitCeremony, SealedList, hold_kits
from equipoise.protocol.load import digest
from equipoise.protocol.supply import Kits
from equipoise.randomisation.kits import draw_packs
from equipoise.simulation.supply import handouts

LOT: Final = "L1"
_KEEPS: Final = timedelta(days=3 * 365)


def stock(trial: Trial, desk: Desk, sealed: SealedList, arms: dict[str, str] | None = None) -> None:
    """Pack and load a lot that is enough for the whole rehearsal, and unlock the choosing of kits, if there are kits.

    `arms` puts the product of another arm into the kits of each, for worlds that differ in nothing else.
    """
    if not isinstance(desk, KitDesk):
        return
    held = _lot(trial, arms or {})
    published, by = held.files[f"publish/kits-{LOT}.txt"].decode(), somebody(trial.protocol, "administer")
    listed, packs = (held.files[f"web-host/{name}-{LOT}.json"] for name in ("kits", "packs"))
    done(desk.load_kits(listed, packs, published, by=by, key="kits"))
    done(desk.load_kit_locks(LOT, held.files[f"allocator/kit-locks-{LOT}.json"], published, by=by, key="kit-locks"))
    key = trial.key(next(role.id for role in trial.protocol.roles if "dispense" in role.may))
    reserve = _plan(trial).reserve
    lists = [sealed, held.sealed]
    desk.choose = unlock_kits(trial.study, lists, key, reserve=reserve, random=trial.source("kits", "choose"))


def _lot(trial: Trial, arms: dict[str, str]) -> KitCeremony:
    plan, ratio = _plan(trial), dict(trial.protocol.randomisation.ratio)
    drawn = draw_packs(ratio, plan.pack, _packs(trial, plan), trial.source("kits", "packs"))
    keys = trial.recipients()
    return hold_kits(
        LOT, [[arms.get(arm, arm) for arm in pack] for pack in drawn], keys, keys, trial.source("kits", "seal"),
        study=trial.study, expiry=trial.start.date() + _KEEPS, depot=plan.depots[0].id, protocol=digest(trial.protocol),
        demo=True,
    )  # fmt: skip


def _packs(trial: Trial, plan: Kits) -> int:
    """Enough for every visit of everybody above the reserves, and for the stock that each site keeps."""
    needed = trial.participants * sum(handouts(trial.protocol).values())
    needed += sum(plan.threshold_of(site.id).maximum for site in trial.protocol.sites)
    return ceil(needed / (plan.pack - plan.reserve)) + len(trial.protocol.sites)


def _plan(trial: Trial) -> Kits:
    plan = trial.protocol.kits
    assert plan is not None  # noqa: S101 - a rehearsal without kits does not come here
    return plan
