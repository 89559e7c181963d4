"""One of two worlds that differ in nothing but which arm is in which envelope.

Run as a program: `python world.py HOME PROTOCOL SCRIPT PARTICIPANTS WEEKS [--exchange]`. The first world conducts a
trial and writes down everything the staff did; the second does the same things over envelopes with the arms
exchanged. Each writes what masked people and administrators can see to HOME/seen.json, as name → SHA-256 and length.
"""

import hashlib
import io
import json
import logging
import os
import pickle
import re
import sqlite3
import sys
import time
import zlib
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

from equipoise.cli.deployment import migrate, prepare
from equipoise.conduct.acts import Person
from equipoise.conduct.outcome import Done

SEED = 7


class Recorder:
    """A desk that writes down what is asked of it, and when."""

    def __init__(self, desk, clock):
        self.desk, self.clock, self.calls = desk, clock, []
        self.protocol = desk.protocol

    def history(self, subject):
        return self.desk.history(subject)

    def __getattr__(self, name):
        method = getattr(self.desk, name)

        def call(*args, **kwargs):
            self.calls.append((name, self.clock(), args, kwargs))
            return method(*args, **kwargs)

        return call


class Watched:
    """A pharmacist whose work is written down: what was done on their own device before which act, and when."""

    def __init__(self, pharmacist, recorder, clock):
        self.pharmacist, self.recorder, self.clock, self.work = pharmacist, recorder, clock, []

    def reveal(self, *args):
        return self._done("reveal", args)

    def prepare(self, *args):
        return self._done("prepare", args)

    def _done(self, name, args):
        self.work.append((len(self.recorder.calls), self.clock(), name, args))
        return getattr(self.pharmacist, name)(*args)


def conduct(file, script, participants, weeks, exchange):
    from equipoise.cli import rehearsal, rehearsal_kits
    from equipoise.ledger.sealed import sealed_list
    from equipoise.protocol.load import load
    from equipoise.simulation.clock import VirtualClock
    from equipoise.simulation.scenario import read_scenario

    protocol, _ = load(file.read_bytes(), name=file.name)
    scenario, problems = read_scenario((file.parent / "scenarios" / "demo.yaml").read_bytes())
    assert scenario is not None, problems
    trial = rehearsal.Trial(protocol.id, file, protocol, scenario, SEED, participants)
    clock = VirtualClock(trial.start)
    desk = rehearsal.open_desk(trial, clock)
    if protocol.randomisation.procedure == "minimisation":
        plan, seed = minimised(trial, exchange)
        arrive(trial, desk, clock, plan, seed)
        unlock(trial)
    else:
        plan = rehearsal.draw_list(trial)
        arrive(trial, desk, clock, exchanged(plan) if exchange else plan)
        rehearsal_kits.stock(trial, desk, sealed_list(trial.study), next_arm(plan) if exchange else None)
    pharmacist = rehearsal.pharmacist(trial, desk)
    if exchange:
        replay(desk, clock, pharmacist, pickle.loads(script.read_bytes()))
        return trial, desk, clock
    recorder = Recorder(desk, clock)
    watched = Watched(pharmacist, recorder, clock)
    until = scenario.start + timedelta(weeks=weeks)
    rehearsal.run(trial, recorder, clock, pharmacist=watched, until=until)
    clock.pass_(60)
    the_unusual(protocol, desk.ledger.snapshot(), recorder)
    if protocol.kits is not None:
        the_unusual_with_kits(protocol, desk.ledger.snapshot(), recorder)
    the_one_who_leaves(protocol, desk.ledger.snapshot(), recorder)
    script.write_bytes(pickle.dumps((recorder.calls, watched.work)))
    return trial, desk, clock


