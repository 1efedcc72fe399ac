"""A delivery with a fifth of hostile lines: each accounted for, the good records as in a run without them.

The whole form is `make accounting`; here 1,000 records.
"""

from pathlib import Path

from benchmarks.accounting import accounted


def test_every_line_of_a_delivery_is_accounted_for(tmp_path: Path) -> None:
    assert accounted(1_000, 1, tmp_path) == []
