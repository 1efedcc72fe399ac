"""`make validate`: every method's bars, one table, docs/validation.md written anew; ends with 1 where a bar is missed.

python -m validation [--seed 2] [--small] [--out FILE]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from pipelines.settings import ROOT
from validation import baselines, fault_lines, hypotheses, nowcast, organisation, prevention
from validation.bar import Bar
from validation.page import limits, number, page

PAGE = ROOT / "docs" / "validation.md"
# how many of what each module draws: the whole table takes some minutes, the small one seconds
SIZES = {
    fault_lines: (20, 2),
    baselines: (60, 8),
    nowcast: (100, 10),
    prevention: (10, 2),
    hypotheses: (10_000, 2_000),
    organisation: (3, 0),
}


def measure(seed: int, is_small: bool) -> list[Bar]:
    """All bars; the small form leaves out what starts the whole product."""
    bars = []
    for module, sizes in SIZES.items():
        size, began = sizes[is_small], time.perf_counter()
        for bar in module.bars(seed, size) if size else ():
            bars.append(bar)
            naive = "" if bar.naive is None else f"  naive {number(bar.naive)}"
            met = "met" if bar.is_met else "MISSED"
            print(f"{bar.method}  {bar.what}: {number(bar.found)} ({limits(bar)}) {met}{naive}  [{bar.of}]", flush=True)
        print(f"   {module.__name__}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    return bars


def tuned() -> str:
    """The seeds that the modules were tuned on."""
    return ", ".join(f"{module.__name__.removeprefix('validation.')} {module.TUNED_ON}" for module in SIZES)


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--seed", type=int, default=2)
    words.add_argument("--small", action="store_true", help="The form of the test; writes no page.")
    words.add_argument("--out", type=Path, default=PAGE)
    asked = words.parse_args()
    bars = measure(asked.seed, asked.small)
    if not asked.small:
        asked.out.write_text(page(bars, asked.seed, tuned()), encoding="utf-8")
        print(asked.out)
    return 0 if all(bar.is_met for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
