"""The results as a public registry asks for them: flow, baseline, outcome measures with analyses, adverse events.

The names are those of the results section of ClinicalTrials.gov's data (API version 2: `participantFlowModule`,
`baselineCharacteristicsModule`, `outcomeMeasuresModule`, `adverseEventsModule`), numbers are text as there, and every
one of them comes from the dataset the report prints. Words of judgement, such as descriptions and limitations, are for
people to write.
"""

import json
from functools import partial
from typing import Final

from equipoise.analysis import Analysis
from equipoise.analysis.baseline import BASELINE, variable
from equipoise.analysis.flow import FLOW
from equipoise.items.canonical import Json
from equipoise.reports.provenance import Provenance
from equipoise.reports.registry_events import adverse_events
from equipoise.reports.registry_groups import Object, groups, number, of_groups
from equipoise.reports.registry_outcomes import outcome_measures

_LEFT: Final = {"withdrew": "Withdrawal by Subject", "lost": "Lost to Follow-up", "died": "Death", "other": "Other"}


def registry_results(analysis: Analysis, provenance: Provenance, marks: str) -> bytes:
    """The results section as JSON, in English, with what it was made from and the marks of the data."""
    made: Object = {
        "data": marks or "AS RECORDED",
        "provenance": {
            "protocol": provenance.protocol_digest, "ledgerHead": provenance.ledger_head, "acts": provenance.acts,
            "software": provenance.software,
        },
        "resultsSection": {
            "participantFlowModule": _flow(analysis), "baselineCharacteristicsModule": _baseline(analysis),
            "outcomeMeasuresModule": outcome_measures(analysis), "adverseEventsModule": adverse_events(analysis),
        },
    }  # fmt: skip
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def _flow(analysis: Analysis) -> Object:
    arms = analysis.cohort.arms

    def people(what: str) -> list[Json]:
        return of_groups("FG", arms, lambda arm: {"numSubjects": str(analysis.results.count(FLOW, what, arm=arm))})

    left = [how for how in _LEFT if any(analysis.results.count(FLOW, how, arm=arm) for arm in arms)]
    milestones: list[Json] = [
        {"type": name, "achievements": people(what)}
        for name, what in (("STARTED", "allocated"), ("Received treatment", "received"), ("COMPLETED", "completed"))
    ]
    withdrawals: list[Json] = [{"type": _LEFT[how], "reasons": people(how)} for how in left]
    period: Object = {"title": "Overall Study", "milestones": milestones, "dropWithdraws": withdrawals}
    return {"groups": groups(analysis, "FG"), "periods": [period]}


def _baseline(analysis: Analysis) -> Object:
    sizes = [analysis.results.count(FLOW, "allocated", arm=arm) for arm in analysis.cohort.arms]
    counts: list[Json] = [
        {"groupId": f"BG{place:03}", "value": str(size)} for place, size in enumerate([*sizes, sum(sizes)])
    ]
    measures: list[Json] = [_measure(analysis, name) for name in analysis.protocol.analysis.baseline]
    return {
        "groups": groups(analysis, "BG", everybody=True),
        "denoms": [{"units": "Participants", "counts": counts}],
        "measures": measures,
    }


def _measure(analysis: Analysis, name: str) -> Object:
    shape = variable(name, analysis.cohort)
    everybody = (*analysis.cohort.arms, "")

    def counted(code: str, arm: str) -> Object:
        return {"value": str(analysis.results.count(BASELINE, "count", variable=name, level=code, arm=arm))}

    def described(arm: str) -> Object:
        mean, spread = (_estimate(analysis, statistic, name, arm) for statistic in ("mean", "sd"))
        return {"value": number(mean), "spread": number(spread)}

    if not shape.levels:
        kind: Object = {"paramType": "MEAN", "dispersionType": "STANDARD_DEVIATION"}
        kind["unitOfMeasure"] = shape.unit or "score"
        categories: list[Json] = [{"measurements": of_groups("BG", everybody, described)}]
    else:
        kind = {"paramType": "COUNT_OF_PARTICIPANTS", "unitOfMeasure": "Participants"}
        categories = [
            {"title": label.en, "measurements": of_groups("BG", everybody, partial(counted, code))}
            for code, label in shape.levels
        ]
    return {"title": shape.label.en, **kind, "classes": [{"categories": categories}]}


def _estimate(analysis: Analysis, statistic: str, name: str, arm: str) -> float | None:
    row = analysis.results.get(BASELINE, statistic, variable=name, arm=arm)
    return row.estimate if row is not None else None
