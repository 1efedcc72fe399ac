"""What is made from the contract once, at set-up: the bundle, staging's contracts, dbt's manifest and parse.

Here: when these files are out of date, and making them. Not here: what is in them (contract/, models.py).
`python -m pipelines.prepare` does it; so does the first import that misses them.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipelines import models
from pipelines.contract import bundle, staging
from pipelines.ingest.find import code_version
from pipelines.settings import SCHEMAS

STAMP = models.PREPARED / "prepared_from"
MADE_FROM = ("dbt_project/", "schemas/", "pipelines/contract/")


def manifest() -> Path:
    """dbt's manifest, made first where it is missing or older than the contract or the models (about 5 s)."""
    path = models.PREPARED / "manifest.json"
    if not path.exists() or not STAMP.exists() or STAMP.read_text() != code_version(MADE_FROM):
        prepare()
    return path


def prepare() -> None:
    """Write every generated file."""
    bundle.write(SCHEMAS)
    staging.write()
    with tempfile.TemporaryDirectory() as folder:
        models.parse(Path(folder))
    STAMP.write_text(code_version(MADE_FROM))


if __name__ == "__main__":
    prepare()
