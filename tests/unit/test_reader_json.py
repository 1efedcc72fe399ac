"""JSON: what the standard leaves open or Python adds is refused, and every refusal says where."""

import json
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import json_strict
from pipelines.ingest.readers.json_strict import MAX_DEPTH, item_positions, items, load, positions, written
from pipelines.ingest.readers.text import Places, decode
from tests.unit.refusals import refused_by

refused = partial(refused_by, load)

# The cases of the public JSONTestSuite that must be refused, those that differ in kind, between bars; and what we add.
NOT_JSON = (
    r"""
[1 true]|[a]|["": 1]|[""],|[,1]|[1,,2]|["x",,]|["x"]]|["",]|["x"|[x|[3[4]]|[1:2]|[,]|[-]|[   , ""]|[1,]|[1,,]|[*]
[""|[1,|[fals]|[nul]|[tru]|[True]|[++1234]|[+1]|[+Inf]|[-01]|[-1.0.]|[-2.]|[-NaN]|[.-1]|[.2e-3]|[0.1.2]|[0.3e+]
[0.3e]|[0.e1]|[0E+]|[0e]|[1.0e+]|[1.0e-]|[1eE2]|[2.e+3]|[9.e+]|[1+2]|[0x1]|[0x42]|[-Infinity]|[Infinity]|[NaN]
[Inf]|[-foo]|[- 1]|[-012]|[012]|[-.123]|[1.2a-3]|[1.8011670033376514H-308]|["x", truth]|{"x", null}|{"x"::"b"}
{"a":"a" 123}|{key: 'value'}|{"a" b}|{:"b"}|{"a" "b"}|{"a":|{"a"|{1:1}|{9999E9999:1}|{null:null}|{"id":0,,}
{'a':0}|{"id":0,}|{"a":"b",,"c":"d"}|{true: false}|{"a":"b",}|{"a":"b"}/**/|{"a":"b"}#|{"a": true} "x"|"|["asd]
{"a":/*c*/"b"}|["\uD800\"]|["\u1"]|["\x00"]|["\a"]|["\"]|["\\\"]|[\n]|['x']|<null>|[<null>]|[1]x|{}}|[}|{]|[[]|[1}
{"x": true,|{"a":}|"" ""|abc|{"\z": 1}|{"a":"b"}]|[1e999]|[-1e999]|[1e9999999999]|["\ud800"]|["\udc00\ud800"]
{"\ud800":1}|{"a":1,"a":2}|{"a":1,"\u0061":1}|["\u0000"]|["\u001f"]|["\u007f"]|["\u0085"]|["\u009F"]|["\uDBFF x"]
""".strip("\n")
    .replace("\n", "|")
    .split("|")
)
NOT_JSON += ['["new\nline"]', '["\t"]', "[\u00a01]", "[\u20601]", "[1]\f", "\ufeff[1]", "["]


@pytest.mark.parametrize("text", NOT_JSON)
def test_what_is_not_json_is_refused(text):
    assert refused(text, first_line=5).code in {"PM002", "PM003", "PM009", "PM014", "PM015"}


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        "[[]  ]",
        '{"":0}',
        '["\\"\\\\\\/\\n\\t"]',
        '["\\u0061\\ud834\\udd1e"]',
        "[-0]",
        "[1E22]",
        "[123e-10000]",
    ]
    + [
        "[1e-2]",
        "[20e1]",
        '["\u2028 \uffff \u202e"]',
        '["😀"]',
        " [] ",
        "1",
        "true",
        '"x"',
        "[9223372036854775807]",
    ],
)
def test_json_is_read_as_the_standard_library_reads_it(text):
    assert load(text) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "says"),
    [
        ('{"a": 1,\n "b": NaN}', "PM015", 2, 2, "NaN"),
        ('{"a": [1,\n -Infinity]}', "PM015", 2, 2, "-Infinity"),
        ('{"a": 1,\n "b": 1e999}', "PM015", 2, 2, "1e999"),
        ('{"b": 9223372036854775808}', "PM015", 1, 2, "beyond 64 bits"),
        ('{"b": ' + "1" * 100_000 + "}", "PM015", 1, 2, "100,000 characters"),
        ('{"a": {"b": 1,\n "c": 2,\n "b": 3}}', "PM009", 3, 2, "on line 1 and on line 3"),
        ('{"a": null,\n "a": 3}', "PM009", 2, 2, "on line 1 and on line 2"),
        ('{"a": "x",\n "b": "\\ud83d"}', "PM003", 2, 2, "U+D83D"),
        ('{"a": "x",\n "b": ["\\u0000"]}', "PM002", 2, 8, "NUL"),
        ('{"a": "x",\n "\\b": 1}', "PM002", 2, 2, "U+0008"),
        ('{"a": 1,\n}', "PM014", 1, 8, "comma"),
        ('{"a": [1, ]}', "PM014", 1, 9, "comma"),
        ("{'a': 1}", "PM014", 1, 2, "double quotes"),
        ('{"a": 1, // why\n "b": 2}', "PM014", 1, 10, "comment"),
        ('{"a": "x', "PM014", 1, 7, "quote"),
        ('{"a": "x\ny"}', "PM014", 1, 9, "line break"),
        ('{"a": "C:\\dir"}', "PM014", 1, 10, "backslash"),
        ('{"a": 1\n "b": 2}', "PM014", 2, 2, "comma"),
        ('{"a" 1}', "PM014", 1, 6, "colon"),
        ('{"a": 1}\n{"a": 2}', "PM014", 2, 1, "NDJSON"),
        ('{"a": [1,\n', "PM014", 1, 10, "truncated"),
        ('{"a": [1, 2', "PM014", 1, 11, "truncated"),
    ],
)
def test_a_refusal_is_placed_and_a_mending_proposed(text, code, line, column, says):
    fault = refused(text)
    assert (fault.code, fault.line, fault.column) == (code, line, column)
    assert says in fault.message + fault.fix


