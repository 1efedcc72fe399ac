"""Preventive actions: what is done, by which team, until when, and whether it held, as known at a revision.

Here: `actions` and the tally of them. Not here: whether an action changes a rate; only plan_fixes.py does that.
"""

from __future__ import annotations

from pipelines.simulate import weeks
from pipelines.simulate.facts import Facts
from pipelines.simulate.weeks import DAY, on
from pipelines.simulate.words_causes import ROOT_CAUSES
from pipelines.simulate.words_effects import CATEGORIES
from pipelines.simulate.words_factors import FACTORS

KIND = {"monitoring": "detect", "rollback": "mitigate", "training": "process"}
STRENGTH = {"design": "strong", "training": "weak"}
REASONS = {
    "rejected": "It would slow every release for a case seen once.",
    "superseded": "A broader measure of the platform covers it.",
}


class Course:
    """How one action goes in truth, whatever a revision knows of it: due, implemented, looked at, with which result."""

    def __init__(self, facts: Facts, may_be_rejected: bool) -> None:
        random, planted = facts.random, facts.planted
        is_quick, last = random.random() < 0.55, facts.revisions[-1][1]
        if is_quick:  # done before the first record is written
            self.due = facts.filed + int((2 + 8 * random.random()) * DAY)
            self.implemented = facts.detected + int(0.6 * random.random() * (facts.filed - facts.detected))
            days = random.random() * 3
        else:
            self.due = facts.filed + int((10 + 80 * random.random()) * DAY)
            self.implemented = max(facts.filed + DAY, self.due + int(random.gauss(0, 18) * DAY))
            days = 3 + 40 * random.random()
        self.looked = self.implemented + int(days * DAY)
        self.end = _end(random.random(), may_be_rejected)
        if (
            self.end == "done"
            and self.implemented > last
            and self.due < weeks.AS_OF - 60 * DAY
            and random.random() < 0.7
        ):
            self.end = "superseded"  # what is still open years later is rarely what a team says of itself
        result = random.random()
        self.result = "held" if result < 0.72 else "did_not_hold" if result < 0.86 else "inconclusive"
        if planted.is_plain:
            self.end = "proposed"
        elif planted.fix and not may_be_rejected:
            self.end, self.implemented = "done", planted.implemented
            self.due, self.looked = planted.implemented + 4 * DAY, planted.implemented + 56 * DAY
            self.result = "held" if planted.fix == "reduced" else "did_not_hold"

    def known(self, written: int, is_verified: bool) -> dict:
        """Status, day of implementation and verifications as a revision written then has them."""
        if self.end == "done" and self.implemented <= written:
            return self._done(written)
        status = self.end if self.end != "done" else "in_progress" if written > self.due else "accepted"
        found = {"status": status}
        if status in REASONS:
            found["status_reason"] = REASONS[status]
        return found | ({"verify_on": [on(self.looked)], "verifications": []} if is_verified else {})

    def _done(self, written: int) -> dict:
        found = {"status": "done", "implemented_on": on(self.implemented), "verify_on": [on(self.looked)]}
        if self.looked <= written:
            one = {
                "on": on(self.looked),
                "by_role": "on_call",
                "observed": int(self.result == "did_not_hold"),
                "result": self.result,
            }
        else:  # looked at once when it went live: too early to tell, and said so
            one = {
                "on": on(self.implemented),
                "by_role": "platform",
                "observed": "too few cases yet",
                "result": "inconclusive",
            }
        return found | {"verifications": [one]}


def _end(r: float, may_be_rejected: bool) -> str:
    """What becomes of an action in the end; one against the only root cause is not rejected."""
    if r < 0.05:
        return "rejected" if may_be_rejected else "superseded"
    return "superseded" if r < 0.08 else "proposed" if r < 0.14 else "accepted" if r < 0.17 else "done"


def planned(facts: Facts) -> list[tuple[dict, Course]]:
    """What every revision says alike of its actions, each with its course."""
    cause, factor = ROOT_CAUSES[facts.code], FACTORS[facts.factors[0]]
    team, artifact = facts.project.team, facts.artifact.name
    wanted = [
        (cause.action.format(a=artifact), cause.measure, "RC1", cause.metric),
        (factor.action, factor.measure, "CO1", "cases let through"),
    ]
    if facts.is_rich:
        wanted.append(("Repair what the affected period left behind", "validation_rule", "RC1", "rows still wrong"))
    found = []
    for n, (title, measure, prevents, metric) in enumerate(wanted[: 3 if facts.is_rich else 1 + facts.number % 2], 1):
        course = Course(facts, may_be_rejected=n > 1)
        kind = "repair" if n == 3 else KIND.get(measure, "prevent")
        action = {
            "id": f"A{n}",
            "title": title,
            "kind": kind,
            "measure": measure,
            "strength": STRENGTH.get(measure, "medium"),
            "prevents": [prevents],
        }
        action["scope"] = {"services": [facts.service.name]} | (
            {"models": [facts.model]} if facts.category == CATEGORIES[2] else {}
        )
        action |= {"owner_team": team, "due_on": on(course.due)}
        success = {"metric": metric, "baseline": facts.amount, "target": 0, "window_days": 90}
        if facts.is_rich and n == 1:
            action["change_control"] = {
                "ticket": f"CHG-{facts.number % 9000 + 1000}",
                "rollback_plan": "The old setting stays selectable",
                "environments": ["staging", "production"],
            }
            action["environment_checks"] = [
                {
                    "environment": "staging",
                    "check": "same version as production",
                    "result": "same",
                    "checked_on": on(facts.filed),
                }
            ]
        found.append((action | {"success": success}, course))
    return found


def known(plan: list[tuple[dict, Course]], stage: str, written: int) -> list[dict]:
    """The actions as a revision has them."""
    return [action | course.known(written, stage == "verified") for action, course in plan]


def is_late(action: dict) -> bool:
    """Open on AS_OF, and due before that day."""
    return action["status"] in ("accepted", "in_progress") and action["due_on"] < on(weeks.AS_OF)
