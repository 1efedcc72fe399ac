"""The battery of what must never happen, by section: syntax, meaning, faults, output. `make battery` runs it whole.

The suite runs the same files in a small seeded form. defects/ holds a defect for each case; shown.py sees each case
fail on its own (`make shown`).
"""

import os

WHOLE = os.environ.get("FAULTLINES_BATTERY") == "whole"
