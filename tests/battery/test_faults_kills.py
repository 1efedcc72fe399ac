"""kill -9 anywhere: one whole generation stays published, nothing acknowledged is lost, the next run ends clean.

A few here; `make kills` does every point and 500 random moments, with a table.
"""

from __future__ import annotations

import random

from tests.battery import WHOLE
from tests.battery.kills import at_moment, at_point, steps
from tests.battery.warm import Warm
from tests.battery.world import World


def test_killed_at_a_point_nothing_is_torn_and_the_next_run_ends_as_a_clean_one(warm: Warm, world: World) -> None:
    points = steps(world)
    # between the two renames a generation is there and not yet published: of all points the one that must be right
    chosen = points[::3] if WHOLE else ["os.rename CURRENT.tmp"]
    for point in chosen:
        kill = at_point(warm, world, point)
        assert kill.phase == point and not kill.broken and not kill.unclean, kill


def test_killed_at_a_random_moment_nothing_is_torn_and_the_next_run_ends_as_a_clean_one(
    warm: Warm, world: World
) -> None:
    draw = random.Random(4)
    for _ in range(20 if WHOLE else 1):
        kill = at_moment(warm, world, draw.random())
        assert not kill.broken and not kill.unclean, kill


def test_the_points_of_a_run_are_all_that_it_writes(world: World) -> None:
    """The list is taken from a run: what publication rests on must be in it."""
    points = "\n".join(world.points)
    for name in (
        "shutil.copyfile generations/000001/warehouse.duckdb", "open work/attempt.json", "open store/unfinished.tmp",
        "fsync receipts/000002.ndjson.tmp", "os.rename receipts/000002.ndjson.tmp", "fsync work/warehouse.duckdb",
        "os.rename work/manifest.json.tmp", "os.rename work\n", "os.rename CURRENT.tmp", "model incidents",
        "shutil.rmtree generations/000001", "sql pipelines.ingest.load:load", "sql pipelines.publish.step:_export",
        "os.rename 2026-W46/.weekly.html.PID",
    ):  # fmt: skip
        assert name in points, name
