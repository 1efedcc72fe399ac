"""Good records with one defect each, and where the defect is: what `faultlines check` must find.

    shapes.py   a way to break each keyword of the contract's JSON Schema
    rules.py    a way to break each rule of schemas/rules.yml
    making.py   a record and a way → a file in one of four forms, with code, line and column of its defect

Here: making them. Not here: what must be found (tests/integration/test_mutated_records.py), spoilt bytes
(tests/battery/mutating.py).
"""
