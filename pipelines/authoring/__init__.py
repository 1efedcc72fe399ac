"""The author's side, to begin a record: from "it happened" to a file that prompts for what later stages ask.

    new.py         `faultlines new`: ask little, find the next id, write one file that was not there
    questions.py   what a draft must know, asked one at a time; the contract judges each answer
    ids.py         the next id by the pattern of the records that are there
    place.py       the file: one writer at a time, whole or not at all
    outline.py     which stage asks for which field of this category and domain
    skeleton.py    the file: what is known, then by stage a checklist and prompts (prompts.py: those of one field)
    rewrite.py     `faultlines convert`: a record of an older contract, written in today's

Here: writing record files for people to go on with. Not here: what a record must hold (schemas/), what is wrong with
one (checking/).
"""
