"""Kill -9 at random moments, or at every point, as often as asked; a table of what it came to.

    python -m tests.battery.kills --kills 500 --seed 1      random moments, uniform over the measured length of a run
    python -m tests.battery.kills --steps                   every point of points.py, and within every write

`make kills` does both. Here: one kill and its verdict, and the table. Not here: what must hold (world.py).
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pipelines.publish import generations
from tests.battery.points import can_be_half
from tests.battery.warm import Warm
from tests.battery.world import MONDAY, World, broken, copied, make, not_clean

COLUMNS = ("kills", "lost", "torn", "mixed", "clean rerun")
ENDED = "ended before"


@dataclass
class Kill:
    """One kill: where it hit, which promises broke at once, and what the next run left unlike a clean one."""

    phase: str
    broken: list[str]
    unclean: list[str]
    moment: str
    rerun_seconds: float | None = None  # None where the rerun had nothing to do


def steps(world: World) -> list[str]:
    """Every point, and every one within whose writes a run can die."""
    return world.points + [f"half:{point}" for point in world.points if can_be_half(point)]


def at_point(warm: Warm, world: World, point: str) -> Kill:
    """A run that dies at one point, then the next run."""
    world.set_back()
    wrap = ["tests.battery.points:die", str(world.home), point]
    died = warm.run(world.home, wrap=wrap, FAULTLINES_NOW=MONDAY)
    hit = died.returncode in (-signal.SIGKILL, -signal.SIGXFSZ)
    return _judged(warm, world, point if hit else f"{ENDED} ({died.returncode}): {point}", point)


def at_moment(warm: Warm, world: World, share: float) -> Kill:
    """A run that dies when this share of its usual length has passed, then the next run."""
    world.set_back()
    file = world.home.parent / "phase"
    file.write_text("start".ljust(20))
    wrap = ["tests.battery.points:tell_phase", str(file)]
    call = warm.start(world.home, wrap=wrap, FAULTLINES_NOW=MONDAY)
    time.sleep(world.seconds * share)
    if not call.is_over():
        os.kill(call.pid, signal.SIGKILL)
    ended = call.wait()
    phase = file.read_text().strip() if ended.returncode == -signal.SIGKILL else ENDED
    return _judged(warm, world, phase, f"{share:.4f} of {world.seconds:.1f} s")


def _judged(warm: Warm, world: World, phase: str, moment: str) -> Kill:
    at_once = broken(world)
    is_whole = generations.current(world.state) == 1
    done = warm.run(world.home, FAULTLINES_NOW=MONDAY)
    unclean = not_clean(world) if done.returncode == 0 else [f"exit {done.returncode}: {done.stderr[-300:]}"]
    return Kill(phase, at_once, unclean, moment, done.seconds if is_whole else None)


def _worker(number: int, asked: argparse.Namespace) -> list[Kill]:
    """This worker's part: every n-th kill of the seed, in a world of its own."""
    done: list[Kill] = []
    with tempfile.TemporaryDirectory() as folder:
        warm = Warm()
        make(Path(folder), warm)
        world = copied(Path(folder), Path(folder) / "own")
        if asked.steps:
            for point in steps(world)[number :: asked.workers]:
                done.append(_told(at_point(warm, world, point)))
        else:
            shares = [random.Random(f"{asked.seed} {kill}").random() for kill in range(asked.kills)]
            lengths = [world.seconds]
            for share in shares[number :: asked.workers]:
                done.append(_told(at_moment(warm, world, share)))
                # other work on the machine makes a run longer or shorter: the length follows
                lengths += [done[-1].rerun_seconds] if done[-1].rerun_seconds else []
                world.seconds = median(lengths[-5:])
        warm.close()
    return done


def _told(kill: Kill) -> Kill:
    """A line for each, as it comes: an hour without a word looks like one that hangs."""
    said = "; ".join((*kill.broken, *kill.unclean)) or "whole, and the next run clean"
    print(f"{kill.phase} ({kill.moment}): {said}", file=sys.stderr, flush=True)
    return kill


def table(kills: list[Kill]) -> str:
    """A row for each phase (points of one kind together), and the sum."""
    rows: dict[str, Counter] = {}
    for kill in kills:
        kind = kill.phase.split(" ")[0] if kill.phase != ENDED else ENDED
        for row in (rows.setdefault(kind, Counter()), rows.setdefault("all", Counter())):
            row["kills"] += 1
            row["clean rerun"] += not kill.unclean
            for word in ("lost", "torn", "mixed"):
                row[word] += any(said.startswith(word) for said in (*kill.broken, *kill.unclean))
    rows["all"] = rows.pop("all", Counter())
    lines = ["| hit in | " + " | ".join(COLUMNS) + " |", "|---|" + "---:|" * len(COLUMNS)]
    lines += [f"| {kind} | " + " | ".join(str(row[name]) for name in COLUMNS) + " |" for kind, row in rows.items()]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.battery.kills", description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--steps", action="store_true", help="every point instead of random moments")
    asked = parser.parse_args()
    with ThreadPoolExecutor(asked.workers) as pool:
        parts = list(pool.map(lambda number: _worker(number, asked), range(asked.workers)))
    kills = [kill for part in parts for kill in part]
    print(table(kills))
    return 1 if any(kill.broken or kill.unclean for kill in kills) else 0


if __name__ == "__main__":
    sys.exit(main())
