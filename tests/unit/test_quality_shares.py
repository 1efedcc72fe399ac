"""What is judged source by source: rules, row counts, sections, what was set aside, nulls.

Damage fires, honesty does not. By count alone; that Great Expectations judges these counts is in test_quality_gate.py.
"""

from __future__ import annotations

import dataclasses
import random

import pytest

from pipelines.contract import bundle
from pipelines.quality import expectations, gate, history, rules
from pipelines.quality.thresholds import Override
from tests.unit.quality_raw import Delivery, add, declare, failing, load, lose, of_one_rule, raw_tables

SUITE = expectations.load(rules.load(), bundle.load())
BROKEN = {"chronology": {"impact_started_at": "2026-05-04T06:40Z", "resolved_at": "2026-05-02"}}
SOUND = {"chronology": {"impact_started_at": "2026-05-04T06:40Z", "resolved_at": "2026-05-05"}}


def records(source: str, count: int, broken: int = 0, **more) -> list[dict]:
    draft = {"title": "Limits too high", "stage": "draft"}
    return [{"id": f"{source}-{n:03d}", **draft, **(BROKEN if n < broken else SOUND), **more} for n in range(count)]


def warehouse(**sources: list[dict]):
    con = raw_tables()
    declare(con, *sources)
    load(con, [Delivery(held, source) for source, held in sources.items()])
    return con


def with_thresholds(*overrides: Override):
    return dataclasses.replace(SUITE, overrides=overrides)


def test_a_small_broken_source_does_not_hide_in_a_big_one():
    con = warehouse(big=records("big", 300), small=records("small", 20, broken=11))
    assert failing(con, SUITE) == {("PM101", "small", None): "critical"}


def test_a_source_too_small_to_block_only_warns():
    con = warehouse(big=records("big", 300), small=records("small", 19, broken=19))
    assert failing(con, SUITE) == {("PM101", "small", None): "warning"}


def test_many_sources_too_small_to_block_alone_block_together():
    con = warehouse(**{f"s{n}": records(f"s{n}", 5, broken=5) for n in range(4)})
    found = failing(con, SUITE)
    assert found == {("PM101", f"s{n}", None): "warning" for n in range(4)} | {
        ("PM101", None, "small sources together"): "critical"
    }
    (together,) = [share for share in gate.count(con, SUITE) if share.source is None and share.failed]
    assert (together.evaluated, together.failed, len(together.record_ids)) == (20, 20, 20)


@pytest.fixture(scope="module")
def imported():
    """A source of imported records that breaks PM101; to judge it again changes nothing."""
    return warehouse(feed=records("feed", 30, broken=17, stage="imported", provenance="imported"))


@pytest.mark.parametrize(
    ("override", "fails"),
    [
        (Override("PM101", {"needed": 0.4}, source="feed"), {}),
        (Override("PM101", {"needed": 0.4}, source="fe*"), {}),
        (Override("PM101", {"needed": 0.4}, source="other"), {("PM101", "feed", None): "critical"}),
        (Override("PM102", {"needed": 0.4}), {("PM101", "feed", None): "critical"}),
        (Override("PM101", {"severity": "warning"}), {("PM101", "feed", None): "warning"}),
        (Override("PM101", {"at_least": 31}), {("PM101", "feed", None): "warning"}),
        (Override("PM101", {"needed": 0.4}, stage="imported"), {}),
        (Override("PM101", {"needed": 0.4}, stage="draft"), {("PM101", "feed", None): "critical"}),
        (Override("PM101", {"needed": 0.4}, stage="imported", provenance="imported"), {}),
        (Override("PM101", {"needed": 0.4}, provenance="first_hand"), {("PM101", "feed", None): "critical"}),
    ],
)
def test_a_threshold_may_be_otherwise_for_some_sources(imported, override, fails):
    assert failing(imported, with_thresholds(override)) == fails


def test_a_source_of_mixed_stages_is_of_none():
    held = [*records("feed", 30, broken=17, stage="imported"), {"id": "X", "title": "x", "stage": "draft", **SOUND}]
    of_imported = with_thresholds(Override("PM101", {"needed": 0.4}, stage="imported"))
    assert failing(warehouse(feed=held), of_imported) == {("PM101", "feed", None): "critical"}


