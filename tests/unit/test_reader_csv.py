"""CSV exports: cells as declared, lines as an editor counts them, and a bad row that costs its record and no other."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest.mapping import MappingError
from tests.mapped import map_paths, map_texts

ROW = "SELECT id, path, item, {title: title} AS record FROM rows"
GROUPED = """SELECT ticket AS id, path, min(item) AS item,
    {title: first(title ORDER BY item), timeline: list({'at': "at", event: status} ORDER BY item)} AS record
    FROM rows GROUP BY ticket, path"""


def _titles(mapped) -> dict[str, str]:
    return {row.id: row.record.get("title") for row in mapped}


def test_a_row_is_a_record_at_the_line_on_which_it_begins(tmp_path: Path) -> None:
    mapped, faults = map_texts(tmp_path, ROW, {"a.csv": 'id,title\n1,"two\nlines"\n\n2,x\n'}, "csv")
    assert [(row.id, row.line, row.record["title"]) for row in mapped] == [("1", 2, "two\nlines"), ("2", 5, "x")]
    assert faults == []


def test_delimiter_nulls_and_encoding_are_as_declared(tmp_path: Path) -> None:
    text = "\ufeffid\ttitle\n1\t Größe \n2\t?\n".encode("utf-16-le")
    declared = {"delimiter": "\t", "nulls": ("", "?"), "encoding": "utf-16-le"}
    mapped, faults = map_texts(tmp_path, ROW, {"a.csv": text}, "csv", **declared)
    assert (_titles(mapped), faults) == ({"1": "Größe", "2": None}, [])


def test_nothing_is_guessed_of_a_cell(tmp_path: Path) -> None:
    mapped, _ = map_texts(tmp_path, ROW, {"a.csv": "id,title\n007,1.10\n1e5,no\n"}, "csv")
    assert _titles(mapped) == {"007": "1.10", "1e5": "no"}


def test_rows_that_share_a_key_are_one_record_wherever_they_stand(tmp_path: Path) -> None:
    text = "ticket,at,status,title\nA,2026-01-01,open,Late\nB,2026-01-02,open,Lost\nA,2026-01-03,closed,\n"
    mapped, faults = map_texts(tmp_path, GROUPED, {"a.csv": text}, "csv", group_by="Ticket")
    assert [(row.id, row.line, len(row.record["timeline"])) for row in mapped] == [("A", 2, 2), ("B", 3, 1)]
    assert faults == []


def test_a_bad_row_sets_its_whole_record_aside_and_no_other(tmp_path: Path) -> None:
    text = "ticket,at,status,title\nA,2026-01-01,open,Late\nB,2026-01-02,open,Lost\nA,2026-01-03\n,x,y,z\n"
    mapped, faults = map_texts(tmp_path, GROUPED, {"a.csv": text}, "csv", group_by="ticket")
    assert [row.id for row in mapped] == ["B"]
    assert [(fault.code, fault.line) for _, fault in faults] == [("PM062", 4), ("PM063", 5)]


@pytest.mark.parametrize(
    ("row", "code"),
    [(b'2,"x', "PM062"), (b'2,"x"y', "PM062"), (b"2,\xff", "PM001"), (b"2,a\x07", "PM002"), (b"2", "PM062")],
)
def test_each_fault_of_a_row_has_its_code_and_line(tmp_path: Path, row: bytes, code: str) -> None:
    mapped, faults = map_texts(tmp_path, ROW, {"a.csv": b"id,title\n1,a\n" + row + b"\n"}, "csv")
    assert (_titles(mapped), [(f.code, f.line) for _, f in faults]) == ({"1": "a"}, [(code, 3)])


@pytest.mark.parametrize("header", [b"", b"id,,title", b"id,title,ID", b'id,"title'])
def test_a_header_that_names_no_columns_is_a_fault_of_the_file_alone(tmp_path: Path, header: bytes) -> None:
    texts = {"a.csv": header + b"\n1,2,3\n", "b.csv": b"id,title\n1,a\n"}
    mapped, faults = map_texts(tmp_path, ROW, texts, "csv")
    assert (_titles(mapped), [(path, f.code) for path, f in faults]) == ({"1": "a"}, [("a.csv", "PM061")])


def test_a_header_in_another_encoding_says_so(tmp_path: Path) -> None:
    mapped, faults = map_texts(
        tmp_path, ROW, {"a.csv": "id,title,größe\n1,a,2\n".encode("cp1252")}, "csv", group_by="id"
    )
    assert (mapped, [(f.code, f.line) for _, f in faults]) == ([], [("PM001", 1)])
    mapped, faults = map_texts(tmp_path, ROW, {"a.csv": b"id,title\n1,a\n"}, "csv", encoding="utf-16")
    assert (mapped, [f.code for _, f in faults]) == ([], ["PM001"])
    assert "does not start with BOM" in str(faults[0][1])


def test_files_with_other_columns_are_read_side_by_side(tmp_path: Path) -> None:
    sql = "SELECT id, path, item, {title: coalesce(title, name)} AS record FROM rows"
    mapped, _ = map_texts(tmp_path, sql, {"a.csv": "id,title\n1,a\n", "b.csv": "name,id\nb,2\n"}, "csv")
    assert _titles(mapped) == {"1": "a", "2": "b"}


def test_a_column_called_like_one_of_ours_is_theirs(tmp_path: Path) -> None:
    sql = "SELECT their_line AS id, path, item, {title: their_path} AS record FROM rows"
    mapped, _ = map_texts(tmp_path, sql, {"a.csv": "Line,Path\nx,/y\n"}, "csv")
    assert [(row.id, row.path, row.line, row.record["title"]) for row in mapped] == [("x", "a.csv", 2, "/y")]


def test_a_row_on_which_the_sql_raises_costs_only_its_record(tmp_path: Path) -> None:
    sql = "SELECT id, path, item, {revision: title::INTEGER} AS record FROM rows"
    text = "id,title\n" + "".join(f"{n},{'x' if n in (3, 77) else n}\n" for n in range(100))
    mapped, faults = map_texts(tmp_path, sql, {"a.csv": text}, "csv")
    assert len(mapped) == 98 and [(f.code, f.line) for _, f in faults] == [("PM052", 5), ("PM052", 79)]


def test_what_the_source_skips_is_counted_and_goes_no_further(tmp_path: Path) -> None:
    skipped: Counter[str] = Counter()
    text = "id,title,kind\n1,a,incident\n2,b,request\n3,c,\n"
    declared = {"skip": "kind = 'request'", "skipped": skipped}
    mapped, faults = map_texts(tmp_path, ROW, {"a.csv": text}, "csv", **declared)
    assert (_titles(mapped), faults, skipped) == ({"1": "a", "3": "c"}, [], {"a.csv": 1})


def test_a_group_that_is_no_column_and_a_skip_that_is_no_condition_stop_the_run(tmp_path: Path) -> None:
    texts = {"a.csv": "id,title\n1,a\n"}
    with pytest.raises(MappingError, match="group_by.*ticket"):
        map_texts(tmp_path, ROW, texts, "csv", group_by="ticket")
    with pytest.raises(MappingError, match="`delimiter`"):
        map_texts(tmp_path, ROW, {"a.csv": "id;title\n1;a\n"}, "csv", group_by="ticket")
    with pytest.raises(MappingError, match="skip.*kinds"):
        map_texts(tmp_path, ROW, texts, "csv", skip="kinds = 'x'")


def test_of_several_records_in_a_file_the_mapping_must_say_the_item(tmp_path: Path) -> None:
    texts = {"a.csv": "id,title\n1,a\n2,b\n"}
    with pytest.raises(MappingError, match="item"):
        map_texts(tmp_path, "SELECT id, path, {title: title} AS record FROM rows", texts, "csv")


def test_rows_put_together_by_the_sql_alone_are_told_of_group_by(tmp_path: Path) -> None:
    text = "ticket,title,at,status\nT,x,2026-01-01,open\nT,x,2026-01-02,done\n"
    mapped, faults = map_texts(tmp_path, GROUPED, {"a.csv": text}, "csv")
    assert (_titles(mapped), [fault.code for _, fault in faults]) == ({"T": "x"}, ["PM053"])
    assert "`group_by`" in str(faults[0][1].fix)
    assert map_texts(tmp_path, GROUPED, {"a.csv": text}, "csv", group_by="ticket")[1] == []


def test_more_rows_than_go_at_once_all_come_in_order(tmp_path: Path) -> None:
    text = "id,title\n" + "".join(f"{n},t{n % 7}\n" for n in range(12_345))
    mapped, faults = map_texts(tmp_path, ROW, {"a.csv": text}, "csv")
    assert [row.id for row in mapped] == [str(n) for n in range(12_345)] and faults == []


def test_a_number_can_be_a_word_of_theirs(tmp_path: Path) -> None:
    duckdb.sql("SELECT 'x' AS id, 2 AS level").write_parquet(str(tmp_path / "a.parquet"))
    (tmp_path / "m.sql").write_text(
        "SELECT id, path, item, {severity: our_word('severity', level)} AS record FROM rows"
    )
    mapped, faults = map_paths(
        tmp_path / "m.sql", [tmp_path / "a.parquet"], "parquet", words={"severity": {"2": "sev2"}}
    )
    assert ([row.record["severity"] for row in mapped], faults) == (["sev2"], [])


def test_parquet_keeps_its_types_and_counts_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    duckdb.sql("SELECT 'x' AS ID, [1, 2] AS steps, DATE '2026-01-02' AS day, 7::BIGINT AS line").write_parquet(
        str(path)
    )
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no more")
    (tmp_path / "m.sql").write_text(
        "SELECT id, path, item, {title: 'n' || len(steps) || their_line, chronology: {detected_at: day}} AS record "
        "FROM rows"
    )
    mapped, faults = map_paths(tmp_path / "m.sql", [path, tmp_path / "bad.parquet"], "parquet")
    assert [(row.id, row.line, row.record["title"]) for row in mapped] == [("x", 1, "n27")]
    assert mapped[0].record["chronology"] == {"detected_at": "2026-01-02"}
    assert [(path, fault.code) for path, fault in faults] == [("bad.parquet", "PM064")]


@pytest.mark.parametrize(
    ("text", "left", "places"),
    [
        (
            'ticket,at,status,title\nA,1,open,x\nB,1,"open,x\nA,2,closed,\nC,1,open,x\n',
            [],
            [("PM062", 3), ("PM062", 2)],
        ),
        ('ticket,at,status,title\nA,1,open,x\nB,1,open,x\nA,2,"clo"sed,\n', ["B"], [("PM062", 4)]),
        ("at,status,title,ticket\n1,open,x,A\n2,closed,x,y,A\n1,open,x,B\n", ["B"], [("PM062", 3), ("PM062", 2)]),
    ],
)
def test_a_row_that_cannot_be_read_leaves_no_half_of_its_record(tmp_path: Path, text: str, left, places) -> None:
    mapped, faults = map_texts(tmp_path, GROUPED, {"a.csv": text}, "csv", group_by="ticket")
    assert ([row.id for row in mapped], [(fault.code, fault.line) for _, fault in faults]) == (left, places)


def test_a_file_that_breaks_off_leaves_no_half_of_a_record_and_keeps_whole_rows(tmp_path: Path) -> None:
    rows = b"".join(b"%d,%s\n" % (n % 40_000, b"x" * 20) for n in range(1, 60_000))
    text = b"id,title\n" + rows + b"7,\x81\n"
    whole, faults = map_texts(tmp_path, ROW, {"a.csv": text}, "csv", encoding="windows-1252")
    assert len(whole) > 50_000 and [(fault.code, fault.line > 50_000) for _, fault in faults] == [("PM001", True)]
    grouped = ROW.replace("item, {title: title}", "min(item) AS item, {title: min(title)}") + " GROUP BY id, path"
    mapped, faults = map_texts(tmp_path, grouped, {"a.csv": text}, "csv", encoding="windows-1252", group_by="id")
    assert mapped == [] and [fault.code for _, fault in faults] == ["PM001"]


def test_a_file_without_the_column_that_groups_costs_only_itself(tmp_path: Path) -> None:
    texts = {"a.csv": "ticket,at,status,title\nA,1,open,x\n", "b.csv": "x,y\n1,2\n"}
    mapped, faults = map_texts(tmp_path, GROUPED, texts, "csv", group_by="ticket")
    assert [row.id for row in mapped] == ["A"]
    assert [(path, fault.code, fault.line) for path, fault in faults] == [("b.csv", "PM061", 1)]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("id,title,Größe".encode("latin-1"), "PM001"),
        (b"id,title,path,their_path", "PM061"),
        (b"id,title," + b",".join(b"c%d" % n for n in range(2000)), "PM061"),
    ],
)
def test_a_header_that_names_no_columns_costs_its_file_alone(tmp_path: Path, header: bytes, code: str) -> None:
    cells = b",".join([b"1"] * (header.count(b",") + 1))
    mapped, faults = map_texts(tmp_path, ROW, {"a.csv": header + b"\n" + cells, "b.csv": "id,title\n2,x\n"}, "csv")
    assert [row.id for row in mapped] == ["2"] and [(path, f.code, f.line) for path, f in faults] == [
        ("a.csv", code, 1)
    ]


def test_no_name_of_a_column_is_one_of_ours(tmp_path: Path) -> None:
    names = ["begins", "_begins", "_unit", "key", "row", "unit", "a b", 'q"q', "it's", "é", "e\u0301", "select", "; --"]
    text = "id,title," + ",".join('"' + name.replace('"', '""') + '"' for name in names) + "\n1,x" + ",y" * len(names)
    mapped, faults = map_texts(tmp_path, ROW, {"a.csv": text}, "csv")
    assert [row.id for row in mapped] == ["1"] and faults == []


def test_a_line_without_end_costs_its_row_and_not_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.ingest.readers.csv_rows.MAX_BYTES", 1000)
    text = "id,title\n1,x\n2," + "y" * 5000 + "\n3,x\n"
    mapped, faults = map_texts(tmp_path, ROW, {"a.csv": text}, "csv")
    assert [(row.id, row.line) for row in mapped] == [("1", 2), ("3", 4)]
    assert [(fault.code, fault.line) for _, fault in faults] == [("PM062", 3)]


@pytest.mark.parametrize("skip", ["false); SELECT 1, (2", "false); DELETE FROM _rows; SELECT (1", "false), (1"])
def test_skip_is_one_condition(tmp_path: Path, skip: str) -> None:
    with pytest.raises(MappingError, match="one condition"):
        map_texts(tmp_path, ROW, {"a.csv": "id,title\n1,x\n"}, "csv", skip=skip)


def test_a_row_on_which_skip_fails_costs_only_itself(tmp_path: Path) -> None:
    skipped: Counter[str] = Counter()
    text = "id,title\n1,5\n2,x\n3,6\n"
    mapped, faults = map_texts(tmp_path, ROW, {"a.csv": text}, "csv", skip="title::INT > 5 -- large", skipped=skipped)
    assert ([row.id for row in mapped], skipped) == (["1"], {"a.csv": 1})
    assert [(fault.code, fault.line) for _, fault in faults] == [("PM052", 3)]


def test_a_parquet_column_called_item_is_not_taken_for_the_line(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    duckdb.sql("SELECT 'x' AS id, 'seven' AS item, 't' AS title").write_parquet(str(path))
    (tmp_path / "m.sql").write_text(ROW)
    mapped, faults = map_paths(tmp_path / "m.sql", [path], "parquet")
    assert [(row.id, row.line) for row in mapped] == [("x", 1)] and faults == []
