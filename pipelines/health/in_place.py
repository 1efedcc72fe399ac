"""Where a file of the state folder belongs, no folder stands: nothing else can be looked at where one does.

Here: which places hold files. Not here: what is in them (kept.py, receipts.py, proof.py).
"""

from __future__ import annotations

from pathlib import Path

from pipelines.health import BACKUP, Finding, bad

FILES = (
    "CURRENT", "key", "lock", "seen", "receipts/*.json", "receipts/*.ndjson", "store/??/*",
    "generations/*/manifest.json", "generations/*/warehouse.duckdb",
)  # fmt: skip
MOST_NAMED = 3


def folders(state: Path) -> list[Finding]:
    """The folders that stand where files belong; most often none."""
    found = sorted(path for pattern in FILES for path in state.glob(pattern) if path.is_dir())
    if not found:
        return []
    named = ", ".join(str(path.relative_to(state)) for path in found[:MOST_NAMED])
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return [bad("state folder", f"{named}{more}: a folder where a file belongs", f"move it away; {BACKUP}")]
