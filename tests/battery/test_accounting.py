"""A delivery with a fifth of hostile lines: each has its outcome and its code, and every table is as without them.

Here as far as the raw tables, 1,000 lines; the whole battery runs the product to its end on both deliveries, and `make
accounting` does so for any number of lines.
"""

from pathlib import Path

from benchmarks.accounting import accounted, published, taken_in
from tests.battery import WHOLE

LINES, TAKE = (20_000, published) if WHOLE else (1_000, taken_in)


def test_every_line_of_a_delivery_is_accounted_for(tmp_path: Path) -> None:
    assert accounted(LINES, 1, tmp_path, TAKE) == []
