"""YAML: nothing is guessed, what is not needed is refused, and every refusal says where."""

import time
from functools import partial

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers.yaml_events import MAX_DEPTH, MAX_NODES, load, positions, written
from tests.unit.refusals import QUICK, refused_by

refused = partial(refused_by, load)


@pytest.mark.parametrize(
    "written",
    ["1234567e8", "00123456", "1.10", "no", "Yes", "on", "12:30:45", "0x1F", "0o17", "1_000", ".inf", ".NaN"]
    + ["2026-05-04", "2026-05-04T06:00Z", "=", "-1", "+7", "true", "nil", "none", "N/A", "~x", "1e999"],
)
def test_a_plain_scalar_is_the_text_that_was_written(written):
    assert load(f"sha: {written}\nlist: [{written}]\n") == {"sha": written, "list": [written]}


def test_block_texts_keep_their_lines_and_their_tabs():
    assert load("a: |\n  one\n  \ttwo\n\n  three\nb: >-\n  one\n  two\n") == {
        "a": "one\n\ttwo\n\nthree\n",
        "b": "one two",
    }


@pytest.mark.parametrize("null", ["", "~", "null", "Null", "NULL"])
def test_a_plain_null_is_a_key_or_an_item_that_is_not_there(null):
    assert load(f"a: {null}\nb: x\nc:\n  - {null}\n  - y\nd: {{e: {null}}}\n") == {
        "b": "x",
        "c": ["y"],
        "d": {},
    }


def test_a_key_without_a_value_can_be_asked_for():
    assert written("a:\nb: {c: ~, d: ''}\ne: [~, x]\n") == {"a": None, "b": {"c": None, "d": ""}, "e": ["x"]}


@pytest.mark.parametrize("quoted", ['""', "''", '"null"', "'~'"])
def test_a_quoted_null_is_a_text(quoted):
    assert load(f"a: {quoted}\nb: [{quoted}]\n") == {"a": quoted[1:-1], "b": [quoted[1:-1]]}


def test_escapes_in_double_quotes_are_resolved_and_settled():
    assert load(r'a: "\u00e9\t\x41\U0001F600 one\r\ntwo"') == {"a": "é\tA😀 one\ntwo"}


@pytest.mark.parametrize(
    ("escape", "code"), [(r"\0", "PM002"), (r"\e", "PM002"), (r"\N", "PM002"), (r"\ud83d", "PM003")]
)
def test_an_escape_may_not_spell_what_text_may_not_hold(escape, code):
    for text in (f'id: x\nt: "a{escape}"\n', f'id: x\n"a{escape}": t\n'):
        fault = refused(text)
        assert (fault.code, fault.line) == (code, 2)


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\ufffe", "\uffff", "\ud800", "\x85"])
def test_a_character_that_libyaml_would_not_keep_is_refused_with_its_place(character):
    fault = refused(f"id: é\nt: # {character}b: c\n")
    assert (fault.code, fault.line, fault.column) == ("PM002", 2, 6)


def test_a_control_character_is_a_fault_even_without_the_look_of_text_py():
    assert refused("id: é\nt: a\0b").column == 5


@pytest.mark.parametrize(
    ("text", "lines", "field"),
    [
        ("a: 1\nb: 2\na: 3\n", (1, 3), "a"),
        ("a: 1\nb:\n- c: 1\n- c: 1\n  d:\n    e: 1\n    e: 2\n", (6, 7), "b[1].d.e"),
        ("b: {c: 1, d: 2,\n c: 3}\n", (1, 2), "b.c"),
        ("a:\nb: 2\na: ~\n", (1, 3), "a"),
        ('a: 1\n"\\x61": 2\n', (1, 2), "a"),
    ],
)
def test_a_key_that_stands_twice_is_refused_with_both_lines(text, lines, field):
    fault = refused(text, first_line=10)
    assert (fault.code, fault.field, fault.line) == ("PM009", field, lines[1] + 9)
    assert f"line {lines[0] + 9} and on line {lines[1] + 9}" in fault.message


