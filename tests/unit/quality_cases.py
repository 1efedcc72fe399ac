"""Cases of the rules on dates of work, closed loops, agreement and evidence: the edges that examples do not show.

Here: `Case` and `CASES`, used by test_quality_rules.py beside its own. Not here: any assertion, nor what
schemas/rules.yml shows already (test_quality_examples.py runs that).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Case:
    """Records of one rule. `silent` is one it does not apply to, None where it applies to every record."""

    keeps: list[dict]
    breaks: dict
    field: str
    says: str
    silent: dict | None = field(default_factory=dict)
    times: int = 1
    beside: list[dict] = field(default_factory=list)


def at(**times: str) -> dict:
    return {"chronology": times}


def published(**parts) -> dict:
    return {"stage": "published", **parts}


def actions(*entries: dict, **parts) -> dict:
    return published(actions=[{"id": f"A{n}", "title": "Check units", **one} for n, one in enumerate(entries)], **parts)


def window(captured_at: str | None = None, **ends: str) -> dict:
    return {"evidence": [{"id": "E1", "kind": "query", "window": ends, "captured_at": captured_at}]}


def looked(on: str, result: str = "held") -> dict:
    return {"verifications": [{"on": on, "result": result}]}


def analysis(**parts) -> dict:
    return published(analysis=parts)


def refuted(**parts) -> dict:
    return {"hypotheses": [{"id": "H1", "statement": "a leak", "state": "refuted"}], **parts}


def ranges(**ends: object) -> dict:
    return {"scope": {"affected": [{"who": "users", **ends}]}}


def risk(**parts: str) -> dict:
    decision = {"id": "D1", "decided_at": "2026-05-04T10:00Z", "risks_accepted": [{"text": "it is late", **parts}]}
    return published(decisions=[decision])


def drift(**parts: str) -> dict:
    return published(scenarios=[{"id": "SC1", "kind": "drift", **parts}])


def signal(**parts: object) -> dict:
    return published(signals=[{"id": "SG1", "metric": "nulls", "detector": "static", **parts}])


def decision(**parts: object) -> dict:
    return published(decisions=[{"id": "D1", "question": "Stop?", **parts}])


def evidence(**parts: str) -> dict:
    return published(evidence=[{"id": "E1", **parts}])


def led(by: str, owner: str) -> dict:
    cause = {"id": "RC1", "code": "bad_deploy", "owner_team": owner}
    return published(participants=[{"role": "facilitator", "team": by}], root_causes=[cause])


DAYS = {"from": "2026-05-04", "to": "2026-05-04"}
FAILED = {"status": "done", "prevents": ["RC1"], **looked("2026-07-10", "did_not_hold")}
CELL = {"symptom": "S1", "hypothesis": "H1", "consistency": "against"}
YEAR = at(impact_started_at="2026")
STARTED = at(impact_started_at="2026-05-04T00:30+02:00")  # 3 May in UTC
UNASKED, UNSEEN = {"id": "CF1", "control": "alert"}, {"id": "CO1", "code": "monitoring_gap"}

CASES = {
    "PM113": Case([window(**DAYS), window("2026-05-04T09:00Z", **DAYS), window("2026-05", **DAYS)],
                  window("2026-05-04T09:00Z", **{"from": "2026-05-04T08:00Z", "to": "2026-05-04T09:30Z"}),
                  "evidence[0].window.to", "ends 2026-05-04T09:30Z", silent=window(to="2026-05-04")),
    "PM114": Case([actions({"implemented_on": "2026-11-21"})], actions({}, {"implemented_on": "2026-11-22"}),
                  "actions[1].implemented_on", "A1 took effect on 2026-11-22", silent=actions({})),
    "PM115": Case([actions({"implemented_on": "2026-05-28", **looked("2026-05-28")}), actions(looked("2026-11-21"))],
                  actions(looked("2026-05-02"), {"implemented_on": "2026-05-28", **looked("2026-05-27")}),
                  "actions[1].verifications[0].on", "the verification of 2026-05-27", silent=actions({})),
    "PM116": Case([actions({"due_on": "2026-05-02"}, **STARTED), actions({"due_on": "2026-01-02"}, **YEAR)],
                  actions({"due_on": "2026-05-01"}, **STARTED), "actions[0].due_on", "was due on 2026-05-01",
                  silent={**actions({"due_on": "2025-01-01"}, **STARTED), "stage": "imported"}),
    "PM205": Case([actions({"status": "done", "implemented_on": "unknown"})],
                  actions({"status": "done", "implemented_on": "2026-05-28"}, {"status": "done"}),
                  "actions[1].implemented_on", "action A1 is done", silent=actions({"status": "accepted"})),
    "PM206": Case([actions({"status": "superseded", "status_reason": "withheld"})], actions({"status": "superseded"}),
                  "actions[0].status_reason", "action A0 is superseded and says no reason", silent=actions({})),
    "PM207": Case([actions({"status": "accepted", "due_on": "2026-11-20"})],
                  actions({"status": "in_progress", "due_on": "2026-11-19"}), "actions[0].due_on", "is in progress",
                  silent=actions({"status": "done", "due_on": "2026-01-01"}, {"status": "accepted"})),
    "PM208": Case([actions({"success": {"baseline": "unknown", "window_days": 30}})],
                  actions({"success": {"baseline": 4}}), "actions[0].success", "action A0 has no window",
                  silent=actions({"status": "rejected"})),
    "PM209": Case([actions(FAILED, {"status": "accepted", "prevents": ["RC2", "RC1"]}),
                   actions({**FAILED, "verifications": [{"result": "did_not_hold"}, {"result": "held"}]})],
                  actions(FAILED, {"status": "rejected", "prevents": ["RC1"]}, {"status": "accepted"}),
                  "actions[0].verifications", "action A0 did not hold", silent=actions({"status": "done"})),
    "PM210": Case([{**actions({"status": "done", **looked("2026-07-10", "inconclusive")}), "stage": "verified"}],
                  {**actions({"status": "done"}), "stage": "verified"}, "actions[0].verifications", "whether action A0",
                  silent=actions({"status": "done"})),
    "PM211": Case([published(follow_ups=[{"on": "2026-11-20", "result": ""}])],
                  published(follow_ups=[{"on": "2026-11-19", "result": " "}]), "follow_ups[0].result",
                  "was due on 2026-11-19", silent=published(follow_ups=[{"what": "some day"}])),
    "PM212": Case([risk(expires_on="2026-05-04"), risk(expires_on="not_applicable")], risk(expires_on="2026-05-03"),
                  "decisions[0].risks_accepted[0].expires_on", "until 2026-05-03, before the decision",
                  silent=decision(chosen="Yes")),
    "PM213": Case([decision(alternatives=["not_applicable"], decider_role="unknown")], decision(alternatives=["Go on"]),
                  "decisions[0].alternatives", "decision D1 names no decider_role"),
    "PM214": Case([analysis(counterfactuals=[{**UNASKED, "existed": "failed", "needs": "a week"}])],
                  analysis(counterfactuals=[{**UNASKED, "existed": "failed"}]), "analysis.counterfactuals[0].needs",
                  "control alert would have helped", silent=analysis(counterfactuals=[{**UNASKED, "existed": "yes"}])),
    "PM215": Case([signal(on_trigger="page", parameters={"below": 0}), signal(on_trigger="page", detector="other")],
                  signal(on_trigger="page"), "signals[0].on_trigger", "signal SG1 has no threshold"),
    "PM216": Case([drift(expected="seen", fallback="last", shape="blip")], drift(expected="seen", fallback="last"),
                  "scenarios[0].expected", "scenario SC1 has no shape"),
    "PM217": Case([published(contributing_factors=[{**UNSEEN, "why_undetected": "unknown"}])],
                  published(contributing_factors=[UNSEEN]), "contributing_factors[0].why_undetected", "factor CO1",
                  silent={"contributing_factors": [UNSEEN]}),
    "PM308": Case([{"related": [{"id": "X", "relation": "duplicate"}]}],
                  {"related": [{"id": "PM308-BREAKS", "relation": "duplicate"}]}, "related[0].id", "of itself",
                  silent={"related": [{"id": "PM308-SILENT", "relation": "recurrence"}]}),
    "PM309": Case([{"related": [{"id": "PM309-OTHER", "relation": "supersedes"}]}],
                  {"related": [{"id": "PM309-OTHER", "relation": "caused_by"}]}, "related[0].relation",
                  "PM309-OTHER each say caused by of the other",
                  silent={"related": [{"id": "PM309-OTHER", "relation": "variant"}]},
                  beside=[{"id": "OTHER", "related": [{"id": "PM309-KEEPS-0", "relation": "caused_by"},
                                                      {"id": "PM309-BREAKS", "relation": "caused_by"}]}]),
    "PM310": Case([ranges(min=7, max=7)],
                  {"domain": "finance", "domain_fields": {"loss": {"min_cents": 4100000, "max_cents": 410000}},
                   "impact": {"harms": [{"people": {"min": 1, "max": 2}}, {"people": {"min": 3, "max": 2}}]}},
                  "domain_fields.loss.max_cents", "max_cents is 410000, and the lowest is 4100000",
                  silent=ranges(min=3, max="unknown"), times=2),
    "PM311": Case([{"record_kind": "near_miss", **ranges(min="unknown", max=7)}],
                  {"record_kind": "false_positive", "impact": {"cost": {"min_cents": 1}}}, "record_kind",
                  "a false positive, and at least some cost", silent={"record_kind": "incident", **ranges(min=3)}),
    "PM312": Case([{"category": "model_performance_regression", "subcategory": "unsafe_output"}],
                  {"category": "model_performance_regression", "subcategory": "outage"}, "subcategory",
                  "outage is no subcategory of model_performance_regression", silent={"subcategory": "outage"}),
    "PM313": Case([led("checkout", "data")], led("Data ", "data"), "participants[0].team", "the facilitator is of Data",
                  silent=published(participants=[{"role": "author", "team": "data"}])),
    "PM314": Case([{"exclude_from_metrics": True, "related": [{"id": "PM314-OTHER", "relation": "duplicate"}]},
                   {"related": [{"id": "PM314-OUT", "relation": "duplicate"}]}],
                  {"related": [{"id": "PM314-OTHER", "relation": "duplicate"}]}, "related[0].relation",
                  "this record and PM314-OTHER are the same incident, and both are counted",
                  silent={"related": [{"id": "PM314-OTHER", "relation": "variant"}]},
                  beside=[{"id": "OTHER"}, {"id": "OUT", "exclude_from_metrics": True}]),
    "PM404": Case([evidence(kind="query", query="select 1"), evidence(kind="log", path="a.log", sha256="withheld")],
                  evidence(kind="log", path="a.log"), "evidence[0]", "has a path and no sha256",
                  silent=evidence(kind="interview")),
    "PM405": Case([analysis(**refuted(tests=[{"hypothesis": "H1"}])), analysis(**refuted(matrix=[CELL])),
                   {**analysis(**refuted()), "interviews": [{"statements": [{"contradicts": ["H1"]}]}]}],
                  analysis(**refuted(matrix=[CELL | {"consistency": "for"}])), "analysis.hypotheses[0].state",
                  "hypothesis H1 is called refuted", silent={"stage": "draft", "analysis": refuted()}),
    "PM406": Case([analysis(**refuted(matrix=[CELL]))], analysis(**refuted(matrix=[CELL | {"hypothesis": "H2"}])),
                  "analysis.hypotheses[0].id", "hypothesis H1 is in no row"),
    "PM407": Case([analysis(symptoms=[{"id": "S1"}], matrix=[CELL])],
                  analysis(symptoms=[{"id": "S1"}, {"id": "S2"}], matrix=[CELL]), "analysis.symptoms[1].id",
                  "symptom S2 is in no row", silent={"analysis": {"symptoms": [{"id": "S1"}]}}),
    "PM408": Case([published(root_causes=[{"id": "RC1", "hypothesis": "H2"}], analysis=refuted())],
                  published(root_causes=[{"id": "RC1", "hypothesis": "H1"}], analysis=refuted()),
                  "root_causes[0].hypothesis", "rests on hypothesis H1, which is called refuted",
                  silent=published(root_causes=[{"id": "RC1"}])),
    "PM409": Case([published(interviews=[{"role": "operations", "prompts": ["unknown"]}])],
                  published(interviews=[{"role": "on_call", "prompts": []}]), "interviews[0].prompts",
                  "the interview with on call", silent={"interviews": [{"role": "operations"}]}),
}  # fmt: skip