def test_the_first_threshold_that_fits_is_taken_and_a_sources_own_comes_first():
    con = warehouse(feed=records("feed", 30, broken=17))
    strict, lax = Override("PM101", {"needed": 0.9}, source="f*"), Override("PM101", {"needed": 0.1})
    assert failing(con, with_thresholds(strict, lax)) == {("PM101", "feed", None): "critical"}
    assert failing(con, with_thresholds(lax, strict)) == {}
    own = expectations.load(rules.load(), bundle.load(), of_sources={"feed": [{"of": "PM101", "needed": 0.1}]})
    assert own.overrides[0] == Override("PM101", {"needed": 0.1}, source="feed") and failing(con, own) == {}


def test_a_source_that_loses_all_or_most_of_its_records_blocks():
    sizes = {"all_3": (3, 3), "two_of_3": (3, 2), "half_of_26": (26, 13), "most_of_25": (25, 13)}
    con = warehouse(**{name: records(name, size) for name, (size, _) in sizes.items()})
    lose(con, *[f"{name}-{n:03d}" for name, (_, lost) in sizes.items() for n in range(lost)])
    assert failing(con, SUITE) == {
        ("sources_is_still_there", "all_3", None): "critical",
        ("sources_keep_their_share", "most_of_25", None): "critical",
    }
    # once accepted, the loss is not held against a later delivery, even one without any file
    con.execute("UPDATE raw.as_of SET generation = 3")
    assert failing(con, SUITE) == {}


def test_a_clean_up_that_is_meant_is_allowed_by_the_source_that_says_so():
    con = raw_tables()
    declare(con, "feed", least_share_kept=0)
    add(con, *records("feed", 30), source="feed")
    lose(con, *[f"feed-{n:03d}" for n in range(30)])
    assert failing(con, SUITE) == {}


