"""The author's side, before anything is ingested: from "it happened" to a record that says what it must.

To begin one:
    new.py         `faultlines new`: ask little, find the next id, write one file that was not there
    questions.py   what a draft must know, asked one at a time; the contract judges each answer
    ids.py         the next id by the pattern of the records that are there
    outline.py     which stage asks for which field of this category and domain
    skeleton.py    the file: what is known, then by stage a checklist and prompts (prompts.py: those of one field)
To see what is wrong with it:
    chosen.py      which files a `check` looks at, and as which source a run would read them
    command.py     `faultlines check`: once, or again when a file changes
    check.py       those files through ingestion's own reading and load, and through the rules, in memory
    places.py      the line and column of a field that a rule names
    next_stage.py  which fields the next stage asks for
    shown.py       problems as a compiler prints them; machine.py: as JSON and for GitHub
    codes.py       `faultlines explain`: why a code exists, and examples
    fields.py      `faultlines explain`: what a field is for, and its words
    rewrite.py     `faultlines convert`: a record of an older contract, written in today's
    rules_page.py  docs/rules.md: every code on one page

Here: helping people write. Not here: what a record must hold (schemas/), nor judging it (ingest/, quality/).
"""
