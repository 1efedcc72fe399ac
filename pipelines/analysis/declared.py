"""What people say beside the records: names of fault lines, exposures of series. They follow their files alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.analysis import exposures, names

if TYPE_CHECKING:
    from pipelines.settings import Settings


def declare(con, settings: Settings) -> None:
    """raw.fault_line_names and raw.exposures, as their files say now."""
    names.declare(con, settings)
    exposures.declare(con, settings)
