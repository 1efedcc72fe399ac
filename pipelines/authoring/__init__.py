"""The author's side, before anything is ingested: from "it happened" to a record that says what it must.

    new.py        `faultlines new`: ask little, find the next id, write one file that was not there
    questions.py  what a draft must know, asked one at a time; the contract judges each answer
    ids.py        the next id by the pattern of the records that are there
    outline.py    which stage asks for which field of this category and domain
    skeleton.py   the file: what is known, then by stage a checklist and prompts (prompts.py: those of one field)

Here: helping people write. Not here: what a record must hold (schemas/), and judging it (ingest/validate.py, quality/).
"""
