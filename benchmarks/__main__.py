"""`make bench`: sizes one after the other, each with its rounds and profiles, and results.md written anew.

    python -m benchmarks [LINES …] [--rounds N] [--dlt PYTHON] [--out FILE]

Here: the order, and that a part that fails costs itself: its reason stands in the page, the rest goes on, the exit code
is 1. Everything lies in one temporary folder (20 GB for a million lines; TMPDIR says where), removed at the end.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks import compiled, machine, results, rounds, stages
from benchmarks.measure import Failed
from pipelines import clock

SIZES = (2_000, 100_000)
PAGE = Path(__file__).with_name("results.md")


def usual_rounds(lines: int) -> int:
    """Fewer where a round takes minutes: the spread of a long run is smaller, too."""
    return 5 if lines <= 20_000 else 3 if lines <= 200_000 else 1


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def of_size(lines: int, times: int, scratch: Path, models: Path) -> tuple[str, rounds.Size | None, dict, str]:
    """Everything about one size; what has been measured when a part fails is kept."""
    size, profiles, failed = None, {}, ""
    try:
        bench = rounds.Bench.of_size(lines, scratch, models)
        size = rounds.measure(bench, times, say)
        bench.clear()
        profiles["first build"] = stages.profile(bench, scratch / "spans.json")
        bench.add()
        profiles["one new record"] = stages.profile(bench, scratch / "spans.json")
    except (Failed, OSError) as error:
        failed = " ".join(str(error).split())
        say(f"{lines:,} lines: {failed}")
    finally:
        shutil.rmtree(scratch / str(lines), ignore_errors=True)
        shutil.rmtree(scratch / f"plain{lines}", ignore_errors=True)
    name = f"{size.lines:,} lines, {size.size / 1e6:,.0f} MB" if size else f"{lines:,} lines"
    return name, size, profiles, failed


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("lines", type=int, nargs="*", default=SIZES, help="Lines delivered; 2000 100000 if left out.")
    words.add_argument("--rounds", type=int, help="Of each size; else 5, 3 or 1.")
    words.add_argument("--dlt", help="An interpreter whose environment has dlt[duckdb]: its loading beside ours.")
    words.add_argument("--out", type=Path, default=PAGE)
    asked = words.parse_args()
    about = machine.machine() | machine.versions()
    with tempfile.TemporaryDirectory(prefix="faultlines-bench-") as folder:
        scratch = Path(folder)
        models = compiled.write(scratch / "compiled")
        found = [of_size(n, asked.rounds or usual_rounds(n), scratch, models) for n in asked.lines]
        more = []
        if asked.dlt:
            from benchmarks import dlt

            more = [dlt.beside(asked.dlt, scratch, min(asked.lines), say)]
    page = results.page(f"{clock.now():%Y-%m-%d}", about, found, more)
    asked.out.write_text(page, encoding="utf-8")
    print(page)
    return 1 if any(failed for *_, failed in found) else 0


if __name__ == "__main__":
    sys.exit(main())
