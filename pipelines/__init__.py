"""Faultlines, in the order in which a record passes through it.

    authoring/       the author's side: a record begun (new), or brought to today's contract (convert)
    checking/        the author's side: what is wrong with a record, before any run (check, explain)
    settings.py      one faultlines.yml: which sources, where the state is
    ingest/          find → read → map → admit (type, validate, protect people) → raw tables; bad ones set aside
    privacy/         what nobody may read: secrets, addresses, numbers, names; what was forgotten
    contract/        schemas/ as one bundle, and the bundle as tables, staging contracts, completeness
    quality/         rules as data → findings → Great Expectations in its own process → verdicts
    models.py        dbt, in this process; transform.py shows the models to Dagster
    analysis/        what SQL cannot do well: lines, ranges, verdicts
    publish/         generations: one whole warehouse swapped in at once; the past, built into a copy
    report/          named SQL → facts.json → Markdown and HTML
    ranking/         the hypotheses of one record in order, and what would flip it (rank)
    readings/        one record or many, read by people: Markdown and HTML for several readers
    tickets/         actions out to trackers, and how far they are back into the record files
    simulate/        an invented organisation with known truths; only the command line and tests import it

What runs it: definitions.py is Dagster's table of contents, resources.py what assets are handed, automation.py says
when, failures.py what a failed step says, headless.py runs it without a browser (run_log.py keeps Dagster's log cheap,
run_history.py keeps it small), ui.py opens the browser's side of it. cli/ holds thin doors to it:
shell.py, questions.py and terminal.py for SQL, health/ for `doctor` and `verify`, rebuild.py and forget.py for what
their names say, interrupts.py for exit codes.
Under all of it: clock.py (one clock a run), warehouse.py (one connect, one lock), prepare.py (what is generated once),
others_words.py (what records say, shown so that it cannot act), authors_files.py (files in people's own folders).
"""
