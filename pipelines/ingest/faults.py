"""The one error of bad input: where it is, what it is, how to mend it.

Here: the `Fault` every reader, mapping and validation step raises or returns. Not here: errors of our own code,
which stay ordinary exceptions and stop the run.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Fault(ValueError):
    """One thing wrong with one record or file.

    `line` and `column` count from 1 and are None where the input has no lines (a mapped row, a binary file).
    `field` is a path such as `actions[0].due_on`, None where the fault is not in one field.
    """

    code: str
    message: str
    fix: str
    line: int | None = None
    column: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        return f"{self.code}: {self.message} (fix: {self.fix})"
