"""Signals while a body runs: whatever it makes of them, it ends as interrupted."""

from __future__ import annotations

import os
import signal
import time

import pytest

from pipelines import interrupts
from pipelines.cli.errors import exit_code


@pytest.fixture(autouse=True)
def _heard_by_default() -> None:
    """A shell starts what it puts into the background with SIGINT ignored, and that is respected."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_a_library_makes_of_a_signal_is_an_interruption_all_the_same(number: int, code: int) -> None:
    with pytest.raises(interrupts.Interrupted) as ended, interrupts.heard():
        try:
            os.kill(os.getpid(), number)
            time.sleep(5)
        except KeyboardInterrupt:
            raise RuntimeError("Query interrupted") from None
    said: list[str] = []
    assert exit_code(ended.value, said.append) == code
    assert said == ["faultlines: interrupted; readers keep what was last published"]


def test_a_signal_that_a_destructor_drops_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupts, "AGAIN_SECONDS", 0.1)
    started = time.monotonic()
    with pytest.raises(interrupts.Interrupted), interrupts.heard():
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        except KeyboardInterrupt:
            pass  # as Python does with what is raised in __del__
        time.sleep(5)
    assert time.monotonic() - started < 2


def test_an_error_without_a_signal_stays_what_it_is_and_handlers_are_put_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(RuntimeError, match="of its own"), interrupts.heard():
        raise RuntimeError("of its own")
    assert signal.getsignal(signal.SIGTERM) == before
