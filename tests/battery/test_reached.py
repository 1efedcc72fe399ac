"""What a change reaches is all it changes: runs that make only that anew end with the content of `--full`."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.battery import WHOLE
from tests.battery.reached import START, History, project, run

SEEDS = range(1, 5) if WHOLE else range(1, 2)
HISTORIES, STEPS = (50, 6) if WHOLE else (40, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_runs_that_make_anew_what_a_change_reaches_end_as_a_full_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    made = project(tmp_path)
    histories = [History(tmp_path, number, seed) for number in range(HISTORIES)]
    now = START
    for step in range(STEPS):
        now += timedelta(hours=5) if step % 2 else timedelta(days=3)
        monkeypatch.setenv("FAULTLINES_NOW", now.isoformat())
        for history in histories:
            history.step(now)
        by_reach = run(made, now, is_full=False)
    full = run(made, now, is_full=True)
    assert [table for table in full if full[table] != by_reach.get(table)] == []
    assert full.keys() == by_reach.keys()
