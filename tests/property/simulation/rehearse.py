"""A rehearsal in a process of its own: prints the head of its ledger. Arguments: folder, trial, seed, participants."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
TRIALS = ROOT / "trials"


def rehearse(name: str, seed: int, participants: int, *, nature=None, until=None, progress=None):
    """A whole trial on simulated participants, in the databases of this process: the desk and the opened snapshot."""
    from equipoise.cli import rehearsal, rehearsal_kits
    from equipoise.protocol.check import read_protocol
    from equipoise.simulation.clock import VirtualClock
    from equipoise.simulation.scenario import read_scenario

    file = TRIALS / name / "protocol.yaml"
    protocol = read_protocol(file.read_bytes(), name=file.name)[0]
    scenario = nature or read_scenario((file.parent / "scenarios" / "demo.yaml").read_bytes())[0]
    trial = rehearsal.Trial(protocol.id, file, protocol, scenario, seed, participants)
    clock = VirtualClock(trial.start)
    desk = rehearsal.open_desk(trial, clock)
    rehearsal_kits.stock(trial, desk, rehearsal.seal_list(trial, rehearsal.draw_list(trial)))
    pharmacist = rehearsal.pharmacist(trial, desk)
    rehearsal.run(trial, desk, clock, pharmacist=pharmacist, until=until, progress=progress)
    return desk, rehearsal.open_trial(trial, desk, clock)


def main(folder: str, name: str, seed: str, participants: str) -> None:
    from equipoise.cli.deployment import migrate, prepare

    prepare(Path(folder), demo=True)
    migrate()
    _, opened = rehearse(name, int(seed), int(participants))
    print(json.dumps({"head": opened.snapshot.head, "acts": opened.snapshot.acts, "arms": dict(opened.arms)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
