"""A YAML record of an older version, written anew for today's: the moved fields and the version, and not a letter more.

Here: the edit of a text, comments and spelling kept, and the proof that the result says what the conversion says
(contract/versions.py); without the proof nothing is written. Not here: judging the record, other formats, the command.
Nobody has to do this: an old record is read as it stands. Whoever does takes over what the conversion filled.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from pipelines import authors_files
from pipelines.contract import versions
from pipelines.contract.versions import Move, Version
from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import native
from pipelines.ingest.validate import Contract

Edit = tuple[int, int, str]  # from, to, what stands there afterwards
SUFFIXES = (".yml", ".yaml")
REVISION = re.compile(r"[0-9]{1,18}")
MARK = "\ufeff"  # some editors begin a file with it; libyaml's places do not count it


class CannotRewrite(ValueError):
    """The file stays as it is; the message says why. Nothing is wrong with the record: it is read as it stands."""


def rewrite(path: Path, bundle: dict) -> str | None:
    """Rewrite one file; the version it was written for, None where it is of today's.

    CannotRewrite where the edit would not be exactly the conversion or today's version would refuse it, Fault where the
    file cannot be read.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise CannotRewrite(f"only {' and '.join(SUFFIXES)} are rewritten")
    path = path.resolve()  # a link stays one
    if not path.is_file():
        raise CannotRewrite("there is no such file")
    with path.open("rb") as file:
        content = native.whole(file)
    record = _without_blanks(_read(path, content))
    text = content.decode("utf-8").removeprefix(MARK)
    name = record.get("schema_version")
    if name == versions.today(bundle):
        return None
    if name not in versions.names():
        raise CannotRewrite(f"there is no version {name!r} of the contract")
    if not REVISION.fullmatch(str(record.get("revision", 1))):
        raise CannotRewrite("`revision` is no number")
    version = versions.older(bundle, name)
    written = rewritten(text, version).encode("utf-8")
    version.convert(record)
    if "revision" in record:
        record["revision"] = str(int(record["revision"]) + 1)
    if _without_blanks(_read(path, written)) != record:
        raise CannotRewrite("its fields cannot be moved without changing more than them")
    if faults := _faults(path, written, bundle):
        raise CannotRewrite(f"today's version asks for more: {faults[0].message}; {faults[0].fix}")
    mark = MARK.encode("utf-8")
    try:
        authors_files.replace(path, mark * content.startswith(mark) + written, content)
    except authors_files.Untouchable as error:
        raise CannotRewrite(str(error)) from error
    return name


def rewritten(text: str, version: Version) -> str:
    """The text of a record with its fields where they stand today; `revision` is counted up where it is counted."""
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    edits = [(*_span(_value(root, ("schema_version",))), f'"{version.today}"')]
    revision = _value(root, ("revision",))
    if revision is not None and REVISION.fullmatch(revision.value):  # one left blank says nothing
        edits.append((*_span(revision), str(int(revision.value) + 1)))
    for move in version.moves:
        edits += _moved(text, root, move)
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _moved(text: str, root: yaml.MappingNode, move: Move) -> Iterator[Edit]:
    """The edits of one move within its group of fields; a move to another group is left to people."""
    value = _value(root, move.old)
    if value is None:
        return
    if move.old[:-1] != move.new[:-1] or not isinstance(value, yaml.MappingNode) or not value.value:
        raise CannotRewrite(
            f"line {value.start_mark.line + 1}: `{move.path}` is not a group of fields that can be moved"
        )
    key = next(key for key, child in _value(root, move.old[:-1]).value if child is value)
    yield (*_span(key), move.new[-1])
    if move.entry is None:
        return
    first = [f"{name}: {word}" for name, word in move.entry]
    start, end = _span(value)
    if value.flow_style:
        yield start, start + 1, "[{" + ", ".join(first) + ", "
        yield end - 1, end, "}]"
        return
    indent = " " * value.start_mark.column
    yield start, start, "- " + "".join(f"{line}\n{indent}  " for line in first)
    for line in re.finditer(r"^(?=.*\S)", text[start:end], re.MULTILINE):
        if line.start():
            yield start + line.start(), start + line.start(), "  "


def _value(root: yaml.Node, keys: tuple[str, ...]) -> yaml.Node | None:
    node = root
    for name in keys:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((child for key, child in pairs if key.value == name), None)
    return node


def _span(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _faults(path: Path, written: bytes, bundle: dict) -> list[Fault]:
    """What today's contract has against the record as it would stand."""
    contract = Contract(bundle)
    return contract.faults(contract.typed(_read(path, written)), dict)


def _without_blanks(value: Any) -> Any:
    """A record without the keys that were given no value: they say nothing, and move nothing."""
    if isinstance(value, dict):
        return {key: _without_blanks(child) for key, child in value.items() if child is not None}
    return [_without_blanks(item) for item in value] if isinstance(value, list) else value


def _read(path: Path, content: bytes) -> dict[str, Any]:
    (found,) = native.read(path.name, io.BytesIO(content))
    if isinstance(found, Fault):
        raise found
    return found.record
