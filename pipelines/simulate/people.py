"""Who took part, by role, what was decided, and what readers of other trades are told.

Here: participants, decisions, communication, lessons, follow-ups. Persons are handles, never names; ingestion turns
them into pseudonyms. Not here: teams' names (organisation.py).
"""

from __future__ import annotations

from pipelines.simulate import words_effects as words
from pipelines.simulate.facts import Facts
from pipelines.simulate.weeks import AS_OF, DAY, at, on
from pipelines.simulate.words_causes import ROOT_CAUSES
from pipelines.simulate.words_factors import FACTORS

HANDLES = 160
ROLES = ("author", "responder", "facilitator", "incident_commander")


def one_of(facts: Facts, texts: tuple):
    """One of the texts."""
    return texts[int(facts.random.random() * len(texts))]


def participants(facts: Facts) -> list[dict]:
    """Its author, or four people where the record is rich; the facilitator is of another team."""
    found = []
    for role in ROLES[: 4 if facts.is_rich else 1]:
        person = f"member-{int(facts.random.random() * HANDLES):03d}"
        found.append({"person": person, "role": role, "team": facts.project.team})
        if facts.is_rich:
            found[-1]["function"] = one_of(facts, words.FUNCTIONS)
        if role == "facilitator":
            found[-1] |= {"function": "quality", "team": "feature-platform"}
    return found


def decisions(facts: Facts) -> list[dict]:
    """One decision; three of ten accept a risk until a day."""
    question, chosen = one_of(facts, words.DECISIONS)
    found = {"id": "D1", "decided_at": at(facts.acknowledged), "question": question, "chosen": chosen}
    found |= {"alternatives": ["Wait for the producer"], "decider_role": "on_call"}
    if facts.random.random() < 0.3:
        expires = facts.impact + int((20 + 300 * facts.random.random()) * DAY)
        found["risks_accepted"] = [{"text": one_of(facts, words.RISKS), "expires_on": on(expires)}]
    if facts.is_rich:
        found["rationale"] = "It ends the impact and can be undone."
    return [found]


def communication(facts: Facts) -> dict:
    """The same incident for leaders, engineers and risk; for products and on-call where the record is rich."""
    minutes = max(1, facts.mitigated - facts.impact)
    cause = ROOT_CAUSES[facts.code].statement.format(a=facts.artifact.name)
    found = {
        "executive_summary": words.SUMMARIES[facts.kind].format(n=minutes, s=facts.service.name),
        "technical_findings": cause,
        "risk_implications": "No limit was broken."
        if facts.severity != "sev1"
        else "The limit on automatic decisions was reached.",
    }
    if facts.is_rich:
        found["product_implications"] = "Affected users were told in the product on the same day."
        found["operator_notes"] = f"Look at {facts.artifact.name} before restarting {facts.service.name}."
    return found


def lessons(facts: Facts) -> dict:
    """What helped, what did not, where luck had a part."""
    found = {
        "went_well": [one_of(facts, words.WENT_WELL)],
        "went_wrong": [one_of(facts, words.WENT_WRONG)],
        "lucky": [],
    }
    if facts.is_rich:
        found |= {
            "learned": [FACTORS[facts.factors[0]].text],
            "lucky": [one_of(facts, words.LUCKY)],
            "surprises": [one_of(facts, words.SURPRISES)],
        }
    return found


def follow_ups(facts: Facts, written: int) -> list[dict]:
    """One thing to look at later; with a result where the day had come and somebody looked."""
    day = facts.filed + int((30 + 150 * facts.random.random()) * DAY)
    is_done = day <= written and facts.random.random() < 0.8
    result = "It holds in all regions." if is_done else ""
    what = f"Does the same hold for other readers of {facts.artifact.name}?"
    return [{"on": on(day), "what": what, "result": result, "target": {"kind": "roadmap"}}]


def is_overdue(follow_up: dict) -> bool:
    """Without a result on AS_OF, and its day is past."""
    return follow_up["result"] == "" and follow_up["on"] < on(AS_OF)
