"""What must not be published is not: a model that fails, a gate that is closed. Readers keep what they had, and the
message says what failed and what to do.

Falling counts by source and their way out are in tests/integration/test_gate_runs.py, an empty first run and a folder
that is empty in tests/integration/test_whole_way.py.
"""

from __future__ import annotations

from pipelines.publish import generations
from tests.battery.warm import Ended, Warm
from tests.battery.world import World, broken, not_clean
from tests.projects import Project, record


def nothing_published(world: World, ended: Ended) -> None:
    """Exit 3, one message, the old generation whole."""
    assert ended.returncode == 3 and "Traceback" not in ended.stderr, ended.stderr[-600:]
    assert "nothing published, readers keep the last generation" in ended.stderr
    assert generations.current(world.state) == 1 and not broken(world)


def test_a_failed_model_publishes_nothing_and_is_named_with_what_to_do(warm: Warm, world: World) -> None:
    failed = warm.run(world.home, wrap=["tests.battery.faulty:model", str(world.home)])
    nothing_published(world, failed)
    assert "model.faultlines.actions" in failed.stderr and "titel" in failed.stderr and "run again" in failed.stderr
    assert "Skipping" not in failed.stderr, failed.stderr
    assert warm.run(world.home).returncode == 0
    assert not not_clean(world)


def test_no_valid_record_where_there_were_some_publishes_nothing_and_names_source_and_way_out(
    warm: Warm, project: Project
) -> None:
    for number in range(25):
        project.write(f"{number}.yml", record(number))
    project.ingest()
    for path in (project.home / "records").iterdir():
        path.write_bytes(b"id: [")
    closed = warm.run(project.home)
    assert closed.returncode == 3 and "Traceback" not in closed.stderr, closed.stderr[-600:]
    assert "nothing published, readers keep the last generation" in closed.stderr
    assert " of own: 25 of 25 failed" in closed.stderr and "Mend what `set_aside` lists" in closed.stderr
    assert generations.current(project.settings.state) == 1
    assert project.query("select count(*) from raw.revisions") == [(25,)]
