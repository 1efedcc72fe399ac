"""From a published warehouse to the weekly page: named SQL → facts.json → Markdown and HTML.

In reading order: queries/ (one .sql file per figure), weeks and print_forms (how days and numbers are written),
sentences (the only wording), changes, filing, verdict, lines, work, fixes, durations, trust (a part of the page each),
facts (puts them together), charts and the two renderers, render_html and render_markdown (which compute nothing but
positions), page (one week of a project), weekly (the door that writes files), assets (Dagster). Does not belong here:
writing to the warehouse, statistics, the clock.
"""
