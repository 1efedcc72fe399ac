"""What every file must satisfy before its format is looked at."""

import pytest

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import text
from pipelines.ingest.readers.text import decode, field_name, place, settle


def refused(data: bytes, first_line: int = 1) -> Fault:
    with pytest.raises(Fault) as caught:
        decode(data, first_line)
    assert caught.value.fix
    return caught.value


@pytest.mark.parametrize("data", [b"a: 1\r\nb: 2\r\n", b"a: 1\rb: 2\r", b"\xef\xbb\xbfa: 1\nb: 2\n"])
def test_line_endings_and_a_byte_order_mark_leave_no_trace(data):
    assert decode(data) == "a: 1\nb: 2\n"


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_utf_16_and_utf_32_are_named(codec):
    marked = refused(("\ufeff" if codec[-2:] in ("le", "be") else "").encode(codec) + "id: x\n".encode(codec))
    assert marked.code == "PM001"
    assert codec[:6].upper() in marked.message


def test_utf_16_without_a_mark_is_recognised_by_its_nuls():
    fault = refused("id: INC-1\n".encode("utf-16-le"))
    assert (fault.code, fault.line, fault.column) == ("PM001", 1, 2)
    assert "UTF-16" in fault.message


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_latin_1_byte_is_named_with_offset_line_and_column(ends, mark):
    data = mark + f"id: x{ends}title: caf".encode() + b"\xe9 closed\n"
    fault = refused(data, first_line=7)
    assert (fault.code, fault.line, fault.column) == ("PM001", 8, 11)
    assert f"0xE9 at offset {data.index(0xE9)}" in fault.message
    assert "'é'" in fault.message


def test_a_file_that_ends_inside_a_character_is_called_truncated():
    fault = refused("title: café".encode()[:-1])
    assert (fault.code, fault.line, fault.column) == ("PM001", 1, 11)
    assert "truncated" in fault.fix


def test_a_surrogate_written_out_as_bytes_is_refused():
    fault = refused(b"id: x\nt: \xed\xa0\x80\n")
    assert (fault.code, fault.line, fault.column) == ("PM003", 2, 4)


@pytest.mark.parametrize("character", ["\0", "\x01", "\x07", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9f"])
def test_a_control_character_is_refused_with_its_place(character):
    fault = refused(f"id: x\r\ntitle: a{character}b\n".encode())
    assert (fault.code, fault.line, fault.column) == ("PM002", 2, 9)
    assert f"U+{ord(character):04X}" in fault.message


@pytest.mark.parametrize("data", [b"", b" ", b"\n\n", b"\r\n\t ", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_refused(data):
    assert refused(data).code == "PM004"


def test_noncharacters_and_bidirectional_controls_are_left_to_later_rules():
    kept = "a \ufffe \uffff \u202e \u200b \ufeff b"
    assert decode(kept.encode()) == kept


def test_a_document_of_the_largest_size_is_read_and_one_byte_more_is_not():
    assert len(decode(b"x" * text.MAX_BYTES)) == text.MAX_BYTES
    assert refused(b"x" * (text.MAX_BYTES + 1)).code == "PM005"


@pytest.mark.parametrize(("spelt", "code"), [("a\0", "PM002"), ("\x1b[1m", "PM002"), ("\ud83d", "PM003")])
def test_escapes_are_held_to_the_rules_of_plain_text(spelt, code):
    with pytest.raises(Fault) as caught:
        settle(spelt)
    assert caught.value.code == code


def test_carriage_returns_out_of_escapes_become_line_feeds():
    assert settle("one\r\ntwo\rthree\n") == "one\ntwo\nthree\n"


def test_an_offset_past_the_end_is_placed_on_the_last_character():
    assert place("ab\ncd\n", 99) == (2, 3)
    assert place("", 5) == (1, 1)


def test_a_way_into_a_record_is_spelt_as_people_read_it():
    assert field_name(("actions", 0, "due_on")) == "actions[0].due_on"
    assert field_name(()) is None
