"""YAML to plain dict, list and str: libyaml's events, every scalar as the text that was written.

Here: the YAML we accept, which is smaller than YAML. Loaders that guess types turn `sha: 1234567e8` into a float,
`00123456` into 42798, `1.10` into 1.1, `no` into False and `12:30:45` into 45045; so nothing is guessed, and the
schema decides later what a text is. Refused: anchors, aliases, merge keys, tags, several documents, duplicate keys,
keys that are not text, too many levels or values. Not here: what a record must hold.

A plain empty scalar, `~` or `null` means "not there": the key is dropped, and so is a list item left blank; `written`
keeps the key, as None, because only the contract can tell a field left blank from a misspelt one. A quoted `""` is an
empty text and stays. A key without even a colon is refused: in `{text: Orders fell, most at night}`
it is the end of a sentence that a comma cut off, and three of eight worked records had lost one (2026-11-25).

Events come from libyaml one at a time and the loops below keep their own stack: depth is refused at its 33rd
level, before anything recursive could run out of stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers.text import (
    MAX_DEPTH,
    MAX_NODES,
    Path,
    Places,
    field_name,
    place,
    settle,
    shortened,
)

# YAML's core schema knows four spellings of null besides none at all.
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})

# What text.py lets through and libyaml refuses, and the two line separators of Unicode: libyaml ends a line at them,
# so that the rest of a comment would become a key and prose would lose them without a word.
_NOT_YAML = re.compile("[\u2028\u2029\ufffe\uffff\ud800-\udfff\x7f-\x9f]")

# libyaml takes quadratic time over these (300,000 of them: 320 s), and a document without tags needs none.
_TAG_DIRECTIVE = re.compile("^%TAG", re.MULTILINE)

_COMPLEX_KEY = (
    "PM013",
    "a key is a list or a mapping",
    "write the key as plain text, in quotes if it holds brackets or begins with ?",
)

# What libyaml says → the mark that helps, what to do. First match wins; the place of an unclosed quote is where it
# opens, not the end of the file, where libyaml notices.
_HINTS = (
    ("violates indentation", "problem", "indent with spaces, never with tabs"),
    ("quoted scalar, found unexpected", "context", "close the quote that opens here"),
    (
        "mapping values are not allowed",
        "problem",
        "put quotes around a text that holds ': ', or mend the indentation",
    ),
    ("unknown escape character", "problem", "write \\\\ for a backslash, or use single quotes"),
    (
        "could not find expected ':'",
        "context",
        "write a colon and a space after the key, or mend the indentation",
    ),
    ("block sequence entries", "problem", "begin the list on a line of its own below its key"),
    ("',' or", "context", "close the bracket that opens here, and quote texts that hold , [ ] { or }"),
    (
        "did not find expected key",
        "problem",
        "line the keys up, and quote a text that begins with a quote or bracket",
    ),
    ("expected '-' indicator", "problem", "line up the dashes of the list"),
    ("expected node content", "problem", "write a value here, or close the bracket"),
    ("document start", "problem", "keep one document per file, and quote a text that begins with %"),
    ("a block scalar", "problem", "indent the text below | or > deeper than its key"),
)


class _Source(NamedTuple):
    """A text and the line it begins on, to say where in the file something stands."""

    text: str
    first_line: int

    def fault(self, mark: Any, code: str, message: str, fix: str) -> Fault:
        """By offset, not by the mark's own line, so that one count of lines holds in all readers."""
        return Fault(code, message, fix, *place(self.text, mark.index, self.first_line))

    def unprintable(self, index: int) -> Fault:
        message = f"U+{ord(self.text[index]):04X} may not stand in YAML as it is"
        fix = "remove it, or write its \\u escape in double quotes"
        return Fault("PM002", message, fix, *place(self.text, index, self.first_line))

    def settled(self, event: Any) -> str:
        try:
            return settle(event.value)
        except Fault as fault:
            fault.line, fault.column = place(self.text, event.start_mark.index, self.first_line)
            raise