def minimised(trial, exchange):
    """The envelopes of a minimised trial and its seed. With `exchange`, whoever would be in one arm is in another."""
    from dataclasses import replace

    from equipoise.conduct.strata import WHOLE, factors
    from equipoise.envelopes import Seed
    from equipoise.randomisation.dynamic import write_dynamic
    from equipoise.randomisation.restricted_minimisation import dynamic_of, read_minimised

    protocol = trial.protocol
    read = read_minimised((trial.file.parent / protocol.randomisation.specification).read_text("utf-8"))
    dynamic = dynamic_of(read, trial.study, dict(protocol.randomisation.ratio), factors(protocol))
    if exchange:
        dynamic = replace(dynamic, arms=(*dynamic.arms[1:], dynamic.arms[0]))
    entropy = trial.source("seed")(32)
    seed = Seed(write_dynamic(dynamic, entropy), len(dynamic.arms), (trial.key("keeper").public,))
    return {WHOLE: dynamic.all_envelopes(entropy)}, seed


def unlock(trial):
    """The unlocked allocator answers at its socket until this program ends."""
    from threading import Thread

    from equipoise.allocator.asking import socket_of
    from equipoise.allocator.keeper import unlock
    from equipoise.allocator.process import listening, serve

    kept = unlock(trial.study, trial.key("keeper"), trial.source("records"))

    def process():
        with listening(socket_of(trial.study)) as server:
            serve(server, kept.answer)

    Thread(target=process, daemon=True).start()
    while not socket_of(trial.study).exists():
        time.sleep(0.01)


def arrive(trial, desk, clock, plan, seed=None):
    """The list comes from a ceremony, and its two halves to their servers as they come to a real one."""
    from equipoise.cli.rehearsal import done, somebody
    from equipoise.envelopes import COMMITMENT, SEALED_LIST, SECOND_LOCKS, hold
    from equipoise.protocol.load import digest

    recipients = trial.recipients()
    holders = [trial.key(f"holder-{number}").public for number in (1, 2, 3)]
    identity = digest(trial.protocol)
    files = hold(
        trial.study, plan, recipients, holders, trial.source("seal"), protocol=identity, seed=seed, demo=True
    ).files
    published, by = files[f"publish/{COMMITMENT}"].decode(), somebody(trial.protocol, "administer")
    clock.pass_(60)
    done(desk.load_list(files[f"web-host/{SEALED_LIST}"], published, by=by, key="list"))
    done(desk.load_locks(files[f"allocator/{SECOND_LOCKS}"], published, by=by, key="locks"))


