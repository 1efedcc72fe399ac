"""The record contract, read from `schemas/`: what a post-mortem may hold, and what each stage asks for.

    bundle.py   schemas/ → one closed draft-07 schema, for validation, editors and tables
    asked.py    that schema → which field is asked from which stage on, for completeness
    tables.py   that schema → the raw tables
    versions.py the versions before it → what each allowed, and the moves that lead from it to this one
    freeze.py   that schema as it stays once there is a next version
    words.py    its vocabularies → raw.words
    snippets.py what the contract asks of drafts and of entries → what editors insert (yaml_text.py: a value as YAML)
    staging.py  its tables, packs and levers, and the keys of the marts → what dbt's models are told

Here: code that reads the contract. Not here: fields, words, prompts and requirements (they are data in `schemas/`)
and the checking of records (`pipelines/ingest/validate.py`).
"""