def load(text: str, first_line: int = 1) -> Any:
    """The value of one YAML document, or a Fault; `first_line` is where `text` begins in its file."""
    return _load(text, first_line, lambda _, key: None)


def written(text: str, first_line: int = 1) -> Any:
    """The same, with None at each key that was given no value."""
    return _load(text, first_line, lambda container, key: container.setdefault(key))


def _load(text: str, first_line: int, left_blank: Callable[[dict, str], None]) -> Any:
    source = _Source(text, first_line)
    root: list[Any] = []
    container: Any = root
    key: str | None = None
    ends = 0  # of the last key
    seen: dict[str, Any] = {}  # the keys of the innermost mapping → their marks; null values count
    stack: list[tuple[Any, str | None, dict[str, Any]]] = []
    for event in _events(source):
        kind = type(event)
        if kind is ScalarEvent:
            value = event.value
            if event.style == '"':
                value = source.settled(event)
            if type(container) is dict:
                if key is None:
                    if value in seen or (value in ("", "<<") and event.implicit[0]):
                        raise _bad_key(source, event, seen, [frame[0] for frame in stack])
                    seen[value] = event.start_mark
                    key = value
                    ends = event.end_mark.index
                    continue
                if value not in _NULLS or not event.implicit[0]:
                    container[key] = value
                elif not value and ":" not in text[ends : event.end_mark.index]:
                    raise _cut_off(source, key, seen[key])
                else:
                    left_blank(container, key)
                key = None
            elif value not in _NULLS or not event.implicit[0]:
                container.append(value)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            container, key, seen = stack.pop()
        else:
            child: Any = {} if kind is MappingStartEvent else []
            if type(container) is not dict:
                container.append(child)
            elif key is None:
                raise source.fault(event.start_mark, *_COMPLEX_KEY)
            else:
                container[key] = child
            stack.append((container, None, seen))
            container, key, seen = child, None, {}
    if not root:
        raise Fault(
            "PM004",
            "the document holds no value",
            "write a record into it, or remove the file",
            first_line,
            1,
        )
    return root[0]


def positions(text: str, first_line: int = 1) -> dict[Path, tuple[int, int]]:
    """Line and column of every key and list item of a document that `load` accepts, by path.

    Ten times the memory of the record, so this is for records that failed. A key without a value has its place too.
    Indices count as in `load`: a blank list item has none. The path of the whole document is ().
    """
    load(text, first_line)
    source = _Source(text, first_line)
    at = Places(text, first_line)
    found: dict[Path, tuple[int, int]] = {}
    stack: list[tuple[Path, int | None]] = []
    path: Path = ()
    index: int | None = -1  # of the innermost list's last item; None in a mapping
    key: ScalarEvent | None = None
    for event in _events(source):
        kind = type(event)
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            path, index = stack.pop()
            continue
        if index is None and key is None:
            key = event
            continue
        present = kind is not ScalarEvent or event.value not in _NULLS or not event.implicit[0]
        if index is not None:
            index += present
        here = (*path, settle(key.value) if index is None else index) if stack else ()
        if present or key is not None:
            found[here] = at((event if key is None else key).start_mark.index)
        key = None
        if kind is not ScalarEvent:
            stack.append((path, index))
            path, index = here, None if kind is MappingStartEvent else -1
    return found


