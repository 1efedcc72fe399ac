"""Publication by generations: what readers see is always one whole generation, and never the one being made.

    generations.py     which one is published, how an attempt starts, how it becomes the next one
    step.py            the last step of an attempt: what is written when everything has passed, and the swap
    content.py         what "the same warehouse" means: the hash of each table's content
    parquet.py         the published tables as Parquet
    past.py            the warehouse as it was known on some earlier moment, built into a copy
    restore.py         raw tables from receipts and record store, for `rebuild` and `verify --deep`
    warehouse_docs.py  docs/warehouse.md: every table that is published; assets.py: Dagster's view

Here: whole warehouses and their files. Not here: whether one may be published (quality/), what is in it.
"""
