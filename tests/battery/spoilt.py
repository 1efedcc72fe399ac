"""Files that nobody must be able to do harm with by their syntax, and what must be said of each.

Here: bytes and the one refusal they earn. Not here: what is asserted (test_syntax.py), files spoilt by chance
(mutating.py), documents that the grammars tell apart (corpus/).
"""

from __future__ import annotations

import json
from typing import NamedTuple

import yaml

from tests.projects import record

YAML = yaml.safe_dump(record(900), sort_keys=False)
LINES = YAML.count("\n")
JSON = json.dumps(record(901), indent=1)
LAUGHS = "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20))
MERGES = "b0: {x: 1}\n" + "".join(f"b{n}:\n  <<: {{y{n}: 1}}\n" for n in range(1, 1000))
KEYS = "".join(f"k{n}: v\n" for n in range(100_000))


class Spoilt(NamedTuple):
    """`says`: words of the message or the fix; `field`: where the fault is in one."""

    name: str
    data: bytes
    code: str
    line: int
    says: str
    field: str | None = None


def _yaml(name: str, text: str, code: str, line: int, says: str, field: str | None = None) -> Spoilt:
    """A valid record with something behind it; `line` counts in what is behind."""
    return Spoilt(f"{name}.yml", (YAML + text).encode(), code, LINES + line, says, field)


def _json(name: str, old: str, new: str, code: str, line: int, says: str, field: str | None = None) -> Spoilt:
    """A valid record in which a text is replaced."""
    if old not in JSON:
        raise ValueError(f"{name}: {old} does not stand in the record")
    return Spoilt(f"{name}.json", JSON.replace(old, new, 1).encode("utf-8", "surrogatepass"), code, line, says, field)


HARMFUL = [
    _yaml("billion_laughs", LAUGHS, "PM010", 1, "an anchor &a0"),
    _yaml("merge_chain", MERGES, "PM010", 3, "merge key"),
    _yaml("alias_of_nothing", "a: *b\n", "PM010", 1, "an alias *b"),
    _yaml("brackets", "a: " + "[" * 100_000, "PM007", 1, "32 levels"),
    _yaml("braces", "a: " + "{a: " * 100_000, "PM007", 1, "32 levels"),
    _yaml("dashes", "a:\n " + "- " * 100_000 + "x\n", "PM007", 2, "32 levels"),
    _yaml("block_maps", "".join(" " * n + "a:\n" for n in range(2000)), "PM007", 33, "32 levels"),
    _yaml("keys", KEYS, "PM020", 1, "is not a field", "k0"),
    _yaml("values", "a:\n" + "- b\n" * 250_000, "PM008", 249_975, "250,000 keys and values"),
    _yaml("tag_runs_code", "a: !!python/object/apply:os.system [id]\n", "PM011", 1, "a tag"),
    _yaml("tag_of_a_type", "a: !!int 3\n", "PM011", 1, "a tag"),
    _yaml("tag_directives", "...\n" + "".join(f"%TAG !a{n}! x\n" for n in range(150_000)), "PM011", 2, "%TAG"),
    _yaml("two_documents", "---\nid: other\n", "PM012", 1, "second document"),
    _yaml("key_twice", "title: again\n", "PM009", 1, "on line 3 and on line 13", "title"),
    _yaml("key_that_is_a_list", "? [a, b]\n: c\n", "PM013", 1, "a list or a mapping"),
    Spoilt("long_text.yml", YAML.encode() + b"a: " + b"x" * (9 << 20), "PM005", 1, "8,388,608"),
    Spoilt("long_text.json", b'{"a": "' + b"x" * (9 << 20), "PM005", 1, "8,388,608"),
    Spoilt("long_text.ndjson", b'{"a": "' + b"x" * (9 << 20), "PM005", 1, "8,388,608"),
    Spoilt("brackets.json", b'{"a": ' + b"[" * 100_000, "PM007", 1, "32 levels", "a" + "[0]" * 31),
    Spoilt("braces.ndjson", b'{"a": ' * 100_000, "PM007", 1, "32 levels", ".".join("a" * 32)),
    Spoilt("values.json", b'{"a": [' + b"[]," * 300_000 + b"1]}", "PM008", 1, "250,000", "a[249998]"),
]

