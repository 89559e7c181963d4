"""A replayed trial as acts: the same records that people would have made, folded into the same Snapshot.

Only what the simulation knows is recorded: who came and when, the assessments, and the answers that a scenario gives
under `written`. The analysis then reads events, scores and doses from answers, as in any other trial.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import floor, inf
from typing import Final, Literal

from equipoise.conduct import acts as a
from equipoise.conduct.fold import fold
from equipoise.conduct.snapshot import OpenedSnapshot
from equipoise.conduct.strata import WHOLE
from equipoise.items import Answer, Item, Missing, Problem, read, write
from equipoise.protocol.load import digest
from equipoise.protocol.names import item_of
from equipoise.protocol.schedule import Visit
from equipoise.protocol.schema import Protocol
from equipoise.simulation.design.nature_kernels import ATTENDED, DAY, DOSE, SCORE, STATE
from equipoise.simulation.design.plan import Floats
from equipoise.simulation.design.reading import Study
from equipoise.simulation.design.replay import Replayed
from equipoise.simulation.design.trial_kernels import BEGUN, DIED, STOPPED

_BY: Final = a.Person("simulation", "simulation")
_UNKNOWN: Final = Missing("ND")


@dataclass(frozen=True, slots=True)
class Conducted:
    """A replayed trial written down: every act in its envelope, and the arm of each participant by code."""

    acts: tuple[a.Recorded, ...]
    arms: Mapping[str, str]


def recorded(study: Study, trial: Replayed, protocol: Protocol) -> Conducted:
    """The replayed trial as the records of those who would have conducted it. Raises ValueError without assessments."""
    if study.scenario.observed != "at_visits":
        raise ValueError("a trial without assessments has nothing to write down")
    conducted = _Writing(study, trial, protocol)
    arms = {conducted.code(who): study.design.arms[trial.rows.arm[who]] for who in range(trial.rows.arm.size)}
    return Conducted(tuple(conducted.recorded()), arms)


def opened(study: Study, trial: Replayed, protocol: Protocol) -> OpenedSnapshot:
    """The replayed trial as it would be after the lock, its list opened. Raises ValueError without assessments."""
    conducted = recorded(study, trial, protocol)
    return OpenedSnapshot(fold(protocol.id, protocol, conducted.acts), conducted.arms, dummy=False)


@dataclass(frozen=True, slots=True)
class _Writing:
    study: Study
    trial: Replayed
    protocol: Protocol

    def recorded(self) -> Iterator[a.Recorded]:
        """Every act in its envelope, participant after participant."""
        name, protocol = f"trial-{self.trial.number}", digest(self.protocol)
        for sequence, (on, act) in enumerate(self._acts(protocol), start=1):
            at = datetime.combine(on, time(12), UTC)
            yield a.Recorded(self.protocol.id, sequence, f"{name}-{sequence}", at, _BY, "", protocol, act, "", name)

    def code(self, who: int) -> str:
        """A participant's code: the site, and the place among all in the order of entry."""
        return f"{self._site(who)}-{who + 1:03d}"

    def _acts(self, protocol: str) -> Iterator[tuple[date, a.Act]]:
        first = self._entered(0)
        yield first, a.StudyOpened(protocol=protocol, protocol_version=self.protocol.version, simulated=True)
        for site in self.protocol.sites:
            yield first, a.SiteActivated(site=site.id)
        for who in range(self.trial.rows.arm.size):
            yield from self._participant(who)

    def _site(self, who: int) -> str:
        return self.protocol.sites[int(self.trial.rows.site[who])].id

    def _entered(self, who: int) -> date:
        start = self.study.scenario.start or self.protocol.dated
        return start + timedelta(days=floor(self.trial.rows.entered[who]))

    def _participant(self, who: int) -> Iterator[tuple[date, a.Act]]:
        code, entered, site = self.code(who), self._entered(who), self._site(who)
        yield entered, a.SubjectScreened(subject=code, site=site)
        yield entered, a.Consented(subject=code, document="1", language="en", on=entered)
        known = {"site": site, **self._known(who)}
        stratum = "|".join(f"{name}={known[name]}" for name in self.protocol.randomisation.strata) or WHOLE
        yield entered, a.Randomised(subject=code, stratum=stratum, slot=str(who + 1), on=entered)
        yield from self._baseline(who, code, entered)
        left, begun = float(self.trial.leaves[who]), float(self.trial.rows.days[BEGUN, who])
        yield from self._stopped(who, code, entered)
        for place, visit in enumerate(self.study.design.visits, start=1):
            course = self.trial.courses[who, :, place]
            if course[ATTENDED] == 1.0:
                on = entered + timedelta(days=int(course[DAY]))
                yield on, a.VisitHeld(subject=code, visit=visit.id, on=on)
                written = self._answers(course, float(course[STATE]))
                if begun <= course[DAY]:
                    begun, written = inf, {**written, **self.study.scenario.written.prohibited_medication}
                yield from self._forms(code, visit, on, written)
            elif visit.day < left:
                yield (
                    entered + timedelta(days=visit.day),
                    a.VisitMissed(subject=code, visit=visit.id, because="participant"),
                )
        yield self._end(who, code, entered, left)

    def _known(self, who: int) -> dict[str, str]:
        """What a participant is like at baseline, as it is written down, by covariate."""
        values = zip(self.study.design.covariates.items(), self.trial.rows.covariates[:, who], strict=True)
        return {name: levels[int(value)] if levels else f"{value:.10g}" for (name, levels), value in values}

    def _stopped(self, who: int, code: str, entered: date) -> Iterator[tuple[date, a.Act]]:
        """The end of treatment of who stays in the trial without it."""
        stopped = float(self.trial.rows.days[STOPPED, who])
        if stopped <= self.study.design.visits[-1].latest:
            on = entered + timedelta(days=floor(stopped))
            yield on, a.TreatmentStopped(subject=code, on=on, because="participant")

    def _end(self, who: int, code: str, entered: date, left: float) -> tuple[date, a.Act]:
        last = self.study.design.visits[-1].latest
        on = entered + timedelta(days=floor(min(left, last)))
        died = self.trial.rows.days[DIED, who] <= last
        how: Literal["died", "completed", "withdrew"] = "died" if died else "completed" if left > last else "withdrew"
        return on, a.ParticipationEnded(subject=code, on=on, how=how)

    def _baseline(self, who: int, code: str, entered: date) -> Iterator[tuple[date, a.Act]]:
        """The visits up to baseline, with what is written where there is no event."""
        baseline = self.protocol.visit_by_id[self.protocol.schedule.baseline]
        for visit in self.protocol.visits:
            if visit.week <= baseline.week:
                on = entered + timedelta(days=visit.day)
                yield on, a.VisitHeld(subject=code, visit=visit.id, on=on)
                written = {**self._answers(self.trial.courses[who, :, 0], 0.0), **self._known(who)}
                yield from self._forms(code, visit, on, written)

    def _answers(self, course: Floats, state: float) -> dict[str, str | None]:
        """What is written at an assessment, by item; None is declared missing."""
        scenario = self.study.scenario
        written: dict[str, str | None] = {**scenario.written.no_event}
        if state != 0.0:
            written |= scenario.written.event if state > 0.0 else dict.fromkeys(scenario.written.event)
        for part, row in ((scenario.score, SCORE), (scenario.dose, DOSE)):
            if part is not None and part.item:
                written[part.item] = f"{course[row]:.10g}"
        return written

    def _forms(
        self, code: str, visit: Visit, on: date, answers: Mapping[str, str | None]
    ) -> Iterator[tuple[date, a.Act]]:
        """One act for each form that is due and of which something is written."""
        for form_id in visit.forms:
            form = self.protocol.form_by_id[form_id]
            changes = {
                item.id: (None, write(answer_of(item_of(item, self.protocol), answers[item.id])))
                for item in form.items
                if item.id in answers and not form.repeats
            }
            if changes:
                yield on, a.FormSaved(subject=code, visit=visit.id, form=form_id, changes=changes)


def answer_of(item: Item, text: str | None) -> Answer:
    """The answer that a scenario writes; None is an answer declared missing. Raises ValueError for no answer."""
    answer = _UNKNOWN if text is None else read(item, text)
    if isinstance(answer, Problem):
        raise ValueError(answer.message)
    return answer
