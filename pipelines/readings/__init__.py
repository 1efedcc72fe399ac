"""One record or many, read by people: the post-mortem whole, or what one kind of reader needs of it.

In the order of the flow: records (which, from files or the warehouse), catalogue (schemas/readings.yml: which reader is
shown what), facts (a record → all a reading says; under it parts, tables, values, prose, moments, matrix, and notes of
what is missing), render_markdown and render_html with pictures (facts → bytes; they compute nothing), shelf (files and
their index). Not here: figures over many records (report/), and any judgement of a record (quality/).
"""
