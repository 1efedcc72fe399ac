"""One value of a record as blocks a person reads: money, ranges, moments, words of vocabularies, prose, and why not.

Here: how a value of the contract is written out, whatever field it stands in. Not here: which fields are shown
(schemas/readings.yml). Nothing is rounded, added up or filled in.
"""

from __future__ import annotations

from typing import Any

from pipelines.ingest.times import STATES, is_naive
from pipelines.readings.prose import blocks, flat, paragraph, run, visible
from pipelines.report.print_forms import words

NOT_STATED = "not stated"
EMPTY = "none"  # an empty list: written, and holding nothing
MONEY = {"min_cents", "max_cents", "currency"}
RANGE = {"min", "max"}


def written(value: Any, node: dict, zone: str | None) -> list[dict]:
    """The blocks of a value; `zone` is where clock times without an offset belong."""
    if isinstance(value, dict):
        return [{"kind": "paragraph", "runs": _object(value, node, zone)}]
    if isinstance(value, list):
        return _list(value, node.get("items", {}), zone)
    if value in STATES:
        return [paragraph(words(value), "said")]
    if node.get("x-markdown"):
        return blocks(value)
    if node.get("x-code"):
        return [{"kind": "code", "text": visible(value)}]
    return [paragraph(_scalar(value, node, zone))]


def is_one_value(node: dict) -> bool:
    """Whether an object of the contract is one value to a reader: a range, an amount."""
    return node["properties"].keys() >= RANGE or node["properties"].keys() >= MONEY


def inline(value: Any, node: dict, zone: str | None) -> list[dict]:
    """The same as runs of one line."""
    return flat(written(value, node, zone))


def _scalar(value: Any, node: dict, zone: str | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if "integer" in node.get("type", ()) else str(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if "enum" in node and "x-vocabulary" in node:
        return words(value)
    if node.get("format") == "instant":
        return moment(value, zone)
    return " ".join(visible(value).split())


def moment(text: str, zone: str | None) -> str:
    """A moment as exactly as it was written, and no more: `2026-05-04 06:00 UTC`, `2026-05`."""
    shown = text.replace("T", " ")
    if shown.endswith("Z"):
        return shown[:-1] + " UTC"
    return f"{shown} {zone}" if zone and is_naive(text) else shown


def _list(value: list, node: dict, zone: str | None) -> list[dict]:
    if not value:
        return [paragraph(EMPTY, "said")]
    items = [written(item, node, zone) for item in value]
    texts = [flat(item) for item in items]
    if all(len(text) == 1 and " " not in text[0]["text"] for text in texts):
        joined = [one for n, text in enumerate(texts) for one in ([run(", ")] if n else []) + text]
        return [{"kind": "paragraph", "runs": joined}]
    return [{"kind": "list", "is_ordered": False, "items": items}]


def _object(value: dict, node: dict, zone: str | None) -> list[dict]:
    fields = node.get("properties", {})
    if fields.keys() >= MONEY:
        runs, left = _money(value, zone), fields.keys() - MONEY
    elif fields.keys() >= RANGE:
        runs, left = _range(value, fields, zone), fields.keys() - RANGE
    else:
        runs, left = [], fields.keys()
    for key, under in fields.items():
        if key in value and key in left:
            name = under.get("title", words(key))
            runs += [run("; ")] if runs else []
            runs += [run(f"{name}: "), *inline(value[key], under, zone)]
    return runs or [run(NOT_STATED, "said")]


def _range(value: dict, fields: dict, zone: str | None) -> list[dict]:
    ends = [
        inline(value[key], fields[key], zone) if key in value else [run(NOT_STATED, "said")] for key in ("min", "max")
    ]
    return _between(*ends)


def _money(value: dict, zone: str | None) -> list[dict]:
    ends = [_cents(value.get(key)) for key in ("min_cents", "max_cents")]
    currency = value.get("currency")
    runs = _between(*ends)
    if currency is None or currency in STATES:
        return [*runs, run("; Currency: "), run(words(currency) if currency else NOT_STATED, "said")]
    return [run(f"{currency} "), *runs]


def _cents(value: int | str | None) -> list[dict]:
    if value is None:
        return [run(NOT_STATED, "said")]
    if isinstance(value, str):
        return [run(words(value), "said")]
    return [run(f"{value // 100:,}.{value % 100:02d}")]


def _between(low: list[dict], high: list[dict]) -> list[dict]:
    return low if low == high else [*low, run(" to "), *high]
