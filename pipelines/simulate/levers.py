"""The levers of each category: where a measure could take hold, looked at one by one.

Here: what the contract asks for by category. Not here: what was done (actions.py).
"""

from __future__ import annotations

from pipelines.simulate.facts import Facts
from pipelines.simulate.weeks import at

# Root-cause codes for which a lever took part; for all others it was looked at and ruled out.
INVOLVED = {
    "dependencies": {"dependency_failure", "third_party_outage", "certificate_or_secret"},
    "rollout": {"bad_deploy", "config_change", "code_defect", "automation_error"},
    "capacity": {"capacity", "resource_leak", "concurrency"},
    "freshness": {"stale_feature", "pipeline_failure", "third_party_outage"},
    "schema": {"schema_change", "upstream_change"},
    "lineage": {"automation_error", "dependency_failure"},
    "validation": {"schema_change", "upstream_change", "code_defect", "pipeline_failure"},
    "slices": {"data_drift", "code_defect", "upstream_change"},
    "drift": {"data_drift", "upstream_change", "stale_feature"},
    "training_serving_skew": {"training_serving_skew", "schema_change"},
    "thresholds": {"threshold_miscalibrated", "data_drift"},
}
ASKED = {
    "service_degradation": ("dependencies", "rollout", "capacity"),
    "data_quality_anomaly": ("freshness", "schema", "lineage", "validation"),
    "model_performance_regression": ("slices", "drift", "training_serving_skew", "thresholds"),
}
EXISTENCE = ("yes", "failed", "no")


def levers(facts: Facts, is_published: bool) -> dict:
    """The levers the category asks for, with what was found; the details from publication on."""
    found = {}
    for name in ASKED[facts.category]:
        found[name] = {"finding": "involved" if facts.code in INVOLVED[name] else "ruled_out"}
    if is_published:
        _DETAILS[facts.category](facts, found)
    return found


def _existence(facts: Facts) -> str:
    return EXISTENCE[int(facts.random.random() * 3)]


def _service(facts: Facts, found: dict) -> None:
    change = {"bad_deploy": "code", "config_change": "config", "upstream_change": "data"}.get(facts.trigger, "none")
    found["rollout"] |= {"change": change, "rollback": _existence(facts)}
    if found["rollout"]["finding"] == "involved":
        found["rollout"] |= {"strategy": "gradual", "started_at": at(facts.introduced), "share_reached_percent": 100}
    if found["capacity"]["finding"] == "involved":
        limit = 50 * facts.amount
        found["capacity"] |= {
            "resource": "connections",
            "limit": limit,
            "demand": int(limit * 1.3),
            "unit": "open at once",
        }
    if found["dependencies"]["finding"] == "involved":
        failed = {
            "name": facts.artifact.name,
            "kind": "data_feed",
            "failure": "errors",
            "has_fallback": _existence(facts),
        }
        found["dependencies"]["failed"] = [failed]


def _data(facts: Facts, found: dict) -> None:
    random = facts.random
    found["freshness"] |= {"expected_within_minutes": 60, "observed_age_minutes": 60 * facts.amount}
    found["schema"] |= {"contract": _existence(facts)}
    found["lineage"] |= {"is_known": ("yes", "partly")[int(random.random() * 2)], "entered_at": "AR1"}
    total = 10_000 + int(random.random() * 900_000)
    check = {"name": f"ranges of {facts.artifact.name}", "existed": _existence(facts)}
    found["validation"] |= {"checks": [check], "rows_bad": total * facts.amount // 100, "rows_total": total}


def _model(facts: Facts, found: dict) -> None:
    before = round(0.7 + 0.25 * facts.random.random(), 3)
    after = round(before - facts.amount / 100, 3)
    found["slices"] |= {
        "metric": "recall",
        "measured": [{"slice": facts.service.region, "before": before, "after": after, "cases": 400 * facts.amount}],
    }
    is_input = found["drift"]["finding"] == "involved"
    found["drift"] |= {"kind": "input" if is_input else "none"}
    if is_input:
        found["drift"] |= {
            "feature": facts.artifact.name,
            "measure": "psi",
            "value": round(0.2 + facts.amount / 90, 3),
            "threshold": 0.2,
        }


_DETAILS = {"service_degradation": _service, "data_quality_anomaly": _data, "model_performance_regression": _model}
