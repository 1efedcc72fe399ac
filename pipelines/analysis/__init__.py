"""What SQL cannot do well: special functions over the small counts that the models leave.

    steps.py       the order, for a run and for the warehouse as it was; assets.py: Dagster's view of it
    lines.py       the door of fault lines: sets of facet values in, lines out (details in lines.sql)
    fault_lines.py what makes a set a line; shrinkage.py: counts drawn towards the rest; many_looks.py: q-values
    series.py      the door of baselines: weekly counts of every series in, verdicts out
    baselines.py   the routine range of a series, and whether a week left it; charts.py: limits for pictures
    nowcast.py     what weeks still being filed will hold
    prevention.py  whether actions worked (counts in prevention.sql); survival.py: how long things take
    declared.py    what people say beside the records: names.py (of lines) and exposures.py (of series)
    intervals.py   intervals in closed form, as functions inside the warehouse
    tables.py      the tables of this folder, from their contract

Belongs here: priors, tails, quantiles, corrections for many looks, and the closed forms that SQL calls. Does not belong
here: anything that scans records (dbt does that) and anything that words a result (the report does that).
"""
