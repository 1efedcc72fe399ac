"""What an editor inserts at one keystroke: a draft, and an entry of each list with the fields every entry must have.

Here: `defaultSnippets`, made from what the contract asks (asked.py), its examples and its words, in the snippet syntax
of the Language Server Protocol. Not here: completion of single fields and words; editors make it from the schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from pipelines.contract.asked import required_at, stages
from pipelines.contract.yaml_text import flow

IN_PLACEHOLDER = str.maketrans({"\\": r"\\", "$": r"\$", "}": r"\}"})
IN_CHOICE = IN_PLACEHOLDER | str.maketrans({",": r"\,", "|": r"\|"})


def with_snippets(bundle: dict) -> dict:
    """The bundle, with a snippet for its record and for the entries of its lists; its nodes are changed in place."""
    first, draft, *_ = stages(bundle)
    asked = [
        one.field for one in required_at(bundle) if one.stage in (first, draft) and not (one.category or one.domain)
    ]
    given = {"stage": draft, "schema_version": bundle["properties"]["schema_version"]["enum"][-1]}
    words = bundle["x-vocabularies"]
    record = [field for field in asked if "[]" not in field]
    bundle["defaultSnippets"] = [_snippet("post-mortem draft", bundle, record, given, words)]
    entries: dict[str, list[str]] = {}
    for head, _, name in (field.partition("[].") for field in asked):
        entries.setdefault(head, []).extend([name] if name else [])
    for head, names in entries.items():
        if names:
            items = _node(bundle, head)["items"]
            items["defaultSnippets"] = [_snippet(f"entry of {head}", items, names, {}, words)]
    return bundle


def _snippet(label: str, node: dict, fields: list[str], given: dict[str, str], words: dict) -> dict:
    """`fields` in the contract's order, each a place the cursor stops at; what is `given` is written as it is."""
    order = list(_paths(node))
    body: dict = {}
    numbers = count(1)
    for field in sorted(fields, key=order.index):
        *way, last = field.split(".")
        place = body
        for step in way:
            place = place.setdefault(step, {})
        place[last] = flow(given[field]) if field in given else _stop(next(numbers), _node(node, field), words)
    return {"label": label, "description": ", ".join(fields), "body": body}


def _stop(number: int, node: dict, words: dict) -> str:
    """Its words to choose from, or the example to write over."""
    if vocabulary := node.get("x-vocabulary"):
        return f"${{{number}|{','.join(flow(word).translate(IN_CHOICE) for word in words[vocabulary])}|}}"
    return f"${{{number}:{flow(node['examples'][0]).translate(IN_PLACEHOLDER)}}}"


def _node(node: dict, path: str) -> dict:
    for step in path.split("."):
        node = node["properties"][step]
    return node


def _paths(node: dict, prefix: str = "") -> Iterator[str]:
    for name, child in node.get("properties", {}).items():
        yield prefix + name
        yield from _paths(child, f"{prefix}{name}.")