def the_unusual(protocol, snapshot, desk):
    """What the staff of the rehearsal never do: a stop, a factor corrected, a randomisation in error, a refusal, a form
    left half typed."""
    from equipoise.cli.rehearsal import done, somebody
    from equipoise.desk.delegation import accept_role, end_role, grant_role

    for role in protocol.roles:  # the log of who may do what, which everybody masked reads
        site, member = (protocol.sites[0].id if role.scope == "site" else ""), f"p-{role.id}"
        giver, day = somebody(protocol, "administer"), desk.clock().date()
        done(grant_role(desk, member, f"Dr {role.id}", role.id, site, start=day, by=giver, key=f"give-{role.id}"))
        done(accept_role(desk, role.id, site, by=Person(member, role.id, site), key=f"take-{role.id}"))
    nurse = next(role for role in protocol.roles if role.scope == "site")
    place = (nurse.id, protocol.sites[0].id)
    done(end_role(desk, f"p-{nurse.id}", *place, by=somebody(protocol, "administer"), key="end", reason="left"))
    first, *_, last = sorted(code for code, subject in snapshot.subjects.items() if subject.randomised)
    stopper = somebody(protocol, "lock")
    done(desk.stop_recruitment(by=stopper, key="stop", reason="audit", site=protocol.sites[0].id))
    done(desk.stop_recruitment(by=stopper, key="stop-all", reason="the board asked for it"))
    done(desk.resume_recruitment(by=stopper, key="resume", reason="the board agrees"))
    waiting = [code for code, subject in sorted(snapshot.subjects.items()) if not subject.randomised]
    randomiser = next(role.id for role in protocol.roles if "randomise" in role.may)
    for code in (*waiting, last):
        desk.randomise(code, on=snapshot.subjects[last].randomised, by=Person("r", randomiser, code[:2]), key=code)
    investigator = next(role.id for role in protocol.roles if "confirm_eligibility" in role.may)
    by = Person("i", investigator, first[:2])
    done(desk.mark_randomised_in_error(first, because="not_eligible", by=by, key="error", reason="another's sample"))
    form = next(form for form in protocol.forms if form.filled_by[0] != randomiser and not form.repeats)
    place, item = next(place for place in snapshot.subjects[last].values if place[1] == form.id), form.items[0].id
    by = Person(f"{form.filled_by[0]}-{last[:2]}", form.filled_by[0], last[:2])
    done(desk.draft_form(last, place[0], form.id, {item: ("half typ", "")}, by=by, key="draft"))
    the_unplanned(protocol, desk, last)
    the_unmasked(protocol, desk, first)
    the_reported(protocol, snapshot.subjects[last], desk)
    the_scanned(protocol, snapshot.subjects[last], desk)
    the_serious(protocol, desk, first)
    the_bedside(protocol, snapshot, desk, last)
    the_closed(protocol, desk, first, last)  # after these: a frozen casebook takes no event
    for factor in (name for name in protocol.randomisation.strata if name != "site"):
        form = next(form for form in protocol.forms if factor in form.item_by_id)
        place = next(place for place in snapshot.subjects[last].values if place[1] == form.id)
        before = snapshot.subjects[last].values[place][factor]
        by = Person("c", form.filled_by[0], last[:2])
        changed = {factor: "no" if before else "yes"}
        corrected = desk.save_form(last, place[0], form.id, changed, by=by, key=factor, reason="found in the chart")
        assert [each.act.kind for each in done(corrected).acts] == ["FormSaved", "StratumCorrected"]


def the_unplanned(protocol, desk, code):
    """A visit nobody planned, and that of who leaves early, each with an answer on the first of its forms."""
    from equipoise.cli.rehearsal import done

    for visit in protocol.outside:
        form = protocol.form_by_id[visit.forms[0]]
        role = next(role for role in form.filled_by if "enter" in protocol.role_by_id[role].may)
        by, held = Person("u", role, code[:2]), {"on": desk.clock().date(), "because": "other"}
        done(desk.hold_visit(code, visit.id, **held, by=by, key=visit.id))
        done(desk.save_form(code, visit.id, form.id, {form.items[0].id: "?ND"}, by=by, key=f"{visit.id}-form"))


def the_one_who_leaves(protocol, snapshot, desk):
    """The end of somebody's participation, of whom an early-termination visit is awaited from then on."""
    from equipoise.cli.rehearsal import done

    code = min(code for code, subject in snapshot.subjects.items() if subject.randomised)
    by = Person("e", next(role.id for role in protocol.roles if "end_participation" in role.may), code[:2])
    left = {"on": desk.clock().date(), "how": "withdrew", "because": "moved away"}
    done(desk.end_participation(code, **left, by=by, key="left"))


