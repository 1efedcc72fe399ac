"""What becomes of a mapping's rows: one bad document costs only itself, a bad mapping stops with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.ingest.mapping import Mapped, MappingError
from tests.mapped import map_paths, map_texts

PLAIN = "SELECT title AS id, path, {title: title} AS record FROM documents"


def _map(tmp_path: Path, sql: str, texts: dict[str, str], **lookups: str) -> tuple[list[Mapped], list[tuple[str, str]]]:
    for name, text in lookups.items():
        (tmp_path / f"{name}.csv").write_text(text)
    mapped, faults = map_texts(tmp_path, sql, texts, lookups=tuple(tmp_path / f"{name}.csv" for name in lookups))
    return mapped, [(path, fault.code) for path, fault in faults]


def _numbers(count: int, bad: tuple[int, ...] = ()) -> dict[str, str]:
    return {f"{n:03}.md": f"# {'no number' if n in bad else n}\n" for n in range(count)}


def test_each_row_is_a_record_with_its_path_and_line(tmp_path: Path) -> None:
    sql = """SELECT documents.title AS id, path, n AS line, {title: blocks.text} AS record
        FROM documents JOIN blocks USING (path) WHERE kind = 'bullet'"""
    mapped, faults = _map(tmp_path, sql, {"a.md": "# A\n\n- one\n- two\n"})
    assert mapped == [
        Mapped("a.md", 2, "A", {"id": "A", "title": "one"}),
        Mapped("a.md", 3, "A", {"id": "A", "title": "two"}),
    ]
    assert faults == []


def test_no_documents_give_no_records(tmp_path: Path) -> None:
    assert _map(tmp_path, PLAIN, {}) == ([], [])


def test_records_come_in_the_order_of_the_documents(tmp_path: Path) -> None:
    mapped, _ = _map(tmp_path, PLAIN + " ORDER BY random()", _numbers(200))
    assert [row.path for row in mapped] == [f"{n:03}.md" for n in range(200)]


def test_what_is_null_or_empty_is_absent_at_every_depth(tmp_path: Path) -> None:
    sql = """SELECT 'x' AS id, path, {title: 't', url: NULL, scope: {summary: NULL, services: []::VARCHAR[]},
        timeline: [{'at': NULL, event: 'e'}, {'at': NULL, event: NULL}], impact: {cost: {min_cents: 0}},
        flag: false, word: ''} AS record FROM documents"""
    ((row,), _) = _map(tmp_path, sql, {"a.md": "# A\n"})
    assert row.record == {
        "id": "x", "title": "t", "timeline": [{"event": "e"}], "impact": {"cost": {"min_cents": 0}},
        "flag": False, "word": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    "record",
    ["{title: title}", "to_json({title: title})", "'{\"title\": \"' || title || '\"}'", "MAP {'title': title}"],
)
def test_a_record_may_be_a_struct_json_text_or_a_map(tmp_path: Path, record: str) -> None:
    ((row,), faults) = _map(tmp_path, f"SELECT title AS id, path, {record} AS record FROM documents", {"a.md": "# A\n"})
    assert (row.record, faults) == ({"id": "A", "title": "A"}, [])


def test_a_title_that_looks_like_a_number_stays_text(tmp_path: Path) -> None:
    ((row,), _) = _map(tmp_path, PLAIN, {"a.md": "---\ntitle: 007\n---\n"})
    assert (row.id, row.record["title"]) == ("007", "007")


@pytest.mark.parametrize("path", ["path, ", ""])
def test_a_document_on_which_the_sql_raises_costs_only_itself(tmp_path: Path, path: str) -> None:
    sql = f"SELECT title AS id, {path}{{revision: title::INTEGER}} AS record FROM documents"
    mapped, faults = _map(tmp_path, sql, _numbers(40, bad=(0, 7, 39)))
    assert [row.record["revision"] for row in mapped] == [n for n in range(40) if n not in (0, 7, 39)]
    assert faults == [("000.md", "PM052"), ("007.md", "PM052"), ("039.md", "PM052")]


def test_its_fault_says_what_duckdb_said(tmp_path: Path) -> None:
    sql = "SELECT title AS id, path, {n: title::INTEGER} AS record FROM documents"
    _, ((_, fault),) = map_texts(tmp_path, sql, {"a.md": "# no number\n"})
    assert "no number" in fault.message
    assert "m.sql" in fault.fix


@pytest.mark.parametrize(
    ("select", "code"),
    [
        ("'x' AS id, path, {title: 't'} AS record FROM documents WHERE title <> 'bad'", "PM053"),
        ("CASE WHEN title <> 'bad' THEN 'x' END AS id, path, {title: 't'} AS record FROM documents", "PM054"),
        ("CASE WHEN title = 'bad' THEN ' ' ELSE 'x' END AS id, path, {title: 't'} AS record FROM documents", "PM054"),
        ("'x' AS id, path, CASE WHEN title = 'bad' THEN '[1]' ELSE '{}' END AS record FROM documents", "PM055"),
        ("'x' AS id, path, CASE WHEN title = 'bad' THEN '{' ELSE '{}' END AS record FROM documents", "PM055"),
        (
            "'x' AS id, path, CASE WHEN title = 'bad' THEN '{\"a\": NaN}' ELSE '{}' END AS record FROM documents",
            "PM055",
        ),
        ("'x' AS id, path, CASE WHEN title <> 'bad' THEN {title: 't'} END AS record FROM documents", "PM055"),
    ],
)
def test_a_row_that_is_no_record_is_a_fault_of_its_document(tmp_path: Path, select: str, code: str) -> None:
    mapped, faults = _map(tmp_path, f"SELECT {select}", {"a.md": "# good\n", "b.md": "# bad\n", "c.md": "# good\n"})
    assert ([row.path for row in mapped], faults) == (["a.md", "c.md"], [("b.md", code)])


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT title AS id,\n  path,\n  {title: titel} AS record FROM documents", r"m\.sql:3: .*titel"),
        ("SELECT title AS id,\n FROM WHERE", r"m\.sql:2: "),
        ("SELECT title AS id FROM documents", r"m\.sql:1: .*record"),
        ("SELECT title AS id, {a: 1} AS record, 1 AS more FROM documents", r"m\.sql:1: .*more"),
        ("SELECT 1 AS id, 2 AS record; SELECT 1", r"one SELECT"),
        ("CREATE TABLE t (a INTEGER)", r"one SELECT"),
        ("", r"one SELECT"),
        ("SELECT title AS id, 'else.md' AS path, {a: 1} AS record FROM documents", r"documents\.path.*else\.md"),
        ("SELECT title AS id, path, {a: 1} AS record FROM documents, read_csv('/etc/hostname')", r"disabled"),
        ("SELECT title AS id, path, {a: 1} AS record FROM documents, texts", r"texts"),
    ],
)
def test_a_mapping_that_cannot_run_at_all_stops_and_says_where(tmp_path: Path, sql: str, message: str) -> None:
    with pytest.raises(MappingError, match=message):
        _map(tmp_path, sql, {"a.md": "# A\n"})


def test_a_mapping_that_fails_on_every_document_is_refused_before_all_are_tried(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="each of 1"):
        _map(
            tmp_path,
            "SELECT title AS id, path, {n: title::INTEGER} AS record FROM documents",
            _numbers(60, bad=tuple(range(60))),
        )


def test_a_comment_and_a_semicolon_at_the_end_do_no_harm(tmp_path: Path) -> None:
    mapped, _ = _map(tmp_path, f"-- why\n{PLAIN}; -- the end", {"a.md": "# A\n"})
    assert len(mapped) == 1


def test_a_lookup_is_a_table_of_texts(tmp_path: Path) -> None:
    sql = "SELECT id, path, {a: code, b: word} AS record FROM documents JOIN codes ON codes.id = title"
    ((row,), _) = _map(tmp_path, sql, {"a.md": "# A\n"}, codes='id,code,word\nA,007,\nB,1,"x, y"\n')
    assert row.record == {"id": "A", "a": "007"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("codes", "a,b\n1\n", r"codes\.csv:2: 1 cells under 2 columns"),
        ("codes", "", r"codes\.csv:1: "),
        ("codes", "a,a\n1,2\n", r"codes\.csv:1: "),
        ("codes", 'a\n"open\n', r"CSV"),
        ("blocks", "a\n1\n", r"lookup"),
        ("Codes", "a\n1\n", r"lookup"),
    ],
)
def test_a_lookup_that_cannot_be_a_table_stops_and_says_where(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(MappingError, match=message):
        _map(tmp_path, PLAIN, {"a.md": "# A\n"}, **{name: text})


def test_a_mapping_or_lookup_that_is_not_there_stops_and_names_it(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"nowhere\.sql"):
        map_paths(tmp_path / "nowhere.sql", [])
    (tmp_path / "m.sql").write_text(PLAIN)
    with pytest.raises(MappingError, match=r"nowhere\.csv"):
        map_paths(tmp_path / "m.sql", [], lookups=(tmp_path / "nowhere.csv",))


@pytest.mark.parametrize(
    "record",
    [
        """'{"title": "a\\u0007b"}'""",
        """'{"title": "\\ud800"}'""",
        """'{"title": "a", "title": "b"}'""",
        """'{"revision": 123456789012345678901234567890}'""",
        "to_json({title: 'a' || chr(27) || '[31m'})",
        "repeat('[', 100000) || repeat(']', 100000)",
        "to_json({title: repeat('x', 9000000)})",
    ],
)
def test_a_record_is_held_as_strictly_as_one_that_is_read(tmp_path: Path, record: str) -> None:
    select = f"SELECT file_name AS id, path, CASE WHEN file_name = 'a.md' THEN {record} ELSE '{{}}' END AS record"
    mapped, faults = map_texts(tmp_path, f"{select} FROM documents", {"a.md": "# A", "b.md": "# B"})
    assert [row.id for row in mapped] == ["b.md"]
    assert [(path, fault.code in ("PM055", "PM005")) for path, fault in faults] == [("a.md", True)]


def test_a_picture_character_is_text_and_a_word_without_counterpart_leaves_no_mark(tmp_path: Path) -> None:
    select = """SELECT file_name AS id, path, {title: title, severity: 'is ' || our_word('severity', 'Odd')} AS record
        FROM documents"""
    ((row), *_), faults = map_texts(tmp_path, select, {"a.md": "# \ue000 Apple"})
    assert (row.record, row.unmapped, faults) == (
        {"id": "a.md", "title": "\ue000 Apple"}, (("severity", "Odd"),), []
    )  # fmt: skip


def test_a_word_that_is_an_id_gives_no_id(tmp_path: Path) -> None:
    select = "SELECT our_word('severity', title) AS id, path, {title: title} AS record FROM documents"
    mapped, faults = map_texts(tmp_path, select, {"a.md": "# A"})
    assert mapped == [] and [fault.code for _, fault in faults] == ["PM054"]


def test_two_words_for_one_of_theirs_are_refused_by_name(tmp_path: Path) -> None:
    words = {"severity": {"Critical": "sev1", "critical ": "sev2"}}
    with pytest.raises(MappingError, match="two words for 'critical '"):
        map_texts(tmp_path, "SELECT 1 AS id, path, {a: 1} AS record FROM documents", {"a.md": "# A"}, words=words)
