"""A text that a reader must refuse, for the tests of readers: quickly, with a place and with what to do.

Here: what holds of every refusal. Not here: any text.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.ingest.faults import Fault

# CPU seconds. Two at most on a quiet machine, and coverage costs more; quadratic reading would cost minutes.
QUICK = 5


def refused_by(load: Callable[[str, int], Any], text: str, first_line: int = 1) -> Fault:
    """The Fault of a text that begins on that line of its file."""
    began = time.process_time()
    with pytest.raises(Fault) as caught:
        load(text, first_line)
    assert time.process_time() - began < QUICK
    fault = caught.value
    assert fault.fix
    assert first_line <= fault.line <= first_line + text.count("\n")
    assert fault.column >= 1
    return fault
