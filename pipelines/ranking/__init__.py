"""The hypotheses of one record, ranked: `faultlines rank`.

    read.py     what the published warehouse holds of it
    screen.py   the same for a terminal

Here: reading and showing. Not here: scores (the mart hypothesis_scores) and what many records say (queries/).
"""
