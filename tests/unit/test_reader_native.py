"""Files that are records: how records lie in a file, and what one bad record costs the others (nothing)."""

import io
import json
import time
import tracemalloc

import pytest

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import native
from pipelines.ingest.readers.native import Document
from pipelines.ingest.readers.text import MAX_BYTES


def read(path: str, data: bytes):
    return native.read(path, io.BytesIO(data))


def locate(path: str, data: bytes, line: int, column: int | None = None):
    """The places of the first record that begins there."""
    found = (one for one in read(path, data) if isinstance(one, Document) and one.line == line)
    return next(one for one in found if column in (None, one.column)).positions()


def only(path: str, data: bytes):
    (found,) = read(path, data)
    return found


def fault(path: str, data: bytes) -> Fault:
    found = only(path, data)
    assert isinstance(found, Fault)
    return found


YAML = b"id: INC-1\ntitle: Caf\xc3\xa9\nsteps:\n- one\n- two\n"
MARKDOWN = b"---\n" + YAML + b"---\n\n# What happened\n\nIt broke.\n"


def test_a_yaml_file_is_one_record_of_texts():
    expected = Document({"id": "INC-1", "title": "Café", "steps": ["one", "two"]}, 1)
    assert only("a/INC-1.yml", YAML) == only("INC-1.YAML", YAML) == expected


@pytest.mark.parametrize("path", ["r.yml", "r.md", "r.json", "r.ndjson"])
def test_a_byte_order_mark_and_other_line_endings_change_no_record(path):
    data = {
        "yml": YAML,
        "md": MARKDOWN,
        "json": b'{"id":\n"x"}\n',
        "ndjson": b'{"id": "x"}\n\n{"id": "y"}\n',
    }[path[2:]]
    expected = list(read(path, data))
    assert all(isinstance(found, Document) for found in expected)
    for other in (b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r\n"), data.replace(b"\n", b"\r")):
        assert list(read(path, other)) == expected


def test_the_prose_below_the_front_matter_becomes_the_technical_findings():
    found = only("r.md", MARKDOWN)
    assert found.line == 2
    assert found.record["communication"] == {"technical_findings": "# What happened\n\nIt broke."}
    places = locate("r.md", MARKDOWN, 2)
    assert places["id",] == (2, 1)
    assert places["communication",] == places["communication", "technical_findings"] == (9, 1)


def test_the_prose_joins_a_communication_section_that_lacks_it_and_keeps_its_indentation():
    data = b"---\ncommunication:\n  lessons: x\n---\n\n \n    code\ntext \n\n"
    assert only("r.md", data).record == {"communication": {"lessons": "x", "technical_findings": "    code\ntext"}}
    assert locate("r.md", data, 2)["communication",] == (2, 1)
    assert locate("r.md", data, 2)["communication", "technical_findings"] == (7, 1)


@pytest.mark.parametrize("below", [b"", b"\n", b"\n \n\n"])
def test_front_matter_without_prose_adds_no_field(below):
    assert only("r.markdown", b"---\nid: x\n---" + below).record == {"id": "x"}


@pytest.mark.parametrize("section", [b"communication: {technical_findings: x}", b"communication: x"])
def test_prose_whose_place_is_taken_is_refused(section):
    found = fault("r.md", b"---\n" + section + b"\n---\n\nprose\n")
    assert (found.code, found.line, found.field) == ("PM017", 5, "communication.technical_findings")


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"# A page\n", "PM016", 1),
        (b"\n---\nid: x\n---\n", "PM016", 1),
        (b"---\nid: x\n", "PM016", 1),
        (b"---\nid: x\n ---\n", "PM016", 1),
        (b"---", "PM016", 1),
        (b"---\n---\nprose\n", "PM004", 2),
        (b"---\nid: x\nid: y\n---\n", "PM009", 3),
        (b"---\nid: x\ntitle: 'open\n---\n", "PM006", 3),
        (b"---\n- id: x\n---\n", "PM018", 2),
        (b"---\nid: x\n---\ncaf\xe9\n", "PM001", 4),
    ],
)
def test_bad_front_matter_is_refused_on_its_line_of_the_file(data, code, line):
    found = fault("r.md", data)
    assert (found.code, found.line) == (code, line)


@pytest.mark.parametrize("data", [b"just prose", b"- a", b"[]"])
def test_yaml_that_is_no_mapping_is_refused(data):
    assert fault("r.yml", data).code == "PM018"


def test_json_keeps_its_types():
    assert only("r.json", b'{"n": 1, "f": 1.5, "b": true, "s": "1"}').record == {
        "n": 1,
        "f": 1.5,
        "b": True,
        "s": "1",
    }


