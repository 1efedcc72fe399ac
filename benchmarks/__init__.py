"""What a run costs beside plain DuckDB, where its time goes, and whether every line is accounted for.

__main__.py      `make bench`: the sizes, the parts, results.md
rounds.py        one size: a project, its rounds by turns with plain DuckDB
plain.py         plain DuckDB: the same lines → raw tables → marts; presence.py and compiled.py for it
measure.py       a process and all below it: wall, CPU, peak memory
spans.py         `faultlines run` with its parts timed from outside; stages.py reads that, and Dagster's log
dlt.py           dlt filling raw tables from the same lines, on request
machine.py       the machine and the versions; results.py the page

accounting.py    `make accounting`: a delivery with a fifth of hostile lines, held against what its maker knows of it
hostile.py       the families of hostile lines; delivery.py mixes them in
"""