def the_closed(protocol, desk, first, last):
    """A casebook and a form frozen, one unfrozen, a lock declined, one unanswered, and many signatures at once."""
    from equipoise.cli.rehearsal import done, two_who_lock

    locker, other = two_who_lock(protocol)
    known = desk.history(first).subject
    signed = [key for key in known.values if protocol.form_by_id[key[1]].signed_by]
    visit, form, row = signed[0]
    spec = protocol.form_by_id[form]
    mine = [(first, key) for key in signed if protocol.form_by_id[key[1]].signed_by == spec.signed_by]
    signer, filler = (Person(f"{role}-{first[:2]}", role, first[:2]) for role in (spec.signed_by, spec.filled_by[0]))
    done(desk.sign_forms(mine, after=known.last_sequence, meaning="checked", by=signer, key="signed at once"))
    lost = {next(item for item, answer in known.values[signed[0]].items() if answer is not None): "?UNK"}
    done(desk.save_form(first, visit, form, lost, repeat=row, by=filler, key="void", reason="the chart is lost"))
    done(desk.freeze(first, by=locker, key="freeze"))
    place = {"visit": visit, "form": form, "repeat": row}
    done(desk.freeze(last, **place, by=locker, key="freeze a form"))
    done(desk.unfreeze(last, **place, by=other, key="thaw", reason="a late result"))
    done(desk.request_lock(by=locker, key="lock?", reason="to try"))
    done(desk.decline_lock("lock?", by=other, key="not yet", reason="the trial goes on"))
    done(desk.request_lock(by=other, key="lock??", reason="to try again"))


def the_reported(protocol, subject, desk):
    """A result below the limit of detection, one in another unit, and a row of a log entered in error."""
    from equipoise.cli.rehearsal import done

    for wanted, text in (("beyond", "<0.5"), ("units", "0.8 mg/dL")):
        items = ((form, item) for form in protocol.forms for item in form.items if getattr(item, wanted))
        form, item = next((f, i) for f, i in items if wanted == "beyond" or "mg/dL" in {u.unit for u in i.units})
        visit = next(visit for visit, id_, _ in subject.values if id_ == form.id)
        by = Person("c", form.filled_by[0], subject.site)
        done(desk.save_form(subject.code, visit, form.id, {item.id: text}, by=by, key=wanted, reason="as reported"))
    names = protocol.safety.adverse_events
    form, row = protocol.form_by_id[names.form], subject.next_row(names.form)
    by = Person("c", form.filled_by[0], subject.site)
    done(desk.save_form(subject.code, "log", form.id, {names.term: "fall"}, repeat=row, by=by, key="row"))
    done(desk.mark_row_in_error(subject.code, form.id, row, by=by, key="row-error", reason="of another participant"))


def the_scanned(protocol, subject, desk):
    """A report scanned to each form that takes one, the forms of unmasked people too; then another in its place."""
    from equipoise.cli.rehearsal import done
    from equipoise.items import refer

    files = [(form, item) for form in protocol.forms for item in form.items if item.type == "file"]
    for form, item in files:
        visit = next((visit for visit, id_, _ in subject.values if id_ == form.id), "log")
        role = protocol.role_by_id[form.filled_by[0]]
        by = Person(f"{role.id}-{subject.site}", role.id, subject.site if role.scope == "site" else "")
        for number in (1, 2):
            scan = f"%PDF-1.7 {form.id} {number}".encode()
            said = {item.id: str(refer(f"{form.id} {number}.pdf", scan))}
            kept = {"by": by, "key": f"{form.id} {number}", "reason": "a better scan", "files": [scan]}
            done(desk.save_form(subject.code, visit, form.id, said, **kept))


def the_serious(protocol, desk, code):
    """A serious event that was reported, another that was downgraded, and one of which nobody said since when."""
    from equipoise.cli.rehearsal import done

    names, by = protocol.safety.adverse_events, Person(f"investigator-{code[:2]}", "investigator", code[:2])
    rows = [row for _, form, row in desk.history(code).subject.values if form == names.form]
    for number in range(1, 4):
        event, said = max(rows, default=0) + number, {names.term: f"event {number}", names.serious: "yes"}
        done(desk.save_form(code, "log", names.form, said, by=by, key=f"event-{number}", repeat=event))
        if number < 3:
            since = {"aware": desk.clock(), "on": desk.clock().date()}
            done(desk.know_serious(code, event, **since, by=by, key=f"known-{number}"))
            report = {"clock": "sae_to_sponsor", "sent": desk.clock()}
            done(desk.send_safety_report(code, event, **report, by=by, key=f"told-{number}"))
    said = {"category": "minor", "text": "the chart was in the other ward", "form": names.form}
    done(desk.record_deviation(code, "log", **said, by=by, key="deviation"))
    done(desk.downgrade_serious(code, event - 1, by=by, key="downgraded", reason="no night in hospital"))