BILLION_LAUGHS = "a: &a [lol]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(20)
)
MERGE_CHAIN = "\n".join(f"m{n}:\n  <<: {{a{n}: 1}}" for n in range(1000))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (BILLION_LAUGHS, "PM010", 1),
        ("a: x\nb: *a\n", "PM010", 2),
        ("a: x\n&b b: c\n", "PM010", 2),
        (MERGE_CHAIN, "PM010", 2),
        ("a: !!python/object/apply:os.system [ls]\n", "PM011", 1),
        ("a: x\nb: !!int 3\n", "PM011", 2),
        ("a: ! x\n", "PM011", 1),
        ("!record\na: x\n", "PM011", 1),
        ("%TAG !x! tag:x\n---\na: x\n", "PM011", 1),
        ("a: x\n...\n%TAG !x! tag:x\n---\nb: y\n", "PM011", 3),
        ("a: x\n---\nb: y\n", "PM012", 2),
        ("a: x\n--- \n", "PM012", 2),
        ("a: x\n? [b, c]\n: d\n", "PM013", 2),
        ("a: x\n? {b: c}\n: d\n", "PM013", 2),
        ("a: x\n{b: c}: d\n", "PM013", 2),
        ("a: x\n?\n: d\n", "PM013", 2),
        ("a: x\nb: {? : d}\n", "PM013", 2),
        ("a: x\nb: {c: Orders fell, most at night.}\n", "PM013", 2),
        ("a: x\n? b\n", "PM013", 2),
        ("# nothing but a comment\n", "PM004", 1),
        ("~\n", "PM004", 1),
    ],
)
def test_what_a_record_does_not_need_is_refused(text, code, line):
    fault = refused(text)
    assert (fault.code, fault.line) == (code, line)


def test_a_key_with_a_colon_and_nothing_after_it_is_not_there():
    assert load("a:\nb: {c: , d: ~, 'e':}\n? f\n:\n") == {"b": {}}


def test_a_quoted_merge_sign_or_empty_key_is_a_key_like_any_other():
    assert load('"<<": a\n"": b\n') == {"<<": "a", "": "b"}


@pytest.mark.parametrize(
    ("text", "line", "column", "hint"),
    [
        ("a: x\nb:\n\tc: d\n", 3, 1, "tabs"),
        ("a: x\n\tb: y\n", 2, 1, "tabs"),
        ("a: {b: c,\n\t}\nd: [\n", 3, 5, "close the bracket"),
        ('a: x\nb: "open\nc: d\n', 2, 4, "close the quote"),
        ("a: x\nb: 'open\nc: d\n", 2, 4, "close the quote"),
        ("a: x\nb: it is: this\n", 2, 9, "quotes around"),
        ("a: x\nb: @home\n", 2, 4, "quotes around a text that begins with @"),
        ("a: x\nb: `code`\n", 2, 4, "quotes around a text that begins with `"),
        ("a: x\nb: %d\n", 2, 4, "quotes around a text that begins with %"),
        ('a: x\nb: "C:\\dir"\n', 2, 7, "backslash"),
        ("a: x\nb\nc: d\n", 2, 1, "colon"),
        ("a: x\nb: [c, d\ne: f\n", 2, 4, "bracket"),
        ("a: x\nb: {c: d\ne: f\n", 2, 4, "bracket"),
        ("a: x\n  b: y\n", 2, 4, "quotes around"),
        ("a:\n  b: x\n c: y\n", 3, 2, "line the keys up"),
        ('a: x\nb: "c" d\n', 2, 8, "line the keys up"),
        ("a: x\nb: - c\n", 2, 4, "line of its own"),
    ],
)
def test_broken_yaml_is_placed_and_a_mending_proposed(text, line, column, hint):
    fault = refused(text)
    assert (fault.code, fault.line, fault.column) == ("PM006", line, column)
    assert hint in fault.fix


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "{a: " * 100_000,
        "a: " + "[\n" * 100_000,
        "\n".join(" " * n + "a:" for n in range(2_000)),
        "- " * 100_000 + "x",
    ],
)
def test_deep_nesting_is_refused_at_once(text):
    assert refused(text).code == "PM007"