def test_an_array_is_several_records_each_with_its_place():
    data = b'[\n  {"id": "a"},\n  7, {"id":\n "b"}, {"c": 1}]'
    first, second, third, fourth = read("r.json", data)
    assert first == Document({"id": "a"}, 2, 3)
    assert (second.code, second.line, second.column) == ("PM018", 3, 3)
    assert (third, fourth) == (Document({"id": "b"}, 3, 6), Document({"c": 1}, 4, 8))
    assert locate("r.json", data, 3, 6) == {(): (3, 6), ("id",): (3, 7)}
    assert locate("r.json", data, 4) == {(): (4, 8), ("c",): (4, 9)}


def test_the_items_of_a_long_array_are_placed_in_a_time_that_grows_with_the_file():
    """Each item searched the whole file for its lines: 8 MB of broken records took hours."""
    began = time.process_time()
    found = list(read("r.json", b"[" + b",".join([b"{}\n" + b" " * 29] * 8_000) + b"]"))
    assert [document.positions()[()] for document in found[:3]] == [(1, 2), (2, 31), (3, 31)]
    assert sum(len(document.positions()) for document in found) == 8_000
    assert time.process_time() - began < 2


def test_records_of_an_array_in_one_line_are_told_apart_by_their_column():
    data = b'[{"a": 1}, {"b": 2}]'
    both = list(read("r.json", data))
    placed = [locate("r.json", data, found.line, found.column) for found in both]
    assert [set(places) for places in placed] == [{(), ("a",)}, {(), ("b",)}]


def test_an_array_stands_or_falls_as_one_document_and_an_empty_one_says_no_records():
    assert fault("r.json", b'[{"id": "a"}, {"id": NaN}]').code == "PM015"
    assert list(read("r.json", b"[]")) == []


@pytest.mark.parametrize("data", [b"null", b"1", b'"x"', b"true"])
def test_json_that_is_no_object_is_refused(data):
    assert fault("r.json", data).code == "PM018"


def test_a_bad_line_of_ndjson_costs_no_other_line():
    bad = [
        b'{"id": }',
        b"caf\xe9",
        b"[1]",
        b'{"a":1} {"b":2}',
        b'{"a":NaN}',
        b'"\0"',
        b"\xed\xa0\x80",
        b'{"a":1,"a":1}',
        b"\xff\xfe",
    ]
    data = b"\n\r\n".join(b'{"id": %d}\r\n%s' % (n, line) for n, line in enumerate(bad)) + b'\n{"id": 99}'
    found = list(read("r.jsonl", data))
    assert [one.record["id"] for one in found if isinstance(one, Document)] == [*range(len(bad)), 99]
    faults = [one for one in found if isinstance(one, Fault)]
    assert [one.code for one in faults] == [
        "PM014",
        "PM001",
        "PM018",
        "PM014",
        "PM015",
        "PM002",
        "PM003",
        "PM009",
        "PM001",
    ]
    assert [one.line for one in faults] == [2 + 3 * n for n in range(len(bad))]
    assert [one.line for one in found] == sorted(one.line for one in found)
    assert locate("r.jsonl", data, 4) == {(): (4, 1), ("id",): (4, 2)}


@pytest.mark.parametrize("data", [b"", b"\n \r\n"])
def test_ndjson_without_a_line_is_refused_as_empty(data):
    assert fault("r.ndjson", data).code == "PM004"


def test_ndjson_in_utf_16_is_one_fault_and_not_one_a_line():
    assert fault("r.ndjson", '{"id": 1}\n{"id": 2}\n'.encode("utf-16")).code == "PM001"


def test_only_one_line_of_ndjson_must_fit_the_limit():
    line = json.dumps({"id": "x" * (MAX_BYTES // 2)}).encode() + b"\n"
    kinds = [type(found) for found in read("r.ndjson", line * 3 + b'{"id": "' + b"y" * MAX_BYTES + b'"}\n' + line)]
    assert kinds == [Document, Document, Document, Fault, Document]


def test_ndjson_is_read_as_it_comes():
    data = b'{"id": "x", "steps": ["a", "b", "c"]}\n' * 20_000
    tracemalloc.start()
    try:
        assert sum(1 for _ in read("r.ndjson", data)) == 20_000
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("path", ["r.yml", "r.md", "r.json"])
def test_a_hundred_megabytes_are_refused_without_reading_them(path):
    assert fault(path, b"a: " + b"x" * 100_000_000).code == "PM005"


@pytest.mark.parametrize("path", ["r.txt", "r", "r.yml.gz", ".yml"])
def test_a_file_name_that_promises_no_format_is_refused(path):
    found = fault(path, b"id: x")
    assert (found.code, found.line) == ("PM019", None)


@pytest.mark.parametrize("blank", ["communication:\n", "communication:\n  technical_findings:\n"])
def test_prose_below_takes_the_place_of_a_field_left_blank(blank):
    (found,) = read("a.md", f"---\nid: a\n{blank}---\nOrders fell.\n".encode())
    assert found.record == {"id": "a", "communication": {"technical_findings": "Orders fell."}}
