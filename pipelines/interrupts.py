"""Ctrl-C and SIGTERM: whatever the libraries of a run make of them, the run ends as interrupted.

dbt turns an interrupt into a failed build without a word, Dagster into an exception of its own that no `except
Exception` sees, DuckDB into a RuntimeError. Python writes the number of each signal into a pipe before any handler of
theirs: what leaves the run after that is an interruption. Here: that ear. Not here: exit codes (cli/errors.py).
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = (signal.SIGINT, signal.SIGTERM)
AGAIN_SECONDS = 3  # 2026-11-25: one of a dozen was raised where SQLAlchemy cleans up, and the run went on


class Interrupted(Exception):
    """A signal ended the run; nothing was published after it. Exit code 128 + `number`."""

    def __init__(self, number: int) -> None:
        super().__init__("interrupted; readers keep what was last published")
        self.number = number


@contextmanager
def heard() -> Iterator[None]:
    """Turn whatever an ending signal makes the body raise into Interrupted."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return
    ear, mouth = os.pipe()
    os.set_blocking(mouth, False)
    said: list[int] = []
    is_over = threading.Event()
    listener = threading.Thread(target=_listen, args=(ear, said, is_over), daemon=True)
    listener.start()
    before = signal.set_wakeup_fd(mouth, warn_on_full_buffer=False)
    on_term = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        try:
            yield
        finally:
            is_over.set()
            signal.signal(signal.SIGTERM, on_term)
            signal.set_wakeup_fd(before)
            os.close(mouth)
            listener.join()  # only now all that was said is known
            os.close(ear)
    except BaseException as error:
        if said:
            raise Interrupted(said[0]) from error
        raise


def _listen(ear: int, said: list[int], is_over: threading.Event) -> None:
    """Note each ending signal; send it again until the body has ended, for Python drops what a destructor raises."""
    while numbers := os.read(ear, 64):
        said += [number for number in numbers if number in ENDING]
        if said and not is_over.wait(AGAIN_SECONDS):
            os.kill(os.getpid(), said[0])
