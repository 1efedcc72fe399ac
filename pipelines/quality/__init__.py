"""The quality gate: is what was loaded fit to be published?

Read in this order: `schemas/rules.yml` and `rules.py` (what a record must keep to beyond its shape), `sections.py`,
`rule_sql.py` and `record_quality.py` (the rules as SQL over the raw tables), `schemas/expectations.yml` and
`expectations.py` (how much of it a whole table must keep), `gate.py` (the gate as the run uses it), `worker.py` and
`judge.py` (Great Expectations in a process of its own). Not here: the shape of a record (JSON Schema) and the truth of
models (dbt).
"""
