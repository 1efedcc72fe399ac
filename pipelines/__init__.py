"""Faultlines, in the order in which a record passes through it.

settings.py      one faultlines.yml: which sources, where the state is
ingest/          find files → read → map → validate → protect people → raw tables; bad ones set aside
contract/        schemas/ as one bundle, and the bundle as tables, staging contracts, completeness
quality/         rules as data → findings → Great Expectations in its own process → verdicts
models.py        dbt, in this process; transform.py shows the models to Dagster
analysis/        what SQL cannot do well: the interval of a rate
publish/         generations: one whole warehouse swapped in at once; the past, built into a copy
report/          named SQL → facts.json → Markdown and HTML
definitions.py   Dagster's table of contents; automation.py says when; headless.py runs it without a browser
cli.py           thin doors to all of it
"""
