"""Fifty people at once in a large study, over HTTP against `equipoise serve`; what a save costs; what a page weighs.

`python -m benchmarks load --subjects 1000 --seconds 60 --database postgresql` is the whole of it; `make bench` takes a
small study on SQLite. Everybody asks for something every four seconds on average, and does so for as long as it lasts.
"""

import math
import os
import re
import secrets
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from threading import Barrier
from urllib.parse import urljoin

from benchmarks.claim import Claim
from tests.cluster import postgresql_programs, running
from tests.over_http import Server, Visitor

TRIAL = Path(__file__).parents[1] / "trials" / "belimumab-sle" / "protocol.yaml"
STUDY = "large"
THINKING = (2.0, 6.0)  # seconds between an answer and the next request
# The house's limits, in seconds; of a save alone for the server, of the others for the reader's 95th percentile.
LIMITS = {"page": 0.2, "today": 0.2, "field": 0.15, "form": 0.2, "matrix": 1.0}
SEARCHED = 1.0  # seconds for a page of the audit trail, whatever is asked for
NAMES = {
    "page": "an ordinary page", "today": "Today", "field": "a field kept as it is typed", "form": "a form saved",
    "matrix": "the matrix of subjects",
}  # fmt: skip
SAVED_ALONE, STATEMENTS, FIRST_PAGE = 0.025, 15, 300_000
# How many of fifty come in each role, and what they do, by weight.
STAFF = (("coordinator", 36), ("investigator", 6), ("monitor", 4), ("data_manager", 4))
ENTERS = {"page": 45, "field": 35, "form": 10, "today": 7, "matrix": 3}
READS = {"page": 80, "today": 10, "matrix": 10}
FORM = "laboratory"

Took = dict[str, list[float]]


def claims(
    subjects: int = 60, users: int = 50, seconds: float = 20, database: str = "sqlite", workers: int = 0
) -> Iterator[Claim]:
    """One save alone, everybody at once, and the first page's weight. SQLite has one worker, PostgreSQL two."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, _environment(database) as addresses:
        os.environ.update(addresses)
        from equipoise.cli.deployment import migrate, prepare

        home = Path(folder)
        (home / "DEMO").touch()
        prepare(home, demo=True)
        migrate()
        yield from _measured(home, subjects, users, seconds, workers or 1 + (database != "sqlite"), database)


@contextmanager
def _environment(database: str) -> Iterator[dict[str, str]]:
    """The addresses of the databases: SQLite in the home, or a PostgreSQL that ends with this."""
    if database == "sqlite":
        yield {"EQUIPOISE_DATABASE": "", "EQUIPOISE_ALLOCATOR": ""}
        return
    programs = postgresql_programs()
    if programs is None:
        raise RuntimeError("there is no PostgreSQL here: no initdb")
    with running(programs) as cluster:
        yield {name: cluster.database() for name in ("EQUIPOISE_DATABASE", "EQUIPOISE_ALLOCATOR")}


def _measured(home: Path, subjects: int, users: int, seconds: float, workers: int, database: str) -> Iterator[Claim]:
    from django.db import connections

    from benchmarks.big_study import make

    began = time.perf_counter()
    size = make(STUDY, TRIAL.read_bytes(), subjects, datetime.now(UTC))
    made = time.perf_counter() - began
    of = f"{size.subjects:,} subjects, {size.values:,} values, {size.acts:,} acts, {database}"
    yield _alone(subjects, of)
    connections.close_all()
    server = Server(home, workers)
    server.start()
    try:
        yield from _crowd(server.port, users, seconds, subjects, of)
        yield _weight(server.port)
        yield _searched(server.port, of)
    finally:
        server.stop()
    yield Claim("the study made in bulk", "a limit of 300 s", made / 300, f"{made:.0f} s: {of}")


# --- One save alone ---------------------------------------------------------------------------------------------


def _alone(subjects: int, of: str) -> Claim:
    """The time the server takes for one save of the form, from the request to the answer, nobody else being there."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS.append("testserver")
    client, times, processor, statements, answers = Client(), [], [], [], []
    client.post("/sign-in/", {"role": "coordinator", "site": "01"})
    for number in range(12):
        path = _form_path(Random(number), subjects)
        sent = changed(client.get(path).content.decode(), Random(number))
        with CaptureQueriesContext(connection) as asked:
            began, worked = time.perf_counter(), time.process_time()
            answer = client.post(path, sent)
            times.append(time.perf_counter() - began)
            processor.append(time.process_time() - worked)
        assert answer.status_code == 302, answer.status_code
        statements.append(len(asked))
        answers.append(sum(bool(text) for item, text in sent.items() if f"missing.{item}" in sent))
    assert max(statements) < STATEMENTS, statements
    half, work = median(times) * 1e3, median(processor) * 1e3
    here = f"{half:.1f} ms, {work:.1f} of them the processor's; {max(statements)} statements; {of}"
    return Claim(
        f"a form of {min(answers)} answers saved, alone", "a limit of 25 ms", median(times) / SAVED_ALONE, here
    )


