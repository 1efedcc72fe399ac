"""How it was found out: evidence, symptoms, hypotheses, the matrix between them, interviews, what would have helped.

Here: the argument of one record, and the causes it ends in. Not here: files of evidence (evidence.py), actions.
"""

from __future__ import annotations

from pipelines.simulate.facts import Facts
from pipelines.simulate.weeks import DAY, on
from pipelines.simulate.words_causes import ROOT_CAUSES
from pipelines.simulate.words_effects import FUNCTIONS, METRICS
from pipelines.simulate.words_factors import FACTORS, TRIGGERS

LAYER = {"missing_validation": "technical", "monitoring_gap": "technical", "rollback_failed": "technical"}
OTHER = (
    "Traffic was higher than the service can take.",
    "The network between the regions lost packets.",
    "A release of the same day carried the fault.",
)
CONSISTENT = ("for", "strongly_for")
AGAINST = ("against", "strongly_against")


def symptoms(facts: Facts) -> list[dict]:
    """What showed itself, without a reason."""
    metric = METRICS[facts.category][facts.number % 3]
    found = [{"id": "S1", "text": f"{metric} left its band within {facts.amount} minutes"}]
    if facts.is_rich:
        found.append({"id": "S2", "text": f"Only requests that use {facts.artifact.name} were affected"})
    return found


def hypotheses(facts: Facts, is_published: bool) -> list[dict]:
    """The cause that was found, open until the record is published; then one that was not, too."""
    random, statement = facts.random, ROOT_CAUSES[facts.code].statement.format(a=facts.artifact.name)
    other = OTHER[int(random.random() * len(OTHER))]
    first, second = {"id": "H1", "statement": statement}, {"id": "H2", "statement": other}
    if not is_published:
        return [first | {"state": "open"}, second | {"state": "open"}] if facts.is_rich else [first | {"state": "open"}]
    prior = round(0.1 + 0.4 * random.random(), 2)
    first |= {"state": "supported", "prior": prior}
    second |= {"state": "refuted", "prior": round(0.6 - prior / 2, 2)}
    if facts.is_rich:
        first["confidence"] = round(0.75 + 0.24 * random.random(), 2)
        second["confidence"] = round(0.1 * random.random(), 2)
    return [first, second]


def matrix(facts: Facts) -> list[dict]:
    """Each symptom against each hypothesis; the first rests on two sources."""
    random = facts.random
    cells = []
    for symptom in ("S1", "S2") if facts.is_rich else ("S1",):
        cells.append((symptom, "H1", CONSISTENT[int(random.random() * len(CONSISTENT))]))
        cells.append((symptom, "H2", AGAINST[int(random.random() * len(AGAINST))]))
    return [
        {"symptom": s, "hypothesis": h, "evidence": ["E1", "E2"] if h == "H1" else ["E1"], "consistency": c}
        for s, h, c in cells
    ]


def counterfactuals(facts: Facts) -> list[dict]:
    """A control that would have helped, and whether it was there."""
    existed = ("no", "no", "failed")[int(facts.random.random() * 3)]
    effect = ("prevented", "detected", "mitigated")[int(facts.random.random() * 3)]
    return [
        {
            "id": "CF1",
            "control": FACTORS[facts.factors[0]].action,
            "existed": existed,
            "would_have": effect,
            "cause": "CO1",
            "needs": f"A week of {facts.project.team}",
        }
    ]


def analysis(facts: Facts, is_published: bool) -> dict:
    """The whole section for the stage."""
    found = {"symptoms": symptoms(facts), "hypotheses": hypotheses(facts, is_published)}
    if is_published:
        found["matrix"] = matrix(facts)
        if facts.is_rich:
            found["tests"] = [
                {
                    "hypothesis": "H2",
                    "round": 1,
                    "slice": "the hour before",
                    "expected": "twice the usual traffic",
                    "observed": f"{90 + facts.amount} percent of it",
                    "evidence": ["E1"],
                }
            ]
            found["assumptions"] = [
                {
                    "text": "Clients that gave up are as many as in the week before.",
                    "testable": False,
                    "why_not": "They leave no trace",
                }
            ]
            found["shortcuts"] = [{"text": "Retries are counted as requests of their own."}]
        found["counterfactuals"] = counterfactuals(facts)
    return found


def interviews(facts: Facts, written: int) -> list[dict]:
    """One short interview, for those who want to hear it in other words."""
    held = max(facts.resolved, written - 2 * DAY)
    text = f"The first odd values came from {facts.artifact.name}."
    statements = [{"text": text, "supports": ["H1"]}]
    role, prompts = FUNCTIONS[facts.number % len(FUNCTIONS)], ["What did you see first?"]
    return [{"role": role, "held_at": on(held), "prompts": prompts, "statements": statements}]


def causes(facts: Facts, is_published: bool) -> dict:
    """Trigger, root cause and contributing factors; from publication on with layer and evidence."""
    root = {"id": "RC1", "code": facts.code, "owner_team": facts.project.team, "artifacts": ["AR1"]}
    factors = [{"id": f"CO{n}", "code": code} for n, code in enumerate(facts.factors, 1)]
    trigger = {"id": "TR1", "code": facts.trigger}
    if is_published:
        root |= {"layer": "technical", "hypothesis": "H1", "priority": 1, "evidence": ["E1", "E2"]}
        for factor in factors:
            words = FACTORS[factor["code"]]
            factor |= {"layer": LAYER.get(factor["code"], "process"), "description": words.text}
            factor["why_undetected"] = words.unseen
            factor |= {"owner_team": facts.project.team} if facts.is_rich else {}
        if facts.is_rich:
            root["description"] = ROOT_CAUSES[facts.code].statement.format(a=facts.artifact.name)
            trigger["description"] = TRIGGERS[facts.trigger][1]
    return {"triggers": [trigger], "root_causes": [root], "contributing_factors": factors}


def plain_causes(facts: Facts) -> dict:
    """What a draft may already say: a code, and where it seems to lie."""
    return {
        "root_causes": [{"id": "RC1", "code": facts.code}],
        "contributing_factors": [{"id": "CO1", "code": facts.factors[0]}],
    }
