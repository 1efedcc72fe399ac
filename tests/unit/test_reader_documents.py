"""Foreign JSON, NDJSON and YAML: a document an item, each at its line, a bad one alone; and their words beside ours."""

from __future__ import annotations

import io
import json
import time
import tracemalloc
from pathlib import Path

import pytest

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import json_items, lines
from pipelines.ingest.readers.documents import read
from tests.mapped import map_texts

ONE = "SELECT text_at(data, '$.id') AS id, path, item, {title: text_at(data, '$.title')} AS record FROM documents"


def _found(reader: str, data: bytes) -> list:
    """(line, data) of each document, and the code of what is none."""
    return [
        one.code if isinstance(one, Fault) else (one.line, one.tables["documents"][0]["data"])
        for one in read(reader, f"a.{reader}", io.BytesIO(data))
    ]


def test_an_array_is_a_document_an_item_and_an_object_is_one() -> None:
    assert _found("json", b'[{"a": [1, "],"]},\n {"b": "\\"]"}]\n') == [(1, {"a": [1, "],"]}), (2, {"b": '"]'})]
    assert _found("json", b'\xef\xbb\xbf{"a":\n 1}') == [(1, {"a": 1})]
    assert _found("json", b" [ ] ") == ["PM004"]


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1 << 18])
def test_items_are_the_same_however_the_file_comes_in(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(json_items, "PIECE", piece)
    items = [{"text": 'a "quoted" \\ ] } ,', "n": [[], {}, [1, {"b": []}]]}, 3, "x", None, []]
    for written in (json.dumps(items), json.dumps(items, indent=2), json.dumps(items, separators=(" ,\n", " :\t"))):
        found = [json.loads(data) for _, _, data in json_items.items(io.BytesIO(written.encode()))]
        assert found == items


def test_a_broken_item_costs_only_itself_as_long_as_its_brackets_close() -> None:
    assert _found("json", b'[{"a": 1}, {"a": }, {"a": 1, "a": 2}, {"b": 2},]') == [
        (1, {"a": 1}), "PM014", "PM009", (1, {"b": 2}), "PM004",
    ]  # fmt: skip


@pytest.mark.parametrize("piece", [1, 2, 5, 1 << 18])
def test_an_item_has_its_line_and_column_whatever_ends_a_line(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(json_items, "PIECE", max(piece, 4))
    data = '\ufeff[{"é": 1}, 2,\r\n 3,\r[4,\r5],\n\n\n  "ü", 6]'.encode()
    places = [(line, column) for line, column, _ in json_items.items(io.BytesIO(data))]
    assert places == [(1, 2), (1, 12), (2, 2), (3, 1), (7, 3), (7, 8)]


def test_a_fault_inside_an_item_lies_in_the_line_of_its_file() -> None:
    found = list(read("json", "a.json", io.BytesIO(b'[{"a": 1}, {"a": x},\r{"b": 2,\r "c" 3}]')))
    assert [(one.line, one.column) for one in found if isinstance(one, Fault)] == [(1, 18), (3, 6)]


def test_an_item_too_large_is_a_fault_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_items, "PIECE", 8)
    monkeypatch.setattr(json_items, "MAX_BYTES", 20)
    large = b'{"a": "' + b"x\\n" * 50 + b'",\n "b": [' + b"1, " * 50 + b"1]}"
    found = list(json_items.items(io.BytesIO(b"[1,\n" + large + b',\n{"c": 2}, 3]')))
    assert found == [(1, 2, b"1"), (2, 1, large[:21]), (4, 1, b'{"c": 2}'), (4, 11, b"3")]


@pytest.mark.parametrize("data", [b'[{"a": 1}', b'[{"a": "', b"[1] 2", b"[1][2]", b"[1}"])
def test_an_array_that_does_not_end_where_the_file_does_is_a_fault_after_what_was_whole(data: bytes) -> None:
    assert _found("json", data)[-1] == "PM014"


def test_a_line_of_ndjson_is_a_document_and_a_bad_one_costs_only_itself() -> None:
    assert _found("ndjson", b'{"a": 1}\n\nno\r\n{"b": 2}\r{"c": 3}') == [
        (1, {"a": 1}),
        "PM014",
        (4, {"b": 2}),
        (5, {"c": 3}),
    ]
    assert _found("ndjson", b"\n \n") == ["PM004"]


def test_a_line_too_long_is_a_fault_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_BYTES", 10)
    data = b'"' + b"x" * 50 + b'"\n{"a": 1}\naa\rbb\rcc\rdd\ree\rff\rgg'
    assert list(lines.lines(io.BytesIO(data))) == [
        (1, b'"' + b"x" * 11), (2, b'{"a": 1}'),
        (3, b"aa"), (4, b"bb"), (5, b"cc"), (6, b"dd"), (7, b"ee"), (8, b"ff"), (9, b"gg"),
    ]  # fmt: skip


def test_yaml_keeps_its_texts_and_a_list_is_a_document_an_item() -> None:
    assert _found("yaml", b"id: 007\nis: no\nat: 12:30:45\n") == [(1, {"id": "007", "is": "no", "at": "12:30:45"})]
    assert _found("yaml", b"# two\n- id: a\n- id: b\n") == [(2, {"id": "a"}), (3, {"id": "b"})]
    assert _found("yaml", b"a: &x 1\nb: *x\n") == ["PM010"]


def test_documents_of_many_files_become_records_each_at_its_line(tmp_path: Path) -> None:
    texts = {"a.json": '[{"id": "1", "title": "x"},\n{"id": "2"}]', "b.json": '{"id": "3"}', "c.json": "{"}
    mapped, faults = map_texts(tmp_path, ONE, texts, "json")
    assert [(row.path, row.line, row.id) for row in mapped] == [
        ("a.json", 1, "1"),
        ("a.json", 2, "2"),
        ("b.json", 1, "3"),
    ]
    assert [(path, fault.code) for path, fault in faults] == [("c.json", "PM014")]


def test_a_long_file_goes_through_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipelines.ingest.mapping import documents

    monkeypatch.setattr(documents, "UNITS_AT_ONCE", 7)
    text = "".join(json.dumps({"id": f"r{n}", "title": "t"}) + "\n" for n in range(100))
    mapped, faults = map_texts(tmp_path, ONE, {"a.ndjson": text}, "ndjson")
    assert [row.id for row in mapped] == [f"r{n}" for n in range(100)] and faults == []


def test_a_word_is_translated_whatever_its_case_and_an_unknown_one_is_listed_and_left_out(tmp_path: Path) -> None:
    sql = """SELECT text_at(data, '$.id') AS id, path, item, {
        severity: our_word('severity', text_at(data, '$.level')),
        actions: list_transform(items_at(data, '$.todo'), lambda t: {kind: our_word('kind', text_at(t, '$.type'))})
    } AS record FROM documents"""
    (tmp_path / "more.csv").write_text(
        "field,written,word,reason\nkind,Fix,repair,their own glossary\nkind,none,,no kind\n"
    )
    todo = [{"type": t} for t in ("fix", "NONE", "ponder")]
    texts = {"a.json": json.dumps([{"id": "1", "level": " critical", "todo": todo}, {"id": "2", "level": "Zero"}])}
    declared = {"words": {"severity": {"Critical": "sev1"}}, "word_files": (tmp_path / "more.csv",)}
    (one, two), faults = map_texts(tmp_path, sql, texts, "json", **declared)
    assert one.record == {"id": "1", "severity": "sev1", "actions": [{"kind": "repair"}]}
    assert (two.record, two.unmapped) == ({"id": "2"}, (("severity", "Zero"),))
    assert (one.unmapped, faults) == ((("actions[].kind", "ponder"),), [])


@pytest.mark.parametrize(
    "item", [b'{"a":"' + b"x" * 4_000_000 + b'"}', b'{"a":"' + b"\\n" * 2_000_000 + b'"}', b"1," * 250_000 + b"1"]
)
def test_an_array_costs_as_much_as_it_is_long(item: bytes) -> None:
    began = time.process_time()
    tracemalloc.start()
    found = sum(1 for _ in json_items.items(io.BytesIO(b"[" + item + b"]")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == item.count(b"1,") + 1
    assert (peak < 40_000_000, time.process_time() - began < 8) == (True, True)
