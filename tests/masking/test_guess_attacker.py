"""The guess attacker: whoever sees everything a ceremony hands out, breaks no cipher, and learns from opened lists.

A classifier sees every byte of the sealed list, the second locks, the printed cards and the printed releases of several
lists: values, sizes and order. It learns the arms of the other lists and guesses those of one. The area under its curve
must not differ from a coin's, and the same attacker must find a leak that is put in on purpose. (Card and release
together open their envelope by design; that way is for tests of sealing. Here they are numbers like all others.)

The owner of the allocator's database sees more (`allocator_seen`): every cell of it, with the pharmacy's orders and its
sealed register, their sizes, times and order.
"""

import json
import re
import zlib
from base64 import b64decode
from contextlib import contextmanager
from functools import lru_cache
from math import sqrt

import numpy as np
import pytest
from django.db.transaction import atomic, set_rollback
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import rankdata

from equipoise.cli.cards import typeset
from equipoise.cli.sheets import releases
from equipoise.envelopes import Code, hold, new_key, read_locks, write_code
from equipoise.envelopes.labels import ALPHABET
from equipoise.randomisation import draw_strata, read_specification, seeded
from tests.masking.allocator_seen import conduct, seen, usual

LISTS, STRATA, SLOTS = 8, ("site=1", "site=2", "site=3"), 20
SPECIFICATION = read_specification(f"procedure: complete\nslots_per_stratum: {SLOTS}\n", "restricted")
KEYS = [new_key("pharmacist", seeded(b"k", name), demo=True, holder=name).public for name in ("A", "B")]
HOLDERS = [new_key("holder", seeded(b"h", name), demo=True, holder=name).public for name in ("A", "B", "C")]
Z = 2.576  # 99 %


@lru_cache
def sealed(number):
    """One list as it was drawn and sealed, and the arms of its slots in the order of their second locks."""
    seed = f"attacker {number}".encode()
    plan = draw_strata(SPECIFICATION, {"drug": 1, "placebo": 1}, STRATA, lambda stratum: seeded(seed, stratum))
    held = hold("trial", plan, KEYS, HOLDERS, seeded(seed, "seal"), demo=True)
    arms = [plan[lock.stratum][lock.position - 1] == "drug" for lock in second_locks(held)]
    return plan, held, np.array(arms, float)


def drawn(number):
    """One list, its arms, and everything that is handed out of it."""
    _, held, arms = sealed(number)
    listed = json.loads(held.files["web-host/sealed-list.json"])["slots"]
    locks = json.loads(held.files["allocator/second-locks.json"])["locks"]
    cards = {card.label: card for card in held.cards}
    papers = streams(typeset("trial", held.cards)), streams(releases("trial", second_locks(held)))
    rows = [
        features(index, slot, lock, cards[slot["label"]], beside(papers, index / len(listed)))
        for index, (slot, lock) in enumerate(zip(listed, locks, strict=True))
    ]
    return np.array(rows, float), arms


def kept(number, **leak):
    """What the allocator's database says of each slot of a list, once everybody in it was treated, and the arms."""
    plan, held, arms = sealed(number)
    conduct(f"trial {number}", plan, second_locks(held), KEYS, **leak)
    told = seen(f"trial {number}")
    return np.array([told[lock.label] for lock in second_locks(held)], float), arms


def second_locks(held):
    return read_locks(held.files["allocator/second-locks.json"])[1]


def beside(papers, place):
    """The parts of each paper that stand about where a slot stands in the list."""
    return [number for parts in papers for number in parts[int(place * len(parts))]]


def streams(pdf):
    """The parts of a PDF in their order: how long each is as stored and when unpacked."""
    found = []
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append((len(part), len(zlib.decompress(part))))
        except zlib.error:
            found.append((len(part), 0))
    return found


def features(index, slot, lock, card, page):
    """What is handed out of one slot, as numbers: bytes, sizes, places."""
    proof = [b64decode(neighbour) for _, neighbour in slot["proof"]]
    sealed = b64decode(slot["ciphertext"])
    boxes = b"".join(b64decode(wrap) for wrap in slot["wraps"].values())
    secrets = b64decode(lock["share"]) + b64decode(lock["release"]) + b64decode(slot["break"]) + proof[0]
    sizes = [len(json.dumps(slot)), len(json.dumps(lock)), len(sealed), len(boxes), len(proof), *page]
    code = [ALPHABET.index(each) for each in write_code(Code.CARD, card.secret).replace("-", "")]
    place = [index, lock["position"], *(lock["position"] % n for n in (2, 3, 4)), STRATA.index(lock["stratum"])]
    sides = [side == "left" for side, _ in slot["proof"][:4]]
    label = [ALPHABET.index(each) for each in slot["label"]]
    return [*place, *sizes, *sides, *label, *code, *sealed, *boxes, *secrets]


def standardised(train, test):
    mean, spread = train.mean(axis=0), train.std(axis=0)
    spread[spread == 0] = 1
    return (train - mean) / spread, (test - mean) / spread


def logistic(train, arms, test):
    """Ridge-penalised logistic regression, the penalty strong because there are more columns than rows."""
    x, y = standardised(train, test)

    def loss(weights):
        score = x @ weights
        value = np.logaddexp(0, score).sum() - arms @ score + 5 * weights @ weights
        return value, x.T @ (expit(score) - arms) + 10 * weights

    return y @ minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200}).x


