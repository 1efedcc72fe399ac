"""One size, measured: an invented organisation, its first build, one new record, nothing new; by turns with DuckDB.

Here: what one round is and what is new in it. Not here: the medians (results.py), the baseline's SQL (plain.py). Every
round starts from nothing: state folder, page and the baseline's warehouse are removed. Which of the two goes first
changes from round to round, so that a machine that drifts drifts for both.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.measure import Measured, measured

FAULTLINES = [sys.executable, "-m", "pipelines.cli"]
LINES_AN_INCIDENT = 1_003_140 / 634_000  # revisions and other kinds of records beside incidents (2026-11-25)
CASES = ("first build", "one new record", "nothing new")
NEW = "zz_new.ndjson"


# With our own limit of 1.2 GB it dies over a million lines, in the presence of fields (2026-11-25).
PLAIN_MEMORY = "16GB"


@dataclass
class Size:
    """What was measured of one size: by case and contestant, a Measured a round."""

    lines: int
    size: int
    rounds: int = 0
    found: dict[str, dict[str, list[Measured]]] = field(default_factory=dict)
    rows: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)

    def note(self, case: str, who: str, one: Measured) -> None:
        self.found.setdefault(case, {}).setdefault(who, []).append(one)


@dataclass
class Bench:
    """A project of some size in a scratch folder, and the baseline's warehouse beside it."""

    project: Path
    plain: Path
    models: Path

    @classmethod
    def of_size(cls, lines: int, scratch: Path, models: Path) -> Bench:
        """Simulate an organisation of about so many lines."""
        folder = scratch / f"{lines}"
        incidents = max(30, round(lines / LINES_AN_INCIDENT))
        out = ["simulate", "--incidents", str(incidents), "--ndjson", "--out", str(folder)]
        measured([*FAULTLINES, *out])
        for path in {one["path"] for one in json.loads((folder / "truth.json").read_text())["counts"]["bad_files"]}:
            (folder / "records" / path).unlink()  # plain DuckDB would keep what ours sets aside
        return cls(folder, scratch / f"plain{lines}" / "warehouse.duckdb", models)

    def files(self) -> list[str]:
        """The files of records, the new one not among them."""
        return sorted(str(path) for path in (self.project / "records").glob("*.ndjson") if path.name != NEW)

    def clear(self) -> None:
        """Back to records alone."""
        for folder in (self.project / ".faultlines", self.project / "reports", self.plain.parent):
            shutil.rmtree(folder, ignore_errors=True)
        self.plain.parent.mkdir()
        (self.project / "records" / NEW).unlink(missing_ok=True)

    def add(self) -> str:
        """One record more, in a file of its own: the first of the organisation under another id."""
        with open(self.files()[0], encoding="utf-8") as lines:
            record = json.loads(lines.readline()) | {"id": "INC-2026-99999"}
        path = self.project / "records" / NEW
        path.write_text(json.dumps(record) + "\n", encoding="utf-8")
        return str(path)

    def run(self) -> Measured:
        return measured([*FAULTLINES, "run", "--project", str(self.project)])

    def baseline(self, files: list[str]) -> Measured:
        words = [sys.executable, "-m", "benchmarks.plain", str(self.plain), str(self.models), *files]
        return measured(words, {"FAULTLINES_MEMORY": PLAIN_MEMORY})


def measure(bench: Bench, rounds: int, say: Callable[[str], None]) -> Size:
    """All rounds of one size."""
    files = bench.files()
    lines = sum(path.read_bytes().count(b"\n") for path in map(Path, files))
    size = Size(lines, sum(Path(path).stat().st_size for path in files), rounds)
    for number in range(rounds):
        bench.clear()
        turns = [("ours", lambda files: bench.run()), ("plain DuckDB", bench.baseline)]
        for case, given in (("first build", lambda: files), ("one new record", lambda: [bench.add()])):
            new = given()
            for who, turn in turns if number % 2 == 0 else reversed(turns):
                _note(size, case, who, turn(new), say)
        if number == 0:
            size.rows = rows(bench, json.loads(size.found["one new record"]["plain DuckDB"][0].said)["rows"])
        _note(size, "nothing new", "ours", bench.run(), say)
    return size


def _note(size: Size, case: str, who: str, one: Measured, say: Callable[[str], None]) -> None:
    size.note(case, who, one)
    figures = {name: round(value, 2) for name, value in asdict(one).items() if name in ("wall", "cpu")}
    say(f"{size.lines:,} lines, {case}, {who}: {figures}, {one.peak >> 20} MB")


def rows(bench: Bench, theirs: dict[str, int]) -> dict[str, tuple[int | None, int | None]]:
    """Rows of each mart, ours and plain DuckDB's: whether the two did the same."""
    from pipelines import settings
    from pipelines.publish import generations

    _, manifest = generations.published(settings.load(bench.project / "faultlines.yml").state)
    ours = {name.removeprefix("marts."): n for name, n in manifest["rows"].items() if name.startswith("marts.")}
    return {name: (ours.get(name), theirs.get(name)) for name in sorted(ours.keys() | theirs.keys())}