BROKEN = [
    _yaml("tab", "scope_2:\n\tsummary: x\n", "PM006", 2, "with spaces, never with tabs"),
    _yaml("open_double_quote", 'a: "open\nb: c\n', "PM006", 1, "close the quote"),
    _yaml("open_single_quote", "a: 'open\nb: c\n", "PM006", 1, "close the quote"),
    _yaml("open_bracket", "a: [b, c\nd: e\n", "PM006", 1, "close the bracket"),
    _yaml("colon_in_text", "a: it says: no\n", "PM006", 1, "put quotes around"),
    _yaml("backslash", 'a: "C:\\dir"\n', "PM006", 1, "backslash"),
    _yaml("escape_of_half_a_character", 'a: "\\ud800"\n', "PM003", 1, "no character"),
    _yaml("escape_of_nul", 'a: "\\0"\n', "PM002", 1, "NUL"),
    _yaml("line_separator", "a: b # \u2028 c: d\n", "PM002", 1, "U+2028"),
    Spoilt("empty.yml", b"", "PM004", 1, "empty"),
    Spoilt("empty.json", b"", "PM004", 1, "empty"),
    Spoilt("empty.md", b"", "PM004", 1, "empty"),
    Spoilt("empty.ndjson", b"", "PM004", 1, "empty"),
    Spoilt("blank.yml", b"\n \n", "PM004", 1, "empty"),
    Spoilt("comment_alone.yml", b"# later\n", "PM004", 1, "no value"),
    Spoilt("truncated_inside_a_character.yml", YAML.encode() + b"a: caf\xc3", "PM001", LINES + 1, "truncated"),
    Spoilt("truncated.json", JSON[: JSON.index('"scope"')].rstrip().encode(), "PM014", 7, "truncated"),
    Spoilt("truncated.md", b"---\n" + YAML.encode(), "PM016", 1, "not closed"),
    Spoilt("latin_1.yml", YAML.encode() + b"a: caf\xe9s\n", "PM001", LINES + 1, f"0xE9 at offset {len(YAML) + 6}"),
    Spoilt("utf_16.yml", YAML.encode("utf-16"), "PM001", 1, "UTF-16"),
    Spoilt("utf_16_without_mark.json", JSON.encode("utf-16-le"), "PM001", 1, "UTF-16"),
    Spoilt("utf_32.ndjson", ("\ufeff" + JSON).encode("utf-32-be"), "PM001", 1, "UTF-32"),
    Spoilt("nul.yml", YAML.encode() + b"a: b\0c\n", "PM002", LINES + 1, "NUL"),
    Spoilt("escape_sequence.md", b"---\n" + YAML.encode() + b"---\n\x1b[2J\n", "PM002", LINES + 3, "U+001B"),
    Spoilt("c1_control.json", b'{"a": "\xc2\x9b"}', "PM002", 1, "U+009B"),
    Spoilt("surrogate_as_bytes.yml", YAML.encode() + b"a: \xed\xa0\x80\n", "PM003", LINES + 1, "lone surrogate"),
    Spoilt("no_front_matter.md", b"# A page\n", "PM016", 1, "front matter"),
    Spoilt("a_list.yml", b"- a\n- b\n", "PM018", 1, "a list"),
    Spoilt("a_number.json", b"7", "PM018", 1, "a number"),
    Spoilt("no_format.txt", YAML.encode(), "PM019", 0, "no reader"),
    _json("nan", '"sev2"', "NaN", "PM015", 7, "NaN", "severity"),
    _json("infinity", '"sev2"', "-Infinity", "PM015", 7, "-Infinity", "severity"),
    _json("beyond_a_double", '"sev2"', "1e999", "PM015", 7, "1e999", "severity"),
    _json("beyond_64_bits", '"sev2"', "9" * 30, "PM015", 7, "beyond 64 bits", "severity"),
    _json("key_twice", '"stage"', '"title"', "PM009", 5, "on line 4 and on line 5", "title"),
    _json("key_twice_by_escape", '"stage"', '"t\\u0069tle"', "PM009", 5, "on line 4 and on line 5", "title"),
    _json("trailing_comma", '"sev2"', '"sev2",,', "PM014", 7, "not JSON"),
    _json("trailing_comma_at_the_end", "\n}", ",\n}", "PM014", 15, "remove the comma"),
    _json("comment", '"sev2"', '"sev2" // bad', "PM014", 7, "JSON has none"),
    _json("single_quotes", '"sev2"', "'sev2'", "PM014", 7, "double quotes"),
    _json("half_a_character", "Scores", "\\ud83d", "PM003", 4, "U+D83D", "title"),
    _json("half_a_character_in_a_key", "severity", "\\udc00", "PM003", 7, "U+DC00", "\\udc00"),
    _json("nul", "Scores", "\\u0000", "PM002", 4, "NUL", "title"),
    _json("line_break_in_a_text", "Scores", "Sco\nres", "PM014", 4, "line break"),
]