@pytest.mark.parametrize("seed", range(5))
def test_honest_deliveries_are_silent(seed):
    chance = random.Random(seed)
    sizes = {f"s{n}": chance.choice([1, 3, 8, 20, 40, 90]) for n in range(6)}
    con = warehouse(**{name: records(name, size, timeline=[{"event": "seen"}]) for name, size in sizes.items()})
    assert failing(con, SUITE) == {}
    gone = [f"{name}-{n:03d}" for name, size in sizes.items() for n in range(size // 5)]
    lose(con, *gone)
    second = []
    for name, size in sizes.items():
        told = {"timeline": [{"event": "seen"}]}
        edited = records(name, size, title="edited", **told)[size // 5 : size // 5 + 4]
        grown = [{**record, "id": f"new-{record['id']}"} for record in records(name, chance.randrange(200), **told)]
        second.append(Delivery([*edited, *grown], name, 2))
    load(con, second)
    assert failing(con, SUITE) == {}


@pytest.mark.parametrize(("lost", "blocks"), [(13, True), (12, False)])
def test_a_section_that_most_records_read_anew_have_lost_blocks(lost, blocks):
    told = {"timeline": [{"event": "seen"}]}
    con = warehouse(feed=records("feed", 24, **told), other=records("other", 24, **told))
    changed = records("feed", 24, title="mapped anew", **told)
    for record in changed[:lost]:
        del record["timeline"]
    add(con, *changed, source="feed", generation=2)
    expected = {("sections_keep_their_rows", "feed", "raw.timeline"): "critical"} if blocks else {}
    assert failing(con, SUITE) == expected


def test_a_few_edits_that_drop_a_section_are_somebodys_work():
    told = {"timeline": [{"event": "seen"}]}
    con = warehouse(feed=records("feed", 100, **told))
    add(con, *records("feed", 19, title="without a timeline"), source="feed", generation=2)
    assert failing(con, SUITE) == {}


def set_aside(con, source: str, count: int, generation: int) -> None:
    """The first files of a source read again and set aside whole; what they held before is still carried."""
    con.execute("UPDATE raw.as_of SET generation = ?", [generation])
    changes = {
        "files": "0 AS records, 1 AS quarantined,",
        "receipts": "NULL AS revision_id, 'quarantined' AS outcome,",
        "carriage": "",
    }
    for table, change in changes.items():
        con.execute(
            f"INSERT INTO raw.{table} BY NAME SELECT * REPLACE ({change} {generation} AS generation) FROM raw.{table} "
            "WHERE source = ? AND generation = 1 AND path < ?",
            [source, f"{source}-{count:03d}"],
        )


def test_a_source_of_which_most_is_suddenly_set_aside_blocks_and_a_part_does_not():
    sizes = {"half": (30, 15), "most": (30, 16), "small": (19, 19)}
    con = warehouse(**{name: records(name, size) for name, (size, _) in sizes.items()})
    for name, (_, aside) in sizes.items():
        set_aside(con, name, aside, 2)
    assert failing(con, SUITE) == {("sources_are_readable", "most", None): "critical"}
    # a source that was as bad before is news to nobody
    con.execute("UPDATE raw.as_of SET generation = 3")
    assert failing(con, SUITE) == {}


def test_a_first_delivery_that_is_set_aside_whole_is_silent():
    con = warehouse(feed=records("feed", 30))
    con.execute("UPDATE raw.files SET records = 0, quarantined = 1")
    con.execute("UPDATE raw.receipts SET revision_id = NULL, outcome = 'quarantined'")
    assert failing(con, SUITE) == {}


@pytest.fixture(scope="module")
def whole():
    """Without a null where none may be."""
    con = warehouse(feed=records("feed", 3), other=records("other", 3))
    con.execute("INSERT INTO raw.quarantine (source, path, code, message, fix) VALUES ('feed', 'p', 'c', 'm', 'f')")
    return con


@pytest.fixture
def con(whole):
    """The same to every test that damages it."""
    whole.begin()
    yield whole
    whole.rollback()


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, columns in SUITE.never_null.items() for c in columns])
def test_a_null_where_none_may_be_blocks_and_is_named(con, table, column):
    con.execute(f"UPDATE {table} SET {column} = NULL WHERE rowid = (SELECT min(rowid) FROM {table})")
    told = {key[2]: severity for key, severity in failing(con, of_one_rule(SUITE)).items() if key[0] == "never_null"}
    assert told == {f"{table}.{column}": "critical"}


def test_a_raw_table_that_has_fewer_rows_than_in_the_last_run_blocks():
    con = warehouse(feed=records("feed", 5, timeline=[{"event": "seen"}]))
    assert failing(con, SUITE) == {}
    history.store(con, [])
    add(con, *[{**record, "id": f"new-{record['id']}"} for record in records("feed", 2)], source="feed", generation=2)
    assert failing(con, SUITE) == {}
    con.execute("CREATE OR REPLACE TABLE raw.timeline AS FROM raw.timeline LIMIT 4")
    assert failing(con, SUITE) == {("raw_tables_only_grow", None, "raw.timeline"): "critical"}


@pytest.mark.parametrize("table", ["sources", "fault_line_names", "contract_fields", "words"])
def test_what_is_written_anew_by_every_run_may_become_less(table):
    con = warehouse(feed=records("feed", 5), other=records("other", 5))
    con.execute("INSERT INTO raw.fault_line_names (line_id) VALUES ('FL-00000001'), ('FL-00000002')")
    assert failing(con, SUITE) == {}
    history.store(con, [])
    add(con, *records("new", 2), source="feed", generation=2)
    con.execute(f"CREATE OR REPLACE TABLE raw.{table} AS FROM raw.{table} LIMIT 1")
    assert failing(con, SUITE) == {}


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT 1 AS evaluated, 0 AS failed", "share wrong: its SQL selects no `source`"),
        (
            "SELECT 's' AS source, 1 AS evaluated, 0 AS failed, 2 AS more",
            "share wrong: nothing is known of the column `more`",
        ),
        ("SELECT s FROM raw.nothing", "share wrong: its SQL does not run"),
    ],
)
def test_a_share_whose_sql_is_wrong_is_named(sql, says):
    suite = dataclasses.replace(
        SUITE,
        shares={"wrong": sql},
        expectations=(*SUITE.expectations, dataclasses.replace(SUITE.expectations[0], id="wrong")),
    )
    with pytest.raises(rules.CatalogueError) as error:
        failing(warehouse(feed=records("feed", 1)), suite)
    assert says in str(error.value)