def _form_path(random: Random, subjects: int) -> str:
    """A form of a participant at site 01 whose visit was held."""
    return f"/{STUDY}/subjects/01-{random.randint(1, max(subjects // 3, 1)):03d}/week_0/{FORM}/1/"


def changed(html: str, random: Random) -> dict[str, str]:
    """What a browser sends from a form in which some numbers were corrected, with the reason."""
    from tests.web.web_pages import inputs

    sent = inputs(html)
    numbers = [item for item, text in sent.items() if re.fullmatch(r"\d+\.\d+", text)]
    for item in numbers:
        sent[item] = sent[item][:-1] + str((int(sent[item][-1]) + random.randint(1, 9)) % 10)
    return {**sent, "reason": "read again in the source"}


# --- Everybody at once ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class VirtualUser:
    """Somebody at work: a connection, a role, and how long each thing took."""

    port: int
    role: str
    site: str
    subjects: int
    random: Random
    took: Took = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    visitor: Visitor = field(init=False)

    def work(self, together: Barrier, seconds: float) -> None:
        """Sign in, look round, and once everybody has, work for some seconds."""
        with Visitor(self.port, self.random.choice(("en", "zh"))) as self.visitor:
            self.visitor.sign_in(self.role, self.site)
            for page in ("today/", "subjects/"):
                self.visitor.get(f"/{STUDY}/{page}")
            weights = ENTERS if self.site else READS
            together.wait()
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                time.sleep(self.random.uniform(*THINKING))
                self.act(self.random.choices(list(weights), list(weights.values()))[0])

    def act(self, what: str) -> None:
        """Do one thing, and note how long the answer took."""
        if what in ("field", "form"):
            self._enter(what)
            return
        self._timed(what, lambda: self.visitor.get(self._page(what), "gzip"), 200)

    def _page(self, what: str) -> str:
        subject = f"/{STUDY}/subjects/{self._code()}/"
        pages = ("", "week_0/", "week_4/", "week_4/laboratory/1/", "week_4/background_treatment/1/", "trail/")
        places = {"today": f"/{STUDY}/today/", "matrix": f"/{STUDY}/subjects/"}
        return places.get(what, subject + self.random.choice(pages))

    def _code(self) -> str:
        return f"{self.site or '02'}-{self.random.randint(1, max(self.subjects // 4, 1)):03d}"

    def _enter(self, what: str) -> None:
        path = f"/{STUDY}/subjects/{self._code()}/week_4/{FORM}/1/"
        page = self.visitor.get(path)
        sent = changed(page.html, self.random)
        if what == "form":
            self._timed("form", lambda: self.visitor.post(path, sent), 302)
            return
        item = next(item for item, text in sent.items() if re.fullmatch(r"\d+\.\d+", text))
        one = {item: sent[item], "key": secrets.token_hex(16)}
        self._timed("field", lambda: self.visitor.post(f"{path}draft/", one), 200)

    def _timed(self, what: str, ask: Callable[[], object], expected: int) -> None:
        began = time.perf_counter()
        answer = ask()
        self.took[what].append(time.perf_counter() - began)
        status = getattr(answer, "status", 0)
        if status not in (expected, 422):  # somebody else may have saved the same answer meanwhile
            self.faults.append(f"{what}: {status}")


