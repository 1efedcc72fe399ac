"""The sections of a record that say what was hit, when, and in which part of the landscape.

Here: scope, impact, chronology, timeline, context with its lineage. Not here: why (analysis.py), levers (levers.py).
"""

from __future__ import annotations

import math

from pipelines.simulate.facts import Facts
from pipelines.simulate.organisation import BY_NAME
from pipelines.simulate.weeks import at, on
from pipelines.simulate.words_causes import ROOT_CAUSES
from pipelines.simulate.words_effects import CATEGORIES, HARMS, OBJECTIVES
from pipelines.simulate.words_factors import TRIGGERS

CURRENCY = {"eu-north": "SEK", "eu-west": "EUR", "us-east": "USD"}
HARM_KINDS = list(HARMS)


def scope(facts: Facts, summary: str) -> dict:
    """What was affected; one of twenty leaves the regions out, and so does the team that has stopped writing them."""
    found = {"summary": summary, "services": [facts.service.name]}
    if facts.category == "model_performance_regression":
        found["models"] = [facts.model]
    if facts.history != ("draft",):
        found["affected"] = [{"who": "users"} | facts.users]
    if facts.random.random() >= 0.05 and not facts.drops_field:
        found["regions"] = [facts.service.region]
    return found


def impact(facts: Facts) -> dict:
    """Cost, harms and how a third party finds the affected cases again."""
    random, least = facts.random, facts.users["min"]
    cents = int(least * 40 * math.exp(random.gauss(0, 0.7)))
    harms = []
    if random.random() < 0.35:
        kind = HARM_KINDS[int(random.random() * len(HARM_KINDS))]
        harms.append({"kind": kind, "description": HARMS[kind], "people": facts.users})
    found = {
        "cost": {
            "min_cents": cents,
            "max_cents": int(cents * (1.2 + random.random())),
            "currency": CURRENCY[facts.service.region],
        },
        "harms": harms,
        "heuristic": f"requests of {facts.service.name} in that time",
    }
    if facts.category == CATEGORIES[0] or random.random() < 0.3:
        found["objective"] = f"{facts.service.name}/{OBJECTIVES[CATEGORIES.index(facts.category)]}"
    return found


def chronology(facts: Facts, stage: str, written: int) -> dict:
    """The turning points as far as the stage asks for them and they have come."""
    found = {"impact_started_at": at(facts.impact), "detected_at": at(facts.detected)}
    if facts.kind == "near_miss":
        found["impact_started_at"] = "not_applicable"
    if stage != "draft":
        introduced = facts.introduced
        found["introduced_at"] = "unknown" if introduced % 9 == 0 else (on if introduced % 4 == 0 else at)(introduced)
        if stage != "review" or facts.number % 2:
            found["acknowledged_at"] = at(facts.acknowledged)
    found["mitigated_at"] = at(facts.mitigated)
    if facts.resolved <= written:
        found["resolved_at"] = at(facts.resolved)
    if stage == "verified":
        found["closed_at"] = on(written)
    if facts.impact % 10 == 0 and facts.kind != "near_miss":
        found["estimated"] = ["impact_started_at"]
    if facts.impact % 7 == 0 and stage != "draft":
        minutes = round((facts.resolved - facts.impact) / 15) * 15 + 15
        found["stated"] = {"time_to_resolve_minutes": minutes, "time_to_resolve_text": f"about {minutes} minutes"}
    return found


def timeline(facts: Facts) -> list[dict]:
    """Two rows, or five where the record is rich, in the order of time."""
    rows = [
        {"at": at(facts.impact - 2), "event": TRIGGERS[facts.trigger][1]},
        {"at": at(facts.detected), "event": DETECTED[facts.detection]},
    ]
    if facts.is_rich:
        rows[0]["source"] = "change log"
        rows.append({"at": at(facts.acknowledged), "event": "On-call takes it up.", "source": "pager"})
        rows.append({"at": at(facts.mitigated), "event": "The fallback takes over.", "actor_role": "on_call"})
        rows.append(
            {"at": at(facts.resolved), "event": f"{facts.service.name} is back to normal.", "source": "metrics"}
        )
    return rows


DETECTED = {
    "monitor": "An alert fires.",
    "internal_human": "A colleague compares two dashboards.",
    "customer": "Customers call.",
    "third_party": "A partner reports it.",
    "audit": "A review finds it.",
}


def context(facts: Facts) -> dict:
    """The artifacts from the cause to the affected service, each saying what it is made from."""
    cause, carriers = facts.artifact, []
    artifacts = [{"id": "AR1", "kind": cause.kind, "name": cause.name, "role": "cause"}]
    if cause.kind == "dataset" and facts.history[-1] != "review":
        carriers = [one for one in BY_NAME.values() if cause.name in one.made_from][:1]
    for carrier in carriers:
        before = artifacts[-1]["id"]
        artifacts.append(
            {"id": "AR2", "kind": carrier.kind, "name": carrier.name, "role": "carrier", "derived_from": [before]}
        )
    if facts.category == CATEGORIES[2]:
        artifacts.append(
            {
                "id": "AR3",
                "kind": "model",
                "name": facts.model,
                "version": f"{facts.week // 9 + 1}.{facts.number % 4}",
                "role": "affected",
                "derived_from": [artifacts[-1]["id"]],
            }
        )
    artifacts.append(
        {
            "id": "AR4",
            "kind": "service",
            "name": facts.service.name,
            "role": "affected",
            "derived_from": [artifacts[-1]["id"]],
        }
    )
    found = {"artifacts": artifacts}
    if facts.category == CATEGORIES[0] or facts.is_rich:
        found["deployment"] = {
            "id": f"rel-{facts.introduced // 1440 % 9000}",
            "environment": "production",
            "region": facts.service.region,
        }
    if facts.is_rich:
        found["code"] = {"repository": f"git/{facts.project.name}", "commit": f"{facts.random.getrandbits(40):010x}"}
    return found


def title(facts: Facts, effect: str) -> str:
    """One line: what was felt, and by what it came."""
    said = effect.format(s=facts.service.name, m=facts.model, n=facts.amount)
    return f"{said} after {ROOT_CAUSES[facts.code].clause.format(a=facts.artifact.name)}"
