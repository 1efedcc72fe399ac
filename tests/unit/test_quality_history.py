"""What a run leaves behind: results of this run, lines of every run, sentences and tables that people read."""

from __future__ import annotations

from datetime import timedelta

from pipelines.contract import bundle
from pipelines.publish import content
from pipelines.quality import checks, expectations, history, record_quality, rules, verdicts
from pipelines.quality.verdicts import Verdict
from tests.unit.quality_raw import RECEIVED, add, raw_tables

CATALOGUE = rules.load()
SUITE = expectations.load(CATALOGUE, bundle.load())


def verdict(expectation: str = "PM101", source: str | None = "feed", failed: int = 0, **changes) -> Verdict:
    """Of 25 records, half of which are needed."""
    share = (25 - failed) / 25
    values = {
        "expectation": expectation, "concern": "chronology", "source": source, "subject": None, "severity": "critical",
        "success": share >= 0.5, "evaluated": 25, "failed": failed, "needed": 0.5, "share": share, "exception": None,
        "record_ids": tuple(f"R{n:03d}" for n in range(failed)),
    }  # fmt: skip
    return Verdict(**(values | changes))


def warehouse(generation: int = 1):
    con = raw_tables()
    history.prepare(con)
    con.execute("UPDATE raw.as_of SET generation = ?", [generation])
    return con


def test_results_are_those_of_this_run_alone_with_their_source_and_moment():
    con = warehouse()
    history.store(con, [verdict(failed=1), verdict(source="other")])
    history.store(con, [verdict(failed=13)])
    expected = ("PM101", "chronology", "feed", None, "critical", False, 25, 13, 0.5, 0.48, None)
    names = [f"R{n:03d}" for n in range(13)]
    assert con.execute("FROM quality.results").fetchall() == [(*expected, names, RECEIVED)]


def test_history_holds_a_line_of_every_run_expectation_and_source():
    con = warehouse()
    for generation, failed in ((1, 2), (2, 3), (3, 13)):
        con.execute("UPDATE raw.as_of SET generation = ?, as_of = ?", [generation, RECEIVED + timedelta(generation)])
        history.store(con, [verdict(failed=failed), verdict(source="other"), verdict("PM102", None)])
    rows = con.execute(
        "SELECT generation, failed, success FROM quality.history WHERE expectation = 'PM101' AND source = 'feed' "
        "ORDER BY as_of"
    ).fetchall()
    assert rows == [(1, 2, True), (2, 3, True), (3, 13, False)]
    assert con.execute("SELECT count(*) FROM quality.history").fetchone() == (9,)


def test_an_attempt_made_again_replaces_its_lines():
    con = warehouse()
    history.store(con, [verdict(failed=2)])
    history.store(con, [verdict(failed=3)])
    assert con.execute("SELECT failed FROM quality.history").fetchall() == [(3,)]
    (tables,) = con.execute("SELECT count(*) - count(DISTINCT table_name) FROM quality.row_history").fetchone()
    assert tables == 0


def test_of_many_subjects_history_keeps_the_worst():
    con = warehouse()
    fields = {"title": 2, "severity": 20, "category": 13}
    history.store(con, [verdict("fields_stay_common", subject=name, failed=n) for name, n in fields.items()])
    assert con.execute("SELECT subject, failed FROM quality.history").fetchall() == [("severity", 20)]


def test_history_looks_back_so_many_runs_and_no_further():
    con = warehouse()
    for generation in range(1, 6):
        con.execute("UPDATE raw.as_of SET generation = ?", [generation])
        history.store(con, [verdict()])
        history.forget(con, 3)
    for table in ("history", "row_history"):
        found = con.execute(f"SELECT DISTINCT generation FROM quality.{table} ORDER BY 1").fetchall()
        assert found == [(3,), (4,), (5,)]


def test_history_counts_the_rows_of_every_raw_table():
    con = warehouse()
    add(con, {"id": "X", "title": "x", "stage": "draft", "timeline": [{"event": "a"}, {"event": "b"}]})
    history.store(con, [])
    counted = dict(con.execute("SELECT table_name, n FROM quality.row_history").fetchall())
    for table, n in counted.items():
        assert con.execute(f"SELECT count(*) FROM raw.{table}").fetchone() == (n,), table
    assert counted["timeline"] == 2


def test_a_warehouse_built_in_three_runs_has_the_content_of_one_built_at_once():
    records = [{"id": f"R{n}", "title": "x", "stage": "draft"} for n in range(6)]
    at_once, in_three = warehouse(), warehouse()
    add(at_once, *records)
    for generation in (1, 2, 3):
        add(in_three, *records[2 * generation - 2 : 2 * generation], generation=generation)
        record_quality.apply(in_three, CATALOGUE, only_new=True)
        history.store(in_three, [verdict(failed=generation)])
    record_quality.apply(at_once, CATALOGUE)
    history.store(at_once, [verdict()])
    assert content.hashes(in_three) == content.hashes(at_once)
    left_out = {name for name in content.ABOUT_RUNS if not name.startswith("analysis.")}  # nothing is analysed here
    there = {name for (name,) in in_three.execute(
        "SELECT schema_name || '.' || table_name FROM duckdb_tables()"
    ).fetchall()}  # fmt: skip
    assert left_out <= there and 'quality."findings"' in content.hashes(in_three)


def test_a_verdict_says_the_source_the_share_what_is_needed_and_what_to_do():
    expected = next(each for each in SUITE.expectations if each.id == "PM101")
    said = verdicts.said(verdict(failed=13), expected)
    assert said[0].startswith("PM101 of feed: 13 of 25 failed; 48 % passed, 50 % needed: R000, R001")
    assert said[1:] == [f"  {expected.reason}", f"  {expected.fix}"]
    assert verdicts.percent(0.9999) == "99.9 %" and verdicts.percent(0.29) == "29 %"


def test_the_check_of_a_concern_lists_the_worst_first_and_blocks_only_on_what_is_critical():
    many = [verdict(source=f"s{n}") for n in range(100)]
    broken = verdict(source="a|b", failed=13, subject="raw.x")
    result = checks.check("chronology", [*many, broken, verdict(success=None, evaluated=0, share=None)])
    table = result.metadata["expectations"].value.splitlines()
    assert table[2].startswith("| PM101 raw.x | a\\|b | critical | 25 | 13 | 48 % | 50 % | R000, R001")
    assert len(table) == 2 + checks.MOST_ROWS + 2 and table[-1] == "… and 42 more in quality.results"
    assert result.metadata["PM101 lowest share"].value == 0.48
    assert not result.passed and result.severity.value == "ERROR"
    warned = checks.check("chronology", [verdict(failed=13, severity="warning"), *many])
    assert not warned.passed and warned.severity.value == "WARN"
    assert checks.check("chronology", []).passed