def the_bedside(protocol, snapshot, desk, code):
    """A wrong bag and the right one, an infusion with a reaction, and one that goes on."""
    from equipoise.cli.rehearsal import done

    if protocol.treatment.infusion is None:
        return
    by, released = Person(f"nurse-{code[:2]}", "nurse", code[:2]), snapshot.subjects[code].doses
    for visit, (bag,) in released.items():
        where = (code, visit)
        for label in ("OTHER", bag):
            said = {"wristband": code, "bag": label, "cover_intact": True}
            done(desk.check_bag(*where, **said, by=by, key=f"{visit} {label}"))
        at = desk.clock()
        done(desk.step_infusion(*where, "start", at=at, rate="250", by=by, key=f"{visit} start"))
        done(desk.take_vital_signs(*where, {"pulse": "72"}, at=at, by=by, key=f"{visit} signs"))
        done(desk.see_reaction(*where, at=at, grade="grade_1", sign="itching", by=by, key=f"{visit} reaction"))
    done(desk.step_infusion(*where, "end", at=at, volume="250", by=by, key="end of it"))


def the_unmasked(protocol, desk, code):
    """A code break, a report whose text is kept from masked readers, one of somebody unmasked, and an assessment."""
    from equipoise.cli.rehearsal import done, somebody

    role = next(role.id for role in protocol.roles if "break_code" in role.may)
    by = Person(f"{role}-{code[:2]}", role, code[:2])
    desk.break_code(code, why="other", adverse_event=True, told="nobody", by=by, key="broken", reason="anaphylaxis")
    unmasked = next(role for role in protocol.roles if not role.masked and "view" in role.may)
    teller = Person("t", unmasked.id, code[:2] if unmasked.scope == "site" else "")
    for who, text in ((by, "he was unblinded"), (teller, "a label was seen")):
        said = {"how": "accidental", "whom": "assessor", "on": SEEN_ON, "text": text}
        done(desk.report_unmasking(subject=code, **said, by=who, key=f"told {text}"))
    judged = {"data": "possible", "participant": "none", "others": "none", "measures": "another assessor"}
    assessor = somebody(protocol, "lock")
    done(desk.assess_unmasking("told a label was seen", **judged, by=assessor, key="judged"))


SEEN_ON = date(2020, 1, 1)


def the_unusual_with_kits(protocol, snapshot, desk):
    """Kits that are put aside and decided about, one that is lost, and one asked for where there is none."""
    from equipoise.cli.rehearsal import done, somebody

    manager, role = somebody(protocol, "manage_supply"), next(r.id for r in protocol.roles if "handle_kits" in r.may)
    given = next(kit for _, kit in sorted(snapshot.kits.items()) if kit.status == "dispensed")
    by, site = Person("k", role, given.site), given.site
    ready = sorted(kit.number for kit in snapshot.kits.values() if (kit.site, kit.status) == (site, "available"))
    done(desk.quarantine(ready[:9], site=site, by=by, key="aside", reason="a door was open"))
    done(desk.decide_quarantine(ready[:5], site=site, usable=True, by=manager, key="fine", reason="within limits"))
    done(desk.decide_quarantine(ready[5:9], site=site, usable=False, by=manager, key="not", reason="too warm"))
    done(desk.withdraw(ready[9:10], site=site, because="missing", by=by, key="gone", reason="not on the shelf"))
    lost = {"because": "lost", "reason": "left on the bus"}
    swap = done(desk.replace_kit(given.subject, given.visit, given.number, by=by, key="lost", **lost)).acts[0].act.kit
    wrong = next(number for number in ready[10:] if number != swap)
    mistake = {"assigned": swap, "reason": "the wrong shelf"}
    done(desk.misallocate_kit(given.subject, given.visit, wrong, by=by, key="wrong", **mistake))
    right = {"because": "misallocated", "reason": "the wrong one"}
    swap = done(desk.replace_kit(given.subject, given.visit, wrong, by=by, key="right", **right)).acts[0].act.kit
    rest = [number for number in ready if number not in (*ready[5:10], wrong, swap, mistake["assigned"])]
    done(desk.quarantine(rest, site=site, by=by, key="all", reason="a fire next door"))
    refused = desk.replace_kit(given.subject, given.visit, swap, by=by, key="none left", **lost)
    assert [problem.id for problem in refused.problems] == ["allocator.E030"]


