"""One field of the contract for people: its prompt, who asks for it from which stage on, its words or what it holds.

Here: finding the field by what people call it, and its text. Not here: what the contract says (schemas/sections,
schemas/domains), codes (codes.py).
"""

from __future__ import annotations

import difflib
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import yaml

from pipelines.authoring.outline import outline
from pipelines.checking.codes import UnknownCode
from pipelines.contract import bundle
from pipelines.contract.asked import required_at
from pipelines.contract.yaml_text import flow
from pipelines.ingest.shape_faults import with_pack
from pipelines.others_words import for_json

WIDTH = 118


def is_code(what: str) -> bool:
    """Whether a code is meant and no field."""
    return re.match(r"\s*pm[0-9]", what, re.IGNORECASE) is not None


def explained(what: str) -> str:
    """The field, or fields, of that name: `root_causes[0].code`, `root_causes.code`, `why_undetected`."""
    found = _found(what, fields := _fields(bundle.load()))
    return "\n\n".join("\n".join(_entry(path, fields[path])) for path in found)


def as_json(what: str) -> str:
    """The same for programs."""
    fields = _fields(bundle.load())
    return for_json([{"field": path, "asked": _asked(path)} | fields[path] for path in _found(what, fields)])


def _fields(schema: dict) -> dict[str, dict]:
    """Path -> node, the domain packs' under `domain_fields`; where packs share a name, the first pack's."""
    found = dict(_below(schema, ""))
    for domain in schema["x-domain-packs"]:
        own = with_pack(schema, {"domain": domain})["properties"]["domain_fields"]
        found = dict(_below(own, "domain_fields.")) | found
    return found


def _below(node: dict, prefix: str) -> Iterator[tuple[str, dict]]:
    for name, child in node.get("properties", {}).items():
        yield prefix + name, child
        yield from _below(child, f"{prefix}{name}.")
        yield from _below(child.get("items", {}), f"{prefix}{name}[].")


def _found(what: str, fields: dict[str, dict]) -> list[str]:
    """The paths meant: one, or every field that ends so; UnknownCode, which names what is near, where there is none."""
    plain = {re.sub(r"\[\d*\]", "", path): path for path in fields}
    wanted = re.sub(r"\[\d*\]", "", what.strip())
    if wanted in plain:
        return [plain[wanted]]
    if ends := [path for short, path in plain.items() if short.endswith(f".{wanted}")]:
        return ends
    near = difflib.get_close_matches(wanted, [*plain, *(short.rpartition(".")[2] for short in plain)], 3, 0.6)
    hint = f"near it are {', '.join(dict.fromkeys(near))}" if near else "schemas/sections has them all"
    raise UnknownCode(f"no code and no field {what!r}; {hint}")


def _entry(path: str, node: dict) -> Iterator[str]:
    yield f"{path}: {node['title']}"
    yield ""
    yield from textwrap.wrap(node.get("markdownDescription", ""), WIDTH)
    yield from (f"asked     {line}" for line in _asked(path))
    if "examples" in node:
        yield from _example(node["examples"][0])
    holder = node.get("items", node)
    if words := holder.get("enum", []):
        width = max(len(str(word)) for word in words)
        meanings = holder.get("markdownEnumDescriptions", [""] * len(words))
        yield "words"
        yield from (f"  {word!s:<{width}}  {said}".rstrip() for word, said in zip(words, meanings, strict=True))
    if inner := holder.get("properties"):
        width = max(map(len, inner))
        yield "each entry holds" if "items" in node else "holds"
        yield from (f"  {name:<{width}}  {child['title']}" for name, child in inner.items())


def _example(example: Any) -> Iterator[str]:
    """On one line where it fits."""
    if len(line := f"such as   {flow(example)}") <= WIDTH:
        yield line
        return
    yield "such as"
    text = yaml.safe_dump(example, sort_keys=False, allow_unicode=True, width=WIDTH)
    yield from (f"  {line}" for line in text.splitlines())


def _asked(path: str) -> list[str]:
    """A line for each stage that asks for the field, with the category or domain it asks it of."""
    schema = bundle.load()
    held: dict[str, list[str]] = {}
    for one in required_at(schema):
        if one.field == path:
            held.setdefault(one.stage, []).extend(word for word in (one.category, one.domain) if word)
    entry = ", of each entry" if "[]" in path else ""
    if not held and (stage := outline(schema, None, None).stages.get(path)):
        return [f"from {stage} on{entry}, by a rule"]
    return [f"from {stage} on{entry}" + (f", of {', '.join(whom)}" if whom else "") for stage, whom in held.items()]