def test_a_refusal_names_its_field():
    assert refused('{"a": [{"b": 1}, {"b": [0, 1e999]}]}').field == "a[1].b[1]"


def test_nulls_are_keys_and_items_that_are_not_there():
    assert load('{"a": null, "b": [null, 1, [null]], "c": {"d": null}, "e": ""}') == {
        "b": [1, []],
        "c": {},
        "e": "",
    }


def test_carriage_returns_in_escapes_become_line_feeds():
    assert load('{"a": "one\\r\\ntwo"}') == {"a": "one\ntwo"}
    assert refused('{"a\\r": 1, "a\\n": 2}').code == "PM009"


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 100_000, "[" * 500 + "]" * 500]
)
def test_deep_nesting_is_refused(text):
    assert refused(text).code == "PM007"


def test_depth_is_counted_in_levels():
    assert load("[" * MAX_DEPTH + "1" + "]" * MAX_DEPTH)
    assert refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)).code == "PM007"


def test_values_are_counted(monkeypatch):
    monkeypatch.setattr(json_strict, "MAX_NODES", 10)
    assert load("[" + "1," * 8 + "1]")
    assert refused("[" + "1," * 9 + "1]").code == "PM008"


@pytest.mark.parametrize("item", ["null,", "[],", "{},", "1,", "[null],\n", '{"a": "b"},'])
def test_very_many_values_are_refused_in_time(item):
    assert refused("[" + item * 300_000 + "1]").code == "PM008"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\t"\\/')),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs", "Cc"])), inner),
    max_leaves=20,
)


def without_nulls(value):
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value if item is not None]
    return value


def without_nulls_in_lists(value):
    if isinstance(value, dict):
        return {key: without_nulls_in_lists(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_nulls_in_lists(item) for item in value if item is not None]
    return value


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.text('abc"\\é😀 \t'), JSON), st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_any_record_dumped_reads_back_equal_and_every_key_is_found(record, is_ascii, indent):
    text = decode(json.dumps(record, ensure_ascii=is_ascii, indent=indent).encode())
    kept = without_nulls(record)
    assert load(text) == kept
    found = positions(text, first_line=3)
    assert written(text) == without_nulls_in_lists(record)
    assert set(found) == set(paths(without_nulls_in_lists(record)))
    lines = text.split("\n")
    for path, (line, column) in found.items():
        key = json.dumps(path[-1], ensure_ascii=is_ascii) if path and isinstance(path[-1], str) else ""
        assert lines[line - 3][column - 1 :].startswith(key)


def paths(value, path=()):
    yield path
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in below:
        yield from paths(child, (*path, step))


def test_the_items_of_an_array_are_found_without_its_nulls():
    text = ' [ {"a": [1]} , null,\n\t2,"]"] '
    assert [text[offset] for offset in items(text)] == ["{", "2", '"']
    assert items("[]") == items(" [ \n ] ") == []


def test_one_item_of_an_array_is_located_alone():
    text = '[{"a": 1},\n {"b":\n [2]}]'
    assert item_positions(text, Places(text, 1), 12) == {(): (2, 2), ("b",): (2, 3), ("b", 0): (3, 3)}


@pytest.mark.parametrize(
    "text",
    [
        "18446744073709551616",
        "9223372036854775808",
        "[" + ",".join(["[" * 31 + "1" + "]" * 31] * 9_000) + "]",
        "[" + ",".join(['{"a":[1]}'] * 124_000) + "]",
    ],
)
def test_the_quick_way_takes_nothing_that_the_careful_way_refuses(text: str) -> None:
    with pytest.raises(Fault) as careful:
        json_strict._load_carefully(text, 1)
    assert refused(text) == careful.value
