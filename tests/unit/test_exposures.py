"""The file of exposures: what is read, what is refused with its line, and what it does to a rate."""

from datetime import date
from types import SimpleNamespace

import duckdb
import pytest

from pipelines.analysis import exposures
from pipelines.settings import SettingsError

GOOD = "kind,series,from_week,exposure\nservice,API,2026-W10,4\nservice,API,2026-W12,8\nteam,core,2026-W11,2.5\n"


def written(tmp_path, text: str):
    file = tmp_path / "exposures.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_value_holds_until_the_next_and_the_first_one_before_its_line_too(tmp_path):
    con = duckdb.connect()
    con.execute(
        "CREATE SCHEMA raw; CREATE TABLE raw.exposures (kind VARCHAR, series VARCHAR, from_on DATE, exposure DOUBLE)"
    )
    exposures.declare(con, SimpleNamespace(exposures=exposures.load(written(tmp_path, GOOD))))
    mondays = [date.fromisocalendar(2026, week, 1) for week in (9, 10, 11, 12, 13)]
    found = exposures.of_series(con, "service", {"api": 1, "other": 0}, mondays)
    assert found.tolist() == [[1, 1, 1, 1, 1], [4, 4, 4, 8, 8]]
    assert exposures.of_series(con, "project", {"x": 0}, mondays) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("service,API,2026-W10", "2: 3 values where 4 belong"),
        ("servic,API,2026-W10,4", "2: kind: `servic` is none of category"),
        ("service,,2026-W10,4", "2: series: a name is missing"),
        ("service,API,2026-W60,4", "2: from_week: `2026-W60` is no ISO week"),
        ("service,API,last week,4", "2: from_week: `last week` is no ISO week"),
        ("service,API,2026-W10,0", "2: exposure: `0` is no number from 0.001 to 1,000,000; count it in another unit"),
        ("service,API,2026-W10,nan", "2: exposure: `nan` is no number from"),
        ("service,API,2026-W10,many", "2: exposure: `many` is no number from"),
        ("service,API,2026-W10,-4", "2: exposure: `-4` is no number from"),
        ("service,API,2026-W10,1e300", "2: exposure: `1e300` is no number from"),
        ("service,API,2026-W10,1e-300", "2: exposure: `1e-300` is no number from"),
        ("service,API,2026-W10,4\nservice,API,2026-W10,4", "3: this series has a line for that week already"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, line, said):
    with pytest.raises(SettingsError, match=said):
        exposures.load(written(tmp_path, f"kind,series,from_week,exposure\n{line}\n"))


def test_a_file_that_is_not_there_or_has_another_head_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"nothing.csv: No such file or directory$"):
        exposures.load(tmp_path / "nothing.csv")
    (tmp_path / "latin.csv").write_bytes(b"kind,series\xe9")
    with pytest.raises(SettingsError, match=r"latin.csv: byte 0xE9 is not UTF-8; save it as UTF-8"):
        exposures.load(tmp_path / "latin.csv")
    with pytest.raises(SettingsError, match="1: the first line has to be kind,series,from_week,exposure"):
        exposures.load(written(tmp_path, "series,exposure\na,1\n"))
