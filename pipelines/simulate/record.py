"""One record, revision by revision: the facts as a person would have written them down at each stage.

Here: which section appears at which stage. Not here: what is in a section. All revisions of a record are made
together, so that a later one repeats what an earlier one said.
"""

from __future__ import annotations

from pipelines.simulate import actions, analysis, context, people
from pipelines.simulate.evidence import evidence
from pipelines.simulate.facts import RANK, WRITTEN_FOR, Facts
from pipelines.simulate.forward import known_triggers, replay, scenarios, signals
from pipelines.simulate.levers import levers
from pipelines.simulate.planted import Plan
from pipelines.simulate.weeks import DAY, at, on
from pipelines.simulate.words_causes import ROOT_CAUSES
from pipelines.simulate.words_effects import CATEGORIES, EFFECTS, FEEDBACK, OTHER_TITLES


class Record:
    """All revisions of one record, oldest first, and the files of its evidence."""

    def __init__(self, plan: Plan, kind: str, number: int) -> None:
        self.facts = facts = Facts(plan, kind, number)
        self.files: dict[str, bytes] = {}
        effect = EFFECTS[facts.category][facts.subcategory][1]
        said = context.title(facts, effect)
        self.title = OTHER_TITLES[kind].format(t=said, s=facts.service.name) if kind != "incident" else said
        cause = ROOT_CAUSES[facts.code].clause.format(a=facts.artifact.name)
        self.scope = context.scope(facts, f"Requests of {facts.service.name} since {cause}")
        last = facts.revisions[-1][0]
        self.pieces = evidence(facts, self.files) if last != "draft" else []
        self.review = self._review() if RANK[last] >= RANK["review"] else {}
        self.published = self._published() if RANK[last] >= RANK["published"] else {}
        self.related = plan.related(facts.planted) or self._variant(plan)
        self.revisions = [self._revision(n, *one) for n, one in enumerate(facts.revisions, 1)]

    def _variant(self, plan: Plan) -> list[dict]:
        """One of twenty-five incidents is called a variant of some one of an earlier week."""
        facts = self.facts
        earlier = plan.week_numbers(facts.week).start if facts.kind == "incident" else 0
        if not earlier or facts.random.random() >= 0.04:
            return []
        return [{"id": plan.incident_id(int(facts.random.random() * earlier)), "relation": "variant"}]

    def _review(self) -> dict:
        facts, pieces = self.facts, self.pieces
        return {
            "timeline": context.timeline(facts),
            "context": context.context(facts),
            "levers": levers(facts, is_published=False),
            "evidence": pieces if facts.is_rich or facts.has_evidence else pieces[:1],
            "analysis": analysis.analysis(facts, is_published=False),
            **analysis.causes(facts, is_published=False),
            "participants": people.participants(facts),
        }

    def _published(self) -> dict:
        facts, written = self.facts, self.facts.revisions[-1][1]
        found = {"impact": context.impact(facts), "levers": levers(facts, is_published=True)}
        found |= {"evidence": self.pieces, "analysis": analysis.analysis(facts, is_published=True)}
        found |= analysis.causes(facts, is_published=True)
        self.actions = actions.planned(facts)
        if facts.is_rich:
            found["interviews"] = analysis.interviews(facts, facts.filed)
            found["channels"] = [f"#{facts.id.lower()}"]
            found["known_triggers"] = known_triggers(facts)
        if facts.category == CATEGORIES[2] or facts.is_rich:
            found |= {"signals": signals(facts, self.files), "scenarios": scenarios(facts, facts.filed)}
            found["evidence"] = [*self.pieces, *replay(facts, self.files)]
        found |= {"decisions": people.decisions(facts), "communication": people.communication(facts)}
        found["lessons"] = people.lessons(facts)
        if facts.random.random() < 0.3 or facts.history[-1] == "verified":
            self.follow_ups = people.follow_ups(facts, written)
        else:
            self.follow_ups = []
        if facts.is_rich and facts.number % 3 == 0:
            found["template_feedback"] = [FEEDBACK[facts.number // 3 % 3]]
        return found

    def _revision(self, n: int, stage: str, written: int) -> dict:
        facts = self.facts
        found = {
            "schema_version": WRITTEN_FOR,
            "id": facts.id,
            "revision": n,
            "recorded_at": at(written),
            "stage": stage,
            "record_kind": facts.kind,
            "provenance": "synthetic",
            "title": self.title,
            "domain": facts.project.domain,
            "project": facts.project.name,
            "category": facts.category,
            "subcategory": facts.subcategory,
            "severity": facts.severity,
            "detection_source": facts.detection,
            "scope": self.scope,
            "chronology": context.chronology(facts, stage, written),
        }
        if stage == "draft":
            if facts.number % 2:
                found |= analysis.plain_causes(facts)
        else:
            found |= self.review
            self._domain_fields(found)
        if RANK[stage] >= RANK["published"]:
            found |= self.published
            found["actions"] = actions.known(self.actions, stage, written)
            if self.follow_ups and (stage == "verified" or facts.history[-1] != "verified"):
                found["follow_ups"] = self.follow_ups
        if stage == "verified":
            found["review"] = {"cadence_days": 90, "held_on": [on(facts.filed + DAY), on(written)]}
        if self.related and stage != "draft":
            found["related"] = self.related
        return found

    def _domain_fields(self, found: dict) -> None:
        """What the pack of the domain asks for; domains without a pack have nothing of their own."""
        if found["domain"] == "finance":
            fields = {
                "model_risk_tier": 1 + self.facts.number % 3 if found["scope"].get("models") else "not_applicable"
            }
            if RANK[found["stage"]] >= RANK["published"]:
                fields["loss"] = self.published["impact"]["cost"] | {"stage": "estimated"}
                is_due = self.facts.severity == "sev1"
                fields["regulator"] = {
                    "regime": "DORA Art. 19" if is_due else "not_applicable",
                    "aware_at": at(self.facts.detected) if is_due else "not_applicable",
                }
            found["domain_fields"] = fields