def next_arm(plan):
    """Each arm and the next one; the kits hold the next one's product too."""
    arms = sorted({arm for slots in plan.values() for arm in slots})
    return dict(zip(arms, [*arms[1:], arms[0]], strict=True))


def exchanged(plan):
    """The list with every arm replaced by the next one."""
    other = next_arm(plan)
    return {stratum: tuple(other[arm] for arm in slots) for stratum, slots in plan.items()}


def replay(desk, clock, pharmacist, script):
    """The same acts at the same moments; the pharmacist opens the same envelopes, finds the other arm, and seals
    records of it."""
    calls, work = script
    for number, (name, moment, args, kwargs) in enumerate(calls):
        for _, then, task, its in (each for each in work if each[0] == number):
            clock.now = then
            getattr(pharmacist, task)(*its)
        clock.now = moment
        getattr(desk, name)(*args, **kwargs)


def looks(trial, desk, clock):
    """A look, at efficacy where one is planned: the open report, and the sealed files as bytes on a disk.

    The statistician makes the closed report on a machine of their own; what it says goes to nobody here.
    """
    from equipoise.desk.looks import hold_look

    plan = trial.protocol.monitoring
    chair, holder = Person(plan.chair, plan.chair), Person(plan.statistician, plan.statistician)
    key = trial.key(plan.statistician)
    for look in (*plan.efficacy_looks, *plan.looks)[:1]:
        clock.pass_(3600)
        assert isinstance(desk.request_look(look.id, by=chair, key=f"ask-{look.id}"), Done)
        package = hold_look(
            desk, look.id, to=key.public, cut=None, by=holder, key=f"look-{look.id}", random=trial.source(look.id)
        )
        yield f"{look.id}/package.sealed", package
        yield from ((f"{look.id}/open/{name}", content) for name, content in open_report(desk, look))
        yield from ((f"{look.id}/{name}", content) for name, content in closed_report(trial, package, key))
        assert isinstance(desk.recommend(look.id, "continue", by=chair, key=f"sign-{look.id}"), Done)


def open_report(desk, look):
    from equipoise.desk.looks import at_cut
    from equipoise.reports import Provenance
    from equipoise.reports.look_facts import Occasion
    from equipoise.reports.look_files import open_files

    seen = at_cut(desk, desk.ledger.snapshot().looks[look.id].cut)
    occasion = Occasion(look, desk.clock().date())
    return open_files(seen, desk.protocol, occasion, Provenance(seen.protocol, seen.head, seen.acts)).items()


def closed_report(trial, package, key):
    """The sealed files of the closed report, and under another name what is in them: only that may differ."""
    from equipoise.cli.interim import CLOSED, LETTERS, REPORT_BYTES, SMALL_BYTES, _closed_files, _sealed_for
    from equipoise.ledger.look_package import read_package

    taken = read_package(package, key)
    member = trial.key(trial.protocol.monitoring.closed_report_to[0]).public
    report, letters = _closed_files(taken, key, coded=True)
    yield CLOSED, _sealed_for([member], taken, report, REPORT_BYTES)
    yield LETTERS, _sealed_for([member], taken, letters, SMALL_BYTES)
    yield "underneath", b"".join(report[name] for name in sorted(report))


