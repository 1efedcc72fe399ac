"""What SQL cannot do well: special functions over the small counts that the marts leave.

    baselines.py  weekly counts per category → the routine range of each, and whether a week left it
    intervals.py  intervals in closed form, as functions inside the warehouse
    assets.py     Dagster's view

Belongs here: priors, tails, quantiles, corrections for many looks, and the closed forms that SQL calls. Does not belong
here: anything that scans records (dbt does that) and anything that words a result (the report does that).
"""
