"""The quality gate: is what was loaded fit to be published?

Read in this order: `schemas/rules.yml` and `rules.py` (what a record must keep to beyond its shape), `sections.py`,
`rule_sql.py` and `record_quality.py` (the rules as SQL over the raw tables; `blameless.py`: what looks like blame);
`schemas/expectations.yml`, `suite.py` and `expectations.py` (what else must hold), `thresholds.py` (how much of it, of
which source); `gate.py` (the gate as the run uses it), `shares.py` and `drift.py` (what is counted), `worker.py` and
`judge.py` (Great Expectations in a process of its own), `verdicts.py` (what it found) and `history.py` (where that is
kept); `assets.py` and `checks.py` (Dagster). Not here: the shape of a record (JSON Schema) and the truth of models
(dbt).
"""
