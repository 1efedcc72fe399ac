"""`make validate`: every figure the methods must reach, measured now, beside the naive method on the same data.

In reading order: bar (what one line of the table is), models (dbt's SQL, compiled), then one module a method, each with
`bars(seed, size)`: fault_lines (A), baselines and nowcast (B), prevention (C), hypotheses (E), organisation (a whole
simulated organisation and its null twin); page (docs/validation.md). Everything is drawn from the seed; nothing is
tuned on the seeds that `make validate` uses. Belongs here: making data whose truth is known, and counting. Does not
belong here: any method; the product's own functions and models are called.
"""