def _crowd(port: int, users: int, seconds: float, subjects: int, of: str) -> Iterator[Claim]:
    staff = [role for role, number in STAFF for _ in range(round(number * users / 50))]
    sites = [
        f"0{number % 3 + 1}" if role in ("coordinator", "investigator") else "" for number, role in enumerate(staff)
    ]
    people = [
        VirtualUser(port, role, site, subjects, Random(number))
        for number, (role, site) in enumerate(zip(staff, sites, strict=True))
    ]
    _one_after_another(people)
    together = Barrier(len(people), timeout=300)
    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(lambda one: one.work(together, seconds), people))
    faults = [fault for one in people for fault in one.faults]
    assert not faults, faults[:5]
    asked = sum(len(times) for one in people for times in one.took.values())
    for what, limit in LIMITS.items():
        times = sorted(time for one in people for time in one.took[what])
        if times:
            half, most, nearly_all = (times[math.ceil(len(times) * share) - 1] * 1e3 for share in (0.5, 0.95, 0.99))
            here = (
                f"p50 {half:.0f}, p95 {most:.0f}, p99 {nearly_all:.0f} ms of {len(times)}; all {asked / seconds:.0f}/s"
            )
            yield Claim(
                f"{NAMES[what]}, {len(people)} people at once", f"p95 of {limit * 1e3:.0f} ms", most / 1e3 / limit, here
            )


def _one_after_another(people: list[VirtualUser]) -> None:
    """Let every worker read the study once, as it does at its start, before anybody is timed."""
    for _ in range(4):
        with Visitor(people[0].port) as visitor:
            visitor.sign_in("data_manager")
            visitor.get(f"/{STUDY}/subjects/")


# --- The audit trail --------------------------------------------------------------------------------------------


def _searched(port: int, of: str) -> Claim:
    """The slowest page of the trail: by participant, person, kind, form, question and time, from either end."""
    last_year = datetime.now(UTC).date() - timedelta(days=365)
    asked = {
        "nothing": "", "the oldest acts": "order=oldest", "a participant": "subject=01-003", "a form": f"form={FORM}",
        "a person": "by=investigator-02", "a kind": "kind=QueryClosed",
        "the first of a kind": "kind=Randomised&order=oldest",
        "a question": f"form={FORM}&item=white_cells", "a question nobody answered": "form=adverse_events&item=ae_term",
        "a question of a participant": f"form={FORM}&item=white_cells&subject=01-003",
        "a question, by a person": f"form={FORM}&item=white_cells&by=investigator-03",
        "a person's acts of a kind": "by=coordinator-03&kind=FormSaved&order=oldest",
        "a week a year ago": f"since={last_year}&until={last_year + timedelta(days=7)}",
        "a week before the study": "since=2000-01-01&until=2000-01-08",
    }  # fmt: skip
    with Visitor(port) as visitor:
        visitor.sign_in("data_manager")
        took = {}
        for what, query in asked.items():
            began = time.perf_counter()
            assert visitor.get(f"/{STUDY}/trail/?{query}", "gzip").status == 200, query
            took[what] = time.perf_counter() - began
    slowest = max(took, key=lambda what: took[what])
    here = f"half within {median(took.values()) * 1e3:.0f} ms of {len(took)}; the slowest asks for {slowest}; {of}"
    return Claim("a page of the audit trail, searched", "a limit of 1 s", took[slowest] / SEARCHED, here)


# --- What the first page weighs ---------------------------------------------------------------------------------


def _weight(port: int) -> Claim:
    """The bytes of the first page and of everything it names, compressed as a browser asks for them; and of a form."""
    with Visitor(port) as stranger:
        first, answers = _with_all_it_names(stranger, "/")
    with Visitor(port) as coordinator:
        coordinator.sign_in("coordinator", "01")
        form, _ = _with_all_it_names(coordinator, _form_path(Random(1), 3))
    here = f"{first / 1e3:.0f} kB in {answers} answers; a form {form / 1e3:.0f} kB"
    return Claim("the first page with all it names, compressed", "a limit of 300 kB", first / FIRST_PAGE, here)


def _with_all_it_names(visitor: Visitor, path: str) -> tuple[int, int]:
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', visitor.get(path).html))
    sheets = [(each, visitor.get(each).html) for each in named if each.endswith(".css")]
    named |= {urljoin(each, link) for each, sheet in sheets for link in re.findall(r'url\("?([\w./-]+)"?\)', sheet)}
    weights = [len(visitor.get(each, "br, gzip").body) for each in (path, *sorted(named))]
    return sum(weights), len(weights)