def visible(name, content):
    """Of a sealed file its size and the clear heading without the wrapped keys; of any other every byte."""
    if not name.endswith(".sealed"):
        return content
    heading = json.loads(content.partition(b"\n")[0])
    heading["recipients"] = sorted(heading["recipients"])
    return repr((len(content), heading)).encode()


def tables(home):
    """Every cell of every table of both databases; of what is ciphertext by declaration, its size."""
    for database in ("equipoise.sqlite3", "allocator.sqlite3"):
        connection = sqlite3.connect(home / database)
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
        for name in names:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            columns = [c for c in columns if (name, c) not in CIPHERTEXT and (name, c) not in WALL_CLOCK]
            quoted = ", ".join(f'length("{c}")' if (name, c) in OF_ONE_SIZE else f'"{c}"' for c in columns)
            rows = connection.execute(f"SELECT rowid, {quoted} FROM {name} ORDER BY rowid").fetchall()
            yield f"{database}/{name}", repr(rows).encode()
        connection.close()


CIPHERTEXT = {("ledger_sealedlist", "file")}
OF_ONE_SIZE = {("allocator_sealedseed", "file"), ("allocator_sealedseed", "digest"), ("allocator_draw", "record")}
# Of these the sizes are compared too. A row's hash is over its ciphertext, and so is what the next row says of it.
OF_ONE_SIZE |= {("allocator_record", name) for name in ("box", "hash", "previous")}
WALL_CLOCK = {("django_migrations", "applied")}
WALL_CLOCK |= {("django_session", "session_data"), ("django_session", "expire_date")}  # signed with the time
OF_ONE_SIZE |= {("django_session", "session_key")}  # drawn at random


def pages(protocol, snapshot):
    """Every page every masked role can reach by its links, with its headers."""
    from django.test import Client

    for role in protocol.roles:
        if not role.masked:
            continue
        site = protocol.sites[0].id if role.scope == "site" else ""
        for language in protocol.languages[: 1 if "--one-language" in sys.argv else None]:
            client = Client()
            client.post("/sign-in/", {"role": role.id, "site": site}, HTTP_ACCEPT_LANGUAGE=language)
            starts = ["/", *(f"/{snapshot.study}/subjects/{code}/eligibility/" for code in snapshot.subjects)]
            yield from crawl(client, f"{role.id}/{language}", language, starts)


def the_page_of_a_code_break(protocol, snapshot, clock):
    """The one page with an envelope in it, as it is sent: every byte but the envelope's own."""
    from django.test import Client

    from equipoise.web import deployment

    role = next(role.id for role in protocol.roles if "break_code" in role.may)
    code = min(code for code, subject in snapshot.subjects.items() if subject.randomised)
    deployment.now = clock
    for number, language in enumerate(protocol.languages):
        client = Client(headers={"accept-language": language})
        client.post("/sign-in/", {"role": role, "site": code[:2]})
        asked = {"again": f"{role}-{code[:2]}", "why": "other", "reason": "r", "event": "no", "told": "nobody"}
        asked |= {"confirm": "yes"}  # the third of a day
        path = f"/{snapshot.study}/subjects/{code}/code-break/now/"
        answer = client.post(path, {**asked, "key": f"{number:032x}"})
        assert answer.status_code == 200, answer.content.decode()
        sent = re.sub(rb'(csrfmiddlewaretoken" value=")[^"]*', b"", answer.content)
        shown, taken = re.subn(rb'data-(envelope|code-break)="[^"]{80,}"', b"", sent)
        assert taken == 2
        yield f"code break/{language}", repr((len(answer.content), sorted(answer.headers.items()))).encode() + shown


# What is random by design and drawn without looking at anything: form tokens and act keys.
RANDOM = re.compile(rb'''csrfmiddlewaretoken" value="[^"]*|name="key" value="[^"]*|"X-CSRFToken": ?"[^"]*"''')


