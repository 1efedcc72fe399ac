"""The author's side, once a record is written: what is wrong with it and why, as a run would find it, before any run.

    command.py     `faultlines check`: once, or again when a file changes
    check.py       the files named (ingest/chosen.py) through ingestion's own reading and load, and the rules, in memory
    places.py      the line and column of a field that a rule names
    next_stage.py  which fields the next stage asks for
    screen.py      problems as a compiler prints them; machine.py: as JSON and for GitHub
    codes.py       `faultlines explain`: why a code exists, and examples
    fields.py      `faultlines explain`: what a field is for, and its words
    rules_page.py  docs/rules.md: every code on one page

Here: showing people what is wrong. Not here: beginning a record (authoring/), judging it (ingest/, quality/), what all
published records lack (`faultlines gaps` is a ready question, queries/gaps.sql).
"""
