"""Actions out to trackers, and how far their tickets are back into the records. No network: files both ways.

In the order of the loop: keys (what a ticket carries so that it is known again), out (actions as files that trackers
import), exports (files that trackers export, as tickets), words (schemas/tickets.yml: their words → ours), found (where
actions stand), match (which action a ticket is of, and what it changes), spans and edit (a text with just that
changed), revise (a whole file so, and the proof), back (all of it).
The record file stays the one truth: nothing is kept beside it. Not here: what an action is (the contract), whether a
fix held (verifications, which people write).
"""