def _events(source: _Source) -> Iterator[Any]:
    """The scalar, start and end events of one document; every construct that needs no look at values is refused."""
    text = source.text
    if not text.isascii() and (found := _NOT_YAML.search(text)):
        raise source.unprintable(found.start())
    if "%TAG" in text and (found := _TAG_DIRECTIVE.search(text)):
        message, fix = "a %TAG directive", "remove it; indent a text that begins with %"
        raise Fault("PM011", message, fix, *place(text, found.start(), source.first_line))
    depth = nodes = documents = 0
    try:
        get_event = yaml.CBaseLoader(text).get_event
        while True:
            event = get_event()
            kind = type(event)
            if kind is MappingEndEvent or kind is SequenceEndEvent:
                depth -= 1
                yield event
            elif kind is ScalarEvent or kind is MappingStartEvent or kind is SequenceStartEvent:
                nodes += 1
                if kind is not ScalarEvent:
                    depth += 1
                if event.anchor or event.tag or depth > MAX_DEPTH or nodes > MAX_NODES:
                    raise _refused(source, event, depth)
                yield event
            elif kind is AliasEvent:
                raise _refused(source, event, depth)
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    fix = "keep one record per file, or use NDJSON"
                    raise source.fault(event.start_mark, "PM012", "a second document begins here", fix)
            elif kind is StreamEndEvent:
                return
    except yaml.YAMLError as error:
        raise _syntax(source, error) from None


def _refused(source: _Source, event: Any, depth: int) -> Fault:
    if type(event) is AliasEvent:
        why = (
            "PM010",
            f"an alias *{shortened(event.anchor)}",
            "write the value out; quote a text that begins with *",
        )
    elif event.anchor:
        why = "PM010", f"an anchor &{shortened(event.anchor)}", "remove it; quote a text that begins with &"
    elif event.tag:
        why = "PM011", f"a tag {shortened(event.tag)}", "remove it; quote a text that begins with !"
    elif depth > MAX_DEPTH:
        why = (
            "PM007",
            f"more than {MAX_DEPTH} levels of nesting",
            "flatten the value, or mend the indentation",
        )
    else:
        fix = "keep bulky evidence in files of its own and refer to them"
        why = "PM008", f"more than {MAX_NODES:,} keys and values", fix
    return source.fault(event.start_mark, *why)


def _bad_key(source: _Source, event: Any, seen: dict[str, Any], parents: list[Any]) -> Fault:
    mark = event.start_mark
    key = source.settled(event) if event.style == '"' else event.value
    if key in seen:
        first, again = (place(source.text, one.index, source.first_line)[0] for one in (seen[key], mark))
        message = f"the key {shortened(key)!r} stands twice: on line {first} and on line {again}"
        fault = source.fault(mark, "PM009", message, "keep one of the two")
        path = [next(reversed(parent)) if type(parent) is dict else len(parent) - 1 for parent in parents[1:]]
        fault.field = field_name((*path, key))
        return fault
    if key == "<<":
        return source.fault(mark, "PM010", "a merge key <<", "write the keys out")
    return source.fault(mark, "PM013", "a key without a name", "write the key before the colon")


def _cut_off(source: _Source, key: str, mark: Any) -> Fault:
    message = f"{shortened(key)!r} stands where a key does, with no colon after it"
    return source.fault(mark, "PM013", message, "put quotes around a text that holds a comma, or write key and value")


def _syntax(source: _Source, error: yaml.YAMLError) -> Fault:
    if isinstance(error, yaml.reader.ReaderError):
        # A control character, whose place libyaml counts in bytes. decode() in text.py leaves none.
        return source.unprintable(len(source.text.encode()[: error.position].decode()))
    said = ", ".join(part for part in (error.context, error.problem) if part)
    mark = error.problem_mark or error.context_mark
    here = source.text[mark.index : mark.index + 1]
    if "invalid Unicode character escape" in said:
        fix = "write the character itself; a pair of \\u escapes for one character is JSON, not YAML"
        return source.fault(mark, "PM003", "the escape is no character", fix)
    if here == "\t":
        fix = "indent with spaces, never with tabs"
    elif "cannot start any token" in said:
        fix = f"put quotes around a text that begins with {here}"
    else:
        found = next((hint for hint in _HINTS if hint[0] in said), ("", "problem", "mend the YAML on this line"))
        mark, fix = (error.context_mark or mark) if found[1] == "context" else mark, found[2]
    return source.fault(mark, "PM006", f"not YAML: {said}", fix)
