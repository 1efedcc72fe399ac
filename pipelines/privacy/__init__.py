"""What nobody may read: found before a record is hashed, and never said again.

    shapes.py     schemas/secrets.yml as one search: which shapes a text may hold, at 8 µs a record
    likeness.py   what only looks like one: the tests beyond a pattern
    cleaning.py   a text, or a whole record, without what was found
    names.py      the names that a record itself gives, looked for in its prose
    forgotten.py  the list of records that were forgotten: their ids never come back

Here: texts in, texts out, and that list. Not here: the erasure (forget.py at the top, ingest/erase.py), the key and the
pseudonym (ingest/people.py), which fields hold a person (the schema says it: `x-person`), the findings
(schemas/rules.yml PM501 to PM506).

detect-secrets (1.5.0, of 2024) was tried and is not used: it takes a thousand times as long for a record (17 ms), calls
every hash a secret by its entropy, and names lines, so that nothing can be cut out (2026-11-25).
"""
