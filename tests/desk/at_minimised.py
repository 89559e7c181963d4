"""The fictitious trial of tablets with its arms minimised: its ceremony, and a study to which it has come."""

from equipoise.conduct.strata import WHOLE, factors
from equipoise.envelopes import COMMITMENT, SEALED_LIST, SECOND_LOCKS, Seed, hold
from equipoise.protocol.load import digest, load
from equipoise.randomisation import seeded
from equipoise.randomisation.dynamic import write_dynamic
from equipoise.randomisation.restricted_minimisation import Minimised, dynamic_of
from tests.allocator import minimised
from tests.desk.at_work import ADMINISTRATOR, FILE, RANDOMISED, Study, done, person

TEXT = FILE.read_bytes().replace(b"procedure: permuted_blocks", b"procedure: minimisation")
TRIAL = load(TEXT)[0]
ENTROPY = bytes(range(32))


def dynamic(in_error="stays"):
    return dynamic_of(Minimised(6, in_error=in_error), "tablets", dict(TRIAL.randomisation.ratio), factors(TRIAL))


def ceremony(in_error="stays"):
    how = dynamic(in_error)
    seed = Seed(write_dynamic(how, ENTROPY), 3, (minimised.KEEPER.public,))
    holders = [key.public for key in minimised.HOLDERS]
    files = hold(
        "tablets", {WHOLE: how.all_envelopes(ENTROPY)}, [minimised.PHARMACIST.public], holders, seeded(b"c"),
        protocol=digest(TRIAL), seed=seed, demo=True,
    ).files  # fmt: skip
    return files[f"web-host/{SEALED_LIST}"], files[f"allocator/{SECOND_LOCKS}"], files[f"publish/{COMMITMENT}"].decode()


def arrived(in_error="stays"):
    """A study with its list and second locks, its allocator locked."""
    study, (listed, locks, text) = Study(text=TEXT), ceremony(in_error)
    done(study.desk.load_list(listed, text, by=ADMINISTRATOR, key="list"))
    done(study.desk.load_locks(locks, text, by=ADMINISTRATOR, key="locks"))
    return study


def randomise(study, code, desk=None):
    by = person("coordinator", code[:2])
    return (desk or study.desk).randomise(code, on=RANDOMISED, by=by, key=study.key())
