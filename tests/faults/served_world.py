"""A study with a few participants at their screening visit, made in a process of its own before it is served."""

import os
import sys
from pathlib import Path

STUDY, PARTICIPANTS = "faults", 6


def main(home: str) -> None:
    """Make the databases and the study."""
    (Path(home) / "DEMO").touch()
    from equipoise.cli.deployment import migrate, prepare

    prepare(Path(home), demo=True)
    migrate()
    os.environ["EQUIPOISE_DEMO"] = "yes"
    from tests.desk.at_work import SCREENED, Study

    study = Study(STUDY)
    for _ in range(PARTICIPANTS):
        study.hold(study.consented(), "screening", SCREENED)


if __name__ == "__main__":
    main(*sys.argv[1:])