def neighbours(train, arms, test):
    """The share of the fifteen nearest known slots that are in the first arm."""
    x, y = standardised(train, test)
    distance = (y**2).sum(axis=1)[:, None] - 2 * y @ x.T + (x**2).sum(axis=1)
    return arms[np.argsort(distance, axis=1)[:, :15]].mean(axis=1)


def telling(train, arms, test):
    """The one column that told most about the known arms."""
    x, y = standardised(train, test)
    told = x.T @ (arms - arms.mean())
    return y[:, best := np.abs(told).argmax()] * np.sign(told[best])


def guessed(attacker, lists):
    """Each list guessed from the others: scores within a list as ranks, so that lists can be pooled."""
    scores, truth = [], []
    for left_out, (test, arms) in enumerate(lists):
        others = [each for number, each in enumerate(lists) if number != left_out]
        train, known = np.vstack([x for x, _ in others]), np.concatenate([y for _, y in others])
        scores.append(rankdata(attacker(train, known, test)))
        truth.append(arms)
    return np.concatenate(scores), np.concatenate(truth)


def interval(scores, truth):
    """The area under the curve and its interval (Hanley & McNeil, Radiology 1982;143:29-36)."""
    ones, zeros = truth.sum(), (1 - truth).sum()
    area = (rankdata(scores)[truth == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros)
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    spread = sqrt((area * (1 - area) + (ones - 1) * (q1 - area**2) + (zeros - 1) * (q2 - area**2)) / (ones * zeros))
    return area - Z * spread, area + Z * spread


@pytest.fixture(scope="module")
def lists():
    return [drawn(number) for number in range(LISTS)]


@pytest.mark.parametrize("attacker", [logistic, neighbours, telling])
def test_nobody_guesses_an_arm_from_what_is_handed_out(lists, attacker):
    low, high = interval(*guessed(attacker, lists))
    assert low <= 0.5 <= high, (low, high)


@pytest.mark.parametrize("attacker", [logistic, neighbours, telling])
def test_nobody_who_knows_half_of_a_list_guesses_the_other_half(lists, attacker):
    halves = [(x[part::2], y[part::2]) for x, y in lists for part in (0, 1)]
    pairs = [(halves[number], halves[number ^ 1]) for number in range(len(halves))]
    scores = np.concatenate([rankdata(attacker(*known, x)) for known, (x, _) in pairs])
    low, high = interval(scores, np.concatenate([y for _, (_, y) in pairs]))
    assert low <= 0.5 <= high, (low, high)


def test_one_byte_more_for_one_arm_would_be_found(lists):
    """Without this the tests above could not fail: two bytes of size tell 'belimumab' from 'placebo'."""
    leaking = [(np.column_stack([x, 296 + 2 * y]), y) for x, y in lists]
    low, _ = interval(*guessed(logistic, leaking))
    assert low > 0.6


def test_rows_in_the_order_of_the_arms_would_be_found(lists):
    ordered = [(np.column_stack([x[:, 1:], rankdata(y, method="ordinal")]), y) for x, y in lists]
    low, _ = interval(*guessed(logistic, ordered))
    assert low > 0.6


# --- The allocator's database and the pharmacy's register -------------------------------------------------------------


STORED = pytest.mark.django_db(databases=["default", "allocator"])


@pytest.fixture(scope="module")
def stores(django_db_setup, django_db_blocker):
    """What the owner of the allocator's database sees of several lists; nothing of it stays in the database."""
    with django_db_blocker.unblock(), away():
        found = [kept(number) for number in range(LISTS)]
    varies = np.vstack([x for x, _ in found]).std(axis=0) > 0  # what is the same for everybody tells nothing
    return [(x[:, varies], arms) for x, arms in found]


@contextmanager
def away():
    """Whatever is written meanwhile is taken back."""
    block = atomic(using="allocator")
    block._from_testcase = True  # as the tests of Django do: the doors ask for a transaction of their own
    with block:
        yield
        set_rollback(True, using="allocator")


@STORED
@pytest.mark.parametrize("attacker", [logistic, neighbours, telling])
def test_nobody_guesses_an_arm_from_the_allocators_database(stores, attacker):
    """Sealed records, times, sizes, counts and order."""
    low, high = interval(*guessed(attacker, stores))
    assert low <= 0.5 <= high, (low, high)


@STORED
@pytest.mark.parametrize(
    "leak",
    [
        {"minutes": lambda arm, random: usual(arm, random) + 20 * (arm == "drug")},
        {"longer": lambda arm: arm == "drug"},
    ],
    ids=["a delay", "one byte"],
)  # fmt: skip
def test_a_register_that_leaks_would_be_found(leak):
    """A drug that takes twenty minutes to dissolve, or a box that is one byte longer."""
    leaking = [kept(number, **leak) for number in range(3)]
    low, _ = interval(*guessed(telling, leaking))
    assert low > 0.6


@STORED
def test_the_owner_of_the_database_sees_every_table_of_it(stores):
    """A table that is added is seen by the attacker; each participant has the same number of cells."""
    assert len({x.shape for x, _ in stores}) == 1


def test_the_parts_of_the_pages_are_seen():
    """The attacker looks into the printed pages: their parts are found and unpacked."""
    held = hold("trial", {"all": ("a", "b")}, KEYS, HOLDERS, seeded(b"pages"), demo=True)
    assert sum(unpacked > 0 for _, unpacked in streams(typeset("trial", held.cards))) >= 2