def test_many_tag_directives_are_refused_before_libyaml_compares_them_all():
    refused("".join(f"%TAG !a{n}! tag:x\n" for n in range(100_000)) + "---\na: b\n")


def test_a_message_quotes_no_more_than_a_line_of_the_input():
    for text in (
        "&" + "x" * 100_000,
        "*" + "x" * 100_000,
        "!" + "x" * 100_000,
        f"{{? {'x' * 2000} : 1, ? {'x' * 2000} : 2}}",
    ):
        fault = refused(text)
        assert len(f"{fault}{fault.field}") < 1_000


def test_depth_is_counted_in_levels():
    assert load("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    assert refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).code == "PM007"


def test_a_hundred_thousand_keys_are_read_in_time():
    began = time.process_time()
    assert len(load("\n".join(f"k{n}: v" for n in range(100_000)))) == 100_000
    assert time.process_time() - began < QUICK


def test_values_are_counted():
    fault = refused("- a\n" * (MAX_NODES + 1))
    assert (fault.code, fault.line) == ("PM008", MAX_NODES)


SAFE_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t:#-'\"\\ "))
AS_TEXT = st.recursive(SAFE_TEXT, lambda inner: st.lists(inner) | st.dictionaries(SAFE_TEXT, inner), max_leaves=20)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(SAFE_TEXT, AS_TEXT), st.booleans(), st.booleans())
def test_any_record_dumped_with_quotes_reads_back_equal(record, is_unicode, is_flow):
    dumped = yaml.safe_dump(record, default_style='"', allow_unicode=is_unicode, default_flow_style=is_flow)
    assert load(dumped) == record


def test_positions_are_those_of_keys_and_items():
    text = '# first\nid: x\nnone:\nactions:\n- title: a\n  due: [b, ~, c]\n-\n- title: d\n  "due": {on: e}\n'
    assert positions(text, first_line=2) == {
        (): (3, 1),
        ("id",): (3, 1),
        ("none",): (4, 1),
        ("actions",): (5, 1),
        ("actions", 0): (6, 3),
        ("actions", 0, "title"): (6, 3),
        ("actions", 0, "due"): (7, 3),
        ("actions", 0, "due", 0): (7, 9),
        ("actions", 0, "due", 1): (7, 15),
        ("actions", 1): (9, 3),
        ("actions", 1, "title"): (9, 3),
        ("actions", 1, "due"): (10, 3),
        ("actions", 1, "due", "on"): (10, 11),
    }


def test_positions_of_a_document_that_cannot_be_read_are_its_fault():
    with pytest.raises(Fault, match="PM009"):
        positions("a: 1\na: 2\n")


KEY = st.integers(0, 99).map("k{}".format)
LEAF = st.sampled_from(["v", "two words", "é\n\nü", "", "null", "a: b"])
TREE = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEY, inner, max_size=4))


def paths(value, path=()):
    yield path
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in below:
        yield from paths(child, (*path, step))


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(KEY, TREE, min_size=1), st.sampled_from([None, '"', "'"]), st.booleans())
def test_every_place_is_the_one_where_its_key_is_written(record, style, is_flow):
    text = yaml.safe_dump(record, default_style=style, allow_unicode=True, default_flow_style=is_flow)
    found = positions(text, first_line=4)
    assert set(found) == set(paths(record))
    lines = text.split("\n")
    for path, (line, column) in found.items():
        if path and isinstance(path[-1], str):
            assert lines[line - 4][column - 1 :].lstrip("\"'").startswith(path[-1])
