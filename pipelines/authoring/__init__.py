"""The author's side, before anything is ingested: what is wrong with a record, and how to mend it.

    chosen.py      which files a `check` looks at, and as which source a run would read them
    check.py       those files through ingestion's own reading and load, and through the rules, in memory
    places.py      the line and column of a field that a rule names
    next_stage.py  which fields the next stage asks for
    shown.py       problems as a compiler prints them; machine.py: as JSON and for GitHub
    watch.py       again when a file changes
    codes.py       `faultlines explain`: why a code exists, and examples

Here: helping people write. Not here: what a record must hold (schemas/), nor judging it (ingest/, quality/).
"""
