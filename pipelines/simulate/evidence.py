"""Evidence of a record, and for a share of the records the files it rests on, with queries that give what is claimed.

Here: entries of `evidence`, small CSV and log files. Not here: histories of signals (forward.py). A query reads only
the file it names, and its expected value is computed from the very text that is written.
"""

from __future__ import annotations

import hashlib

from pipelines.simulate.facts import Facts
from pipelines.simulate.weeks import at
from pipelines.simulate.words_effects import METRICS

POINTS, STEP = 36, 10  # minutes between points, so that a file stays below 2 KB


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def evidence(facts: Facts, files: dict[str, bytes]) -> list[dict]:
    """Two pieces of independent sources; with files where the record has any."""
    metric = METRICS[facts.category][facts.number % 3]
    if facts.has_evidence:
        return [_figures(facts, files, metric), _log(facts, files)]
    return [
        {
            "id": "E1",
            "kind": "metric",
            "statement": f"{metric} rose with the trigger and fell with the fallback",
            "uri": f"https://metrics.example.invalid/{facts.id}",
            "source_group": "metrics",
        },
        {
            "id": "E2",
            "kind": "log",
            "statement": f"Only rows of {facts.artifact.name} fail",
            "uri": f"https://logs.example.invalid/{facts.id}",
            "source_group": "scheduler",
        },
    ]


def _figures(facts: Facts, files: dict[str, bytes], metric: str) -> dict:
    random, start = facts.random, facts.impact - 12 * STEP
    bad_until = facts.mitigated
    rows, worst, bad_total = [], 0.0, 0
    for n in range(POINTS):
        minute = start + n * STEP
        requests = 900 + int(random.random() * 200)
        is_bad = facts.impact <= minute < bad_until
        bad = requests * (facts.amount + int(random.random() * 6)) // 100 if is_bad else int(random.random() * 4)
        share = round(bad / requests, 4)
        worst, bad_total = max(worst, share), bad_total + bad
        rows.append(f"{at(minute)},{requests},{bad},{share}")
    path = f"evidence/{facts.id}/{metric}.csv"
    files[path] = ("time,requests,bad,share\n" + "\n".join(rows) + "\n").encode()
    asks_total = facts.number % 2
    claim = f"{bad_total} requests were bad" if asks_total else f"The worst ten minutes had a share of {worst}"
    return {
        "id": "E1", "kind": "query", "statement": claim, "captured_at": at(max(facts.resolved, start + POINTS * STEP)),
        "window": {"from": at(start), "to": at(start + POINTS * STEP)},
        "query": "select sum(bad) from metrics" if asks_total else "select max(share) from metrics",
        "data": [{"name": "metrics", "path": path, "sha256": sha256(files[path])}],
        "expected": {"value": bad_total} if asks_total else {"value": worst, "tolerance": 0.00001},
        "source_group": "metrics",
    }  # fmt: skip


def _log(facts: Facts, files: dict[str, bytes]) -> dict:
    artifact = facts.artifact.name
    lines = [
        f"{at(facts.impact - 4)} INFO {artifact} refresh started",
        f"{at(facts.impact)} WARN {artifact} {facts.code.replace('_', ' ')}",
        f"{at(facts.detected)} WARN {facts.service.name} reads {artifact}",
        f"{at(facts.resolved)} INFO {artifact} refresh ended",
    ]
    path = f"evidence/{facts.id}/runs.log"
    files[path] = ("\n".join(lines) + "\n").encode()
    return {"id": "E2", "kind": "log", "statement": f"Only rows of {artifact} fail", "path": path,
            "sha256": sha256(files[path]), "captured_at": at(facts.resolved), "source_group": "scheduler"}  # fmt: skip
