"""Virtual site staff: they screen, consent, randomise, see participants, enter, sign and answer, act by act.

They work through the same functions as the pages. What has to happen is kept in an agenda in the order of time, so
that the ledger grows as a real one does.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from equipoise.conduct.acts import Person, QueryRaised
from equipoise.conduct.checks import asked
from equipoise.conduct.environment import row_of
from equipoise.conduct.outcome import Done, Outcome, Refused
from equipoise.conduct.serious_events import duties
from equipoise.items import Answer, write
from equipoise.protocol.names import LOG, item_of
from equipoise.protocol.schedule import Visit
from equipoise.protocol.schema import Form
from equipoise.simulation.clock import VirtualClock
from equipoise.simulation.patient import Moment, Patient, weighted
from equipoise.simulation.scenario import Draw, LogRow, Scenario
from equipoise.simulation.stockroom import Stockkeepers
from equipoise.simulation.workplace import Pharmacist, Stockroom, Workplace

Progress = Callable[[int, int], None]  # participants whose trial is over, participants in all


class SimulationError(RuntimeError):
    """The virtual staff were refused something they had reason to expect."""


@dataclass(slots=True)
class Case:
    """A participant in the hands of the staff."""

    site: str
    patient: Patient
    believer: Patient  # the same person asked to guess the arm: draws of their own, and the arm never learnt
    code: str = ""
    anchor: date | None = None
    stops_on: float = float("inf")
    stop_reason: str = ""
    leaves_on: float = float("inf")
    leave_reason: str = ""
    stopped: bool = False
    ended: bool = False
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Staff:
    """Everybody who works in a simulated trial."""

    workplace: Workplace
    scenario: Scenario
    clock: VirtualClock
    pharmacist: Pharmacist
    seed: int
    participants: int
    until: date | None = None
    progress: Progress | None = None
    stockroom: Stockroom | None = None  # of a study that is supplied with kits
    randomised: int = 0
    coming: int = 0
    finished: int = 0
    acts: int = 0
    _agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _order: int = 0
    _entered: Counter[str] = field(default_factory=Counter)  # by site: randomised, or on the way there
    _screened: int = 0
    _random: Random = field(default_factory=Random)
    _stock: Stockkeepers | None = None

    # --- The agenda -----------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Run the trial to its end, or to the day `until`."""
        self._random = Random(f"{self.seed}/staff")  # noqa: S311 - a simulation, nothing is secret
        self._open_stock()
        self._next_arrival(datetime.combine(self.scenario.start, time(8), UTC))
        while self._agenda:
            moment, _, step = heapq.heappop(self._agenda)
            if self.until is not None and moment.date() > self.until:
                return
            self.clock.reach(moment)
            step()

    def _open_stock(self) -> None:
        plan = self.workplace.protocol.kits
        if plan is not None and self.stockroom is not None:
            sites = tuple(site.id for site in self.workplace.protocol.sites)
            self._stock = Stockkeepers(
                self.stockroom, plan, sites, self._able, self._on, self._done, self._key,
                lambda: self.finished < self.participants,
            )  # fmt: skip
            self._stock.begin(self.scenario.start)

    def _on(self, day: date, hour: float, step: Callable[[], None]) -> None:
        self._at(datetime.combine(day, time(0), UTC) + timedelta(hours=hour), step)

    def _at(self, moment: datetime, step: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._agenda, (moment, self._order, step))

    def _key(self) -> str:
        return f"{self._random.getrandbits(128):032x}"

    def _who(self, role: str, site: str) -> Person:
        scope = self.workplace.protocol.role_by_id[role].scope
        return Person(f"{role}-{site}", role, site) if scope == "site" else Person(role, role)

    def _able(self, permission: str, site: str) -> Person:
        """Somebody who may do something, preferably at the site."""
        roles = [role for role in self.workplace.protocol.roles if permission in role.may]
        role = next((role for role in roles if role.scope == "site"), roles[0])
        return self._who(role.id, site)

    def _done(self, outcome: Outcome) -> Done:
        if isinstance(outcome, Refused):
            raise SimulationError("; ".join(map(str, outcome.problems)))
        self.acts += len(outcome.acts)
        self.clock.pass_(self._random.uniform(20, 240))
        return outcome

    # --- The way in -----------------------------------------------------------------------------------------------

    def _next_arrival(self, moment: datetime) -> None:
        """Somebody comes along, after a time that depends on how fast the trial recruits."""
        weeks = self._random.expovariate(self.scenario.accrual_per_week)
        later = moment + timedelta(weeks=weeks)
        if self._locked_down(later.date()) and self.scenario.lockdown is not None:
            later = datetime.combine(self.scenario.lockdown.last + timedelta(days=1), time(8), UTC)
        self._on(later.date(), 8 + self._random.random() * 2, lambda: self._arrival(later))

    def _arrival(self, moment: datetime) -> None:
        self._screened += 1
        if self._screened > 50 + 20 * self.participants:
            raise SimulationError(f"{self._screened} people were screened and only {self.randomised} got in")
        if self.randomised + self.coming < self.participants:
            self._screen(moment.date())
        if self.randomised < self.participants:
            self._next_arrival(moment)

    def _locked_down(self, day: date) -> bool:
        lockdown = self.scenario.lockdown
        return lockdown is not None and lockdown.first <= day <= lockdown.last

    def _site(self, day: date) -> str:
        """Where the next person comes: in proportion to the sites' shares; "" when no site has room."""
        week = (day - self.scenario.start).days // 7
        plans = self.scenario.sites
        sites = [site.id for site in self.workplace.protocol.sites]
        shares = {s: plans[s].share if s in plans else 1.0 for s in sites if self._has_room(s)}
        opened = {s: share for s, share in shares.items() if s not in plans or plans[s].opens_week <= week}
        return weighted(opened or shares, self._random) if shares else ""

    def _has_room(self, site: str) -> bool:
        """Whether the protocol's limits let one more in here, everybody under way counted."""
        protocol = self.workplace.protocol
        plan, country_of = protocol.recruitment, {each.id: each.country for each in protocol.sites}
        if plan is None:
            return True
        there = sum(count for each, count in self._entered.items() if country_of[each] == country_of[site])
        full = self._entered[site] >= plan.most_by_site.get(site, self.participants)
        return not full and there < plan.most_by_country.get(country_of[site], self.participants)

    def _screen(self, day: date) -> None:
        number = self._random.getrandbits(64)
        site = self._site(day)
        if not site:
            return
        self.coming, self._entered[site] = self.coming + 1, self._entered[site] + 1
        case = Case(site, self._person(f"{number}"), self._person(f"{number}/belief"))
        screened = self._done(
            self.workplace.screen(site=case.site, by=self._able("screen", case.site), key=self._key())
        )
        case.code = getattr(screened.acts[0].act, "subject", "")
        language = self.workplace.protocol.languages[-1]
        self._done(
            self.workplace.consent(
                case.code, document=self._document(), language=language, on=day,
                by=self._able("consent", case.site), key=self._key(),
            )
        )  # fmt: skip
        self._choose_failure(case)
        first = self.workplace.protocol.eligibility.visit
        self._visit(case, self.workplace.protocol.visit_by_id[first], day, "site")
        wait = case.patient.random.randint(*self.scenario.screening.days_to_baseline)
        self._on(day + timedelta(days=wait), 9, lambda: self._decide(case, day + timedelta(days=wait)))

    def _person(self, name: str) -> Patient:
        return Patient(self.scenario, Random(f"{self.seed}/{name}"))  # noqa: S311

    def _document(self) -> str:
        """The newest version of the information in use."""
        plan = self.workplace.protocol.recruitment
        named = plan.consent_documents if plan is not None else ()
        return named[-1] if named else f"v{self.workplace.protocol.version}"

    def _choose_failure(self, case: Case) -> None:
        chance = case.patient.random.random()
        for failure in self.scenario.screening.failures:
            chance -= failure.share
            if chance < 0:
                case.patient.overrides = dict(failure.answers)
                for item, days in failure.days_before.items():
                    case.patient.overrides[item] = (self.clock.now.date() - timedelta(days=days)).isoformat()
                return

    def _decide(self, case: Case, day: date) -> None:
        """The investigator looks at every criterion; who does not meet one does not get in."""
        if case.patient.random.random() < self.scenario.screening.withdraws_consent:
            return self._fail(case, ("consent_withdrawn",), day)
        investigator = self._able("confirm_eligibility", case.site)
        outcome = self.workplace.confirm_eligibility(case.code, by=investigator, key=self._key())
        if isinstance(outcome, Refused):
            criteria = tuple(p.params["criterion"] for p in outcome.problems if "criterion" in p.params)
            return self._fail(case, criteria or ("other",), day)
        self._done(outcome)
        case.patient.overrides.clear()
        return self._randomise(case, day)

    def _fail(self, case: Case, reasons: tuple[str, ...], day: date) -> None:
        self.coming, self._entered[case.site] = self.coming - 1, self._entered[case.site] - 1
        investigator = self._able("confirm_eligibility", case.site)
        self._done(self.workplace.fail_screening(case.code, reasons=reasons, on=day, by=investigator, key=self._key()))

    def _randomise(self, case: Case, day: date) -> None:
        protocol = self.workplace.protocol
        by = self._able("randomise", case.site)
        self._done(self.workplace.randomise(case.code, on=day, by=by, key=self._key()))
        self.coming, self.randomised = self.coming - 1, self.randomised + 1
        case.anchor = day
        last = max(visit.day for visit in protocol.visits)
        case.patient.learn_arm(self.pharmacist.reveal(case.code), last + 60)
        case.stops_on, case.stop_reason = case.patient.day_of(self.scenario.stops_treatment)
        case.leaves_on, case.leave_reason = case.patient.day_of(self.scenario.leaves)
        self._visit(case, protocol.visit_by_id[protocol.schedule.baseline], day, "site")
        for visit in protocol.visits:
            if visit.week > 0:
                self._plan(case, visit, day)
        self._plan_rows(case, day, last)
        self._plan_end(case, day, last)

    # --- Visits ---------------------------------------------------------------------------------------------------

    def _plan(self, case: Case, visit: Visit, anchor: date) -> None:
        spread = self.scenario.attendance.spread_days
        shift = round(case.patient.random.gauss(0, spread))
        shift = min(max(shift, visit.earliest - visit.day), visit.latest - visit.day)
        if case.patient.random.random() < 0.01:  # now and then somebody comes outside the window
            shift = visit.latest - visit.day + case.patient.random.randint(1, 3)
        on = anchor + timedelta(days=visit.day + shift)
        hour = 8 + 6 * case.patient.random.random()
        self._on(on, hour, lambda: self._planned(case, visit, on))

    def _planned(self, case: Case, visit: Visit, on: date) -> None:
        if case.anchor is None or (on - case.anchor).days >= case.leaves_on:
            return None
        lockdown, random = self.scenario.lockdown, case.patient.random
        chance = random.random()
        if lockdown is not None and self._locked_down(on):
            if chance < lockdown.missed:
                return self._miss(case, visit, lockdown.because)
            mode = "remote" if chance < lockdown.missed + lockdown.remote else "site"
            return self._visit(case, visit, on, mode, lockdown.because if mode == "remote" else "")
        if chance < self.scenario.attendance.missed:
            return self._miss(case, visit, "participant")
        return self._visit(case, visit, on, "site")

    def _miss(self, case: Case, visit: Visit, because: str) -> None:
        by = self._able("enter", case.site)
        self._done(self.workplace.miss_visit(case.code, visit.id, because=because, by=by, key=self._key()))

    def _visit(self, case: Case, visit: Visit, on: date, mode: str, because: str = "") -> None:
        by = self._able("enter", case.site)
        key = self._key()
        held = self.workplace.hold_visit(case.code, visit.id, on=on, by=by, key=key, mode=mode, because=because)
        self._done(held)
        day = float((on - case.anchor).days) if case.anchor else -1.0
        self._stop_if_due(case, day, on)
        if self._stock is not None:
            self._stock.take_back(case.code, case.site, on)
        for form in self._forms(case, visit, mode):
            moment = self._who_answers(case, form).moment(on, day)
            if form.id == self.workplace.protocol.treatment.form:
                self._prepare(case, visit, form, moment)
            else:
                self._fill(case, visit.id, form, moment)
        case.patient.last_day = day

    def _forms(self, case: Case, visit: Visit, mode: str) -> Iterator[Form]:
        """The forms filled in at a visit."""
        protocol, skipped = self.workplace.protocol, self.scenario.attendance.remote_skips if mode == "remote" else ()
        without = {*skipped, *([protocol.treatment.form] if case.stopped else [])}
        return (protocol.form_by_id[form] for form in visit.forms if form not in without)

    def _prepare(self, case: Case, visit: Visit, form: Form, moment: Moment) -> None:
        """Have a dose prepared; it is given when it has left the pharmacy. A kit was prepared long before."""
        plan = self.workplace.protocol.treatment.preparation
        if plan is None or self._stock is not None:
            return self._treat(case, visit, form, moment)
        self.pharmacist.prepare(case.code, visit.id, self._able("dispense", case.site))
        waited = timedelta(minutes=plan.least_minutes + self._random.uniform(1, 20))
        return self._at(self.clock() + waited, lambda: self._treat(case, visit, form, moment))

    def _treat(self, case: Case, visit: Visit, form: Form, moment: Moment) -> None:
        """Release a dose, and fill in the form of the treatment with the number of its bag."""
        if case.ended:
            return
        bag = self._hand_over(case, visit, moment.on)
        self._fill(case, visit.id, form, replace(moment, bag=bag))

    def _hand_over(self, case: Case, visit: Visit, on: date) -> str:
        """The number of what a participant is given at a visit: of a kit, or of a bag the pharmacy prepared."""
        if self._stock is not None:
            return self._stock.dispense(case.code, case.site, visit.id, on)
        by = self._able("dispense", case.site)
        released = self._done(self.workplace.release_dose(case.code, visit.id, by=by, key=self._key()))
        return getattr(released.acts[0].act, "bag", "")

    def _stop_if_due(self, case: Case, day: float, on: date) -> None:
        if not case.stopped and day >= case.stops_on:
            case.stopped = True
            by = self._able("stop_treatment", case.site)
            self._done(
                self.workplace.stop_treatment(case.code, on=on, because=case.stop_reason, by=by, key=self._key())
            )

    def _fill(self, case: Case, visit: str, form: Form, moment: Moment) -> None:
        self._save(case, visit, form, self._answers(case, visit, form, moment, {}), 1)

    def _answers(
        self, case: Case, visit: str, form: Form, moment: Moment, own: Mapping[str, Draw]
    ) -> dict[str, Answer]:
        """An answer to every question that is asked, in the order of the form."""
        protocol, behind = self.workplace.protocol, self.workplace.history(case.code).at(visit)
        who = self._who_answers(case, form)
        answers: dict[str, Answer] = {}
        row = row_of(protocol, form, answers, behind)  # reads the answers as they come
        for spec in form.items:
            if asked(spec, row):
                answers[spec.id] = who.answer(item_of(spec, protocol), moment, answers, own.get(spec.id))
        return answers

    def _who_answers(self, case: Case, form: Form) -> Patient:
        """The participant; to what is asked about beliefs somebody who knows neither arm nor what goes on."""
        belief = self.workplace.protocol.masking.belief
        return case.believer if belief is not None and form.id in belief.forms else case.patient

    def _save(self, case: Case, visit: str, form: Form, answers: dict[str, Answer], repeat: int) -> None:
        by = self._who(form.filled_by[0], case.site)
        texts = {item: _as_typed(answer) for item, answer in answers.items()}
        saved = self._done(
            self.workplace.save_form(case.code, visit, form.id, texts, by=by, key=self._key(), repeat=repeat)
        )
        for recorded in saved.acts[1:]:
            if isinstance(recorded.act, QueryRaised):
                self._plan_answer(case, recorded.act.query)
        if case.patient.random.random() < self.scenario.attendance.corrections:
            self._correct(case, visit, form, answers, repeat)
        if form.signed_by:
            signer = self._who(form.signed_by, case.site)
            self._done(
                self.workplace.sign_form(
                    case.code, visit, form.id, meaning="reviewed", by=signer, key=self._key(), repeat=repeat
                )
            )

    def _correct(self, case: Case, visit: str, form: Form, answers: dict[str, Answer], repeat: int) -> None:
        """Somebody notices a slip of the pen before the form is signed, and corrects it with a reason."""
        measured = {item: value for item, value in answers.items() if isinstance(value, Decimal) and value > 1}
        if measured:
            item = case.patient.random.choice(list(measured))
            slip = Decimal("0.1") if measured[item] % 1 else Decimal(1)
            texts = {item: str(measured[item] - slip)}
            by = self._who(form.filled_by[0], case.site)
            self._done(
                self.workplace.save_form(
                    case.code, visit, form.id, texts, by=by, key=self._key(), repeat=repeat,
                    reason="Copied wrongly from the source. / 抄录错误。",
                )
            )  # fmt: skip

    def _plan_answer(self, case: Case, query: str) -> None:
        day = self.clock.now.date() + timedelta(days=self._random.randint(1, 14))
        self._on(day, 15, lambda: self._answer(case, query))

    def _answer(self, case: Case, query: str) -> None:
        by = self._able("answer", case.site)
        text = "Checked against the source: correct as entered. / 已与原始记录核对，数据无误。"
        self._done(self.workplace.answer_query(case.code, query, text=text, by=by, key=self._key()))
        closer = self._able("query", case.site)
        self._done(self.workplace.close_query(case.code, query, by=closer, key=self._key()))

    # --- Logs and the end -------------------------------------------------------------------------------------------

    def _plan_rows(self, case: Case, anchor: date, last: int) -> None:
        for row in self.scenario.rows:
            rate, day = row.per_year.get(case.patient.arm, 0.0), 0.0
            while rate > 0 and (day := day + case.patient.random.expovariate(rate / 365.25)) < min(
                last, case.leaves_on
            ):
                self._plan_row(case, row, anchor, day)

    def _plan_row(self, case: Case, row: LogRow, anchor: date, day: float) -> None:
        on = anchor + timedelta(days=int(day))
        noticed = on + timedelta(days=case.patient.random.randint(0, 10))
        self._on(noticed, 16, lambda: self._row(case, row, on, day))

    def _row(self, case: Case, row: LogRow, on: date, day: float) -> None:
        form = self.workplace.protocol.form_by_id[row.form]
        answers = self._answers(case, LOG, form, case.patient.moment(on, day), row.answers)
        case.rows[form.id] = case.rows.get(form.id, 0) + 1
        self._save(case, LOG, form, answers, case.rows[form.id])
        if form.id == self.workplace.protocol.safety.adverse_events.form:
            self._report(case, case.rows[form.id], answers, on)

    def _report(self, case: Case, event: int, answers: Mapping[str, Answer], on: date) -> None:
        """Tell the sponsor of a serious event at once: every report that the protocol asks of the site for it."""
        protocol, now = self.workplace.protocol, self.clock()
        names = protocol.safety.adverse_events
        if answers.get(names.serious) is not True:
            return
        said = answers.get(names.aware or "")
        day = said if isinstance(said, date) else on
        by = self._able("report_safety", case.site)
        self._done(self.workplace.know_serious(case.code, event, aware=now, on=day, by=by, key=self._key()))
        for duty in duties(protocol, self.workplace.history(case.code).subject, (LOG, names.form, event)):
            if duty.clock.awareness == "site":
                sent = self.workplace.send_safety_report(
                    case.code, event, clock=duty.clock.id, sent=now, by=by, key=self._key()
                )
                self._done(sent)

    def _plan_end(self, case: Case, anchor: date, last: int) -> None:
        left = case.leaves_on < last
        day = anchor + timedelta(days=int(case.leaves_on) if left else last + 14)
        self._on(day, 17, lambda: self._end(case, day, case.leave_reason if left else "completed"))

    def _end(self, case: Case, on: date, how: str) -> None:
        case.ended = True
        by = self._able("end_participation", case.site)
        self._done(self.workplace.end_participation(case.code, on=on, how=how, by=by, key=self._key()))
        self.finished += 1
        if self.progress is not None:
            self.progress(self.finished, self.participants)


def _as_typed(answer: Answer) -> str:
    written = write(answer)
    return f"?{written['missing']}" if isinstance(written, dict) else written or ""
