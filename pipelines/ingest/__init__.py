"""From files on disk to raw tables: every record of every source, and what is wrong with those set aside.

In the order of the flow: find (which files, and whether anything changed), files (their bytes), readers/ (formats),
mapping/ (other people's shapes), admit with leaves, validate, shape_faults, times, zones, people and older (one record
through the gate), deliver (rows on disk), load with classify.sql and append.sql (into the raw tables), ledger (what the
run's receipts say), run (all of it as one step).
Beside the flow: chosen (files that a person named, as a run would read them), seen (hashes of files that have not
changed), store (bytes and receipts, kept until a record is forgotten), erase and stand_in (what is left of a file
then), lift (what a warehouse holds from before an upgrade), quarantine (what is set aside, shown), faults (the one
error of bad input), trial and trial_text (`source try`), assets (Dagster).
"""
