"""Parquet beside the warehouse: whole, sorted, and written anew only where rows changed."""

from pathlib import Path

import duckdb
import pytest

from pipelines.publish import parquet


@pytest.fixture
def con(monkeypatch) -> duckdb.DuckDBPyConnection:
    monkeypatch.setattr(parquet, "PART_ROWS", 100)
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE t AS SELECT 'r' || range // 2 AS record_id, range AS position, NULL AS note FROM range(999)"
    )
    return con


def _rows(con: duckdb.DuckDBPyConnection, what: str) -> list[tuple]:
    return con.execute(f"FROM {what} ORDER BY ALL").fetchall()


def _written(con: duckdb.DuckDBPyConnection, folder: Path, last: Path) -> dict[str, int]:
    """The files of table t and their inodes."""
    assert parquet.write(con, "t", folder, last) == con.execute("SELECT count(*) FROM t").fetchone()[0]
    assert _rows(con, f"'{folder}/*.parquet'") == _rows(con, "t")
    return {path.name: path.stat().st_ino for path in folder.iterdir()}


def test_the_parts_together_are_the_table_and_a_record_stands_in_one(con, tmp_path):
    assert len(_written(con, tmp_path / "1", tmp_path / "none")) == 16
    files = f"read_parquet('{tmp_path}/1/*.parquet', filename = true)"
    spread = con.execute(f"SELECT count(DISTINCT filename) FROM {files} GROUP BY record_id").fetchall()
    assert set(spread) == {(1,)}


@pytest.mark.parametrize(
    "change",
    [
        "INSERT INTO t VALUES ('new', 1, NULL)",
        "UPDATE t SET note = 5 WHERE record_id = 'r7' AND position = 14",
        "DELETE FROM t WHERE record_id = 'r7'",
        "INSERT INTO t FROM t WHERE record_id = 'r7'",
    ],
)
def test_what_a_change_does_not_reach_is_the_same_file(con, tmp_path, change):
    before = _written(con, tmp_path / "1", tmp_path / "none")
    con.execute(change)
    after = _written(con, tmp_path / "2", tmp_path / "1")
    assert len(before.items() & after.items()) == 15 and len(after) == 16


def test_the_order_of_rows_in_the_warehouse_is_not_seen(con, tmp_path):
    before = _written(con, tmp_path / "1", tmp_path / "none")
    con.execute("CREATE OR REPLACE TABLE t AS FROM t ORDER BY random()")
    assert _written(con, tmp_path / "2", tmp_path / "1") == before
    again = _written(con, tmp_path / "3", tmp_path / "none")
    assert again.keys() == before.keys()
    assert all((tmp_path / "1" / name).read_bytes() == (tmp_path / "3" / name).read_bytes() for name in again)


@pytest.mark.parametrize("rows", ["t WHERE false", "range(3)"])
def test_a_table_without_rows_or_records_is_one_file(con, tmp_path, rows):
    con.execute(f"CREATE OR REPLACE TABLE t AS FROM {rows}")
    assert len(_written(con, tmp_path / "1", tmp_path / "none")) == 1