def left_out(path, who, share):
    """Whether a page is not among those read of many alike: one in `share`, others for each role; in `test-all` all."""
    return "EVERY_PAGE" not in os.environ and zlib.crc32(f"{who} {path}".encode()) % share


PRINTS = ("casebook.pdf", "randomised.pdf", "checklist.pdf", "protocol/forms.pdf")


def crawl(client, who, language, starts):
    waiting, seen = list(starts), set()
    while waiting:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        if path.endswith("/trail/") and path.count("/") > 7 and left_out(path, who, 10 if language == "en" else 30):
            continue  # of the thousands of field trails each role reads a tenth of its own, and a thirtieth in Chinese
        if "/checklist." in path and left_out(path, who, 5):
            continue
        if "?from=" in path and left_out(path, who, 10):
            continue
        if language != "en" and path.count("/") > 5 and left_out(path, who, 3):
            continue  # of the pages of visits and forms each role reads a third of its own in Chinese
        if path.endswith(PRINTS):  # every print is read as a page, and every tenth as it comes from the typesetter
            waiting.append(path.removesuffix("pdf") + "html")
            if zlib.crc32(path.encode()) % 10 or language != "en":
                continue
        response = client.get(path, follow=False, HTTP_ACCEPT_LANGUAGE=language)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = re.sub(
            rb'(csrfmiddlewaretoken" value=")[^"]*|(name="key" value=")[^"]*|"X-CSRFToken": ?"[^"]*"', b"", body
        )
        headers = sorted((k, v) for k, v in response.headers.items() if k not in ("Content-Length", "Last-Modified"))
        yield f"{who} {path}", repr((response.status_code, headers)).encode() + text
        html = "html" in response.get("Content-Type", "")
        links = re.findall(r'(?:href|hx-get|action)="([^"#]*)"', body.decode(errors="replace")) if html else []
        joined = [urljoin(path, unescape(link)) for link in [*links, response.get("Location", "")] if link]
        waiting += [link for link in joined if link.startswith("/") and not link.startswith("/static")]


LOG = io.StringIO()


def numbered_errors():
    """Error ids are random; here they are numbered, so that pages and log lines with them can be compared."""
    from itertools import count

    from equipoise.web.views import plain

    numbers = count(1)
    plain.error_id = lambda: f"{next(numbers):08x}"


def main():
    logging.basicConfig(stream=LOG, level=logging.INFO, format="%(name)s %(levelname)s %(message)s")
    home, file, script = (Path(argument) for argument in sys.argv[1:4])
    prepare(home, demo=True)
    migrate()
    numbered_errors()
    participants, weeks = int(sys.argv[4]), int(sys.argv[5])
    trial, desk, clock = conduct(file, script, participants, weeks, "--exchange" in sys.argv)
    clock.reach(trial.start + timedelta(weeks=weeks + 1))  # the staff's last step may have been nobody's act
    made = dict(looks(trial, desk, clock))
    hidden = {name: hashlib.sha256(made.pop(name)).hexdigest() for name in list(made) if name.endswith("underneath")}
    (home / "underneath.json").write_text(json.dumps(hidden))
    broken = [*the_page_of_a_code_break(trial.protocol, desk.ledger.snapshot(), clock)]
    shown = [*broken, *((name, visible(name, content)) for name, content in made.items()), *tables(home)]
    seen = {name: (hashlib.sha256(content).hexdigest(), len(content)) for name, content in shown}
    from equipoise.web import deployment

    deployment.now = clock  # what is printed says when
    for name, content in pages(trial.protocol, desk.ledger.snapshot()):
        seen[name] = (hashlib.sha256(content).hexdigest(), len(content))
    seen["ledger head"] = (desk.ledger.snapshot().head, desk.ledger.snapshot().acts)
    seen["logs"] = (hashlib.sha256(LOG.getvalue().encode()).hexdigest(), len(LOG.getvalue()))
    (home / "seen.json").write_text(json.dumps(seen, indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
