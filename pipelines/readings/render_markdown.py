"""facts of a reading → Markdown, for chat, mail and diffs. Computes nothing; every text of a record is escaped.

Pictures are tables here. Code keeps its letters, in a fence or a span longer than any in it; in a table's cell, where a
bar would end it, it is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.others_words import for_markdown

FENCE = re.compile(r"[\s>.\d-]*(`{3,})")
MARKS = {"strong": "**", "em": "*", "said": "*"}


def render(facts: dict) -> str:
    record, reader = facts["record"], facts["reader"]
    lines = [f"# {_text(record['title'])}", ""]
    lines += [f"> **{record['banner']}**", ""] if record["banner"] else []
    lines += [f"{reader['title']}. {reader['about']}", ""]
    lines += [f"- {item['name']}: {_text(item['text'])}" for item in record["head"]]
    for section in facts["sections"]:
        lines += ["", f"## {section['title']}"]
        for block in section["blocks"]:
            lines += ["", *_block(block)]
    lines += ["", "## What this record does not say", ""]
    for missing in facts["missing"]:
        lines.append(f"- {missing['word']}: {_missing(missing)}")
    return "\n".join(_tidied(lines)).strip() + "\n"


def _tidied(lines: list[str]) -> Iterator[str]:
    """The lines with one blank line where several came together, but not inside code."""
    fence, before = "", ""
    for line in lines:
        mark = FENCE.fullmatch(line)
        if mark and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
        if line or before or fence:
            yield line
        before = line


def index(page: dict) -> str:
    """The page that leads to several readings."""
    rows = [[f"[{_text(row['id'])}]({row['file']})", *map(_text, row["cells"])] for row in page["rows"]]
    return "\n".join([f"# {page['title']}", "", page["about"], "", *_table(page["columns"], rows)]) + "\n"


def _missing(missing: dict) -> str:
    if not missing["n"]:
        return "nothing"
    return "; ".join(
        f"{one['title']} ({', '.join(map(_text, one['fields']))})" if one["fields"] else one["title"]
        for one in missing["sections"]
    )


def _block(block: dict) -> list[str]:
    match block["kind"]:
        case "heading":
            return [f"### {_text(block['text'])}"]
        case "prose":
            return list(_prose(block["blocks"]))
        case "fields":
            return _fields(block["rows"])
        case "entry":
            return [f"#### {' · '.join(_inline(head) for head in block['heads'])}", "", *_fields(block["rows"])]
        case "items":
            return [f"- {_inline(item)}" for item in block["items"]]
        case "table":
            return _table(
                [column["name"] for column in block["columns"]],
                [[_cell(cell) for cell in row] for row in block["rows"]],
            )
        case "phases":
            return _phases(block)
        case _:
            return _matrix(block)


def _fields(rows: list[dict]) -> list[str]:
    lines = []
    for row in rows:
        first, *rest = row["blocks"]
        if first["kind"] == "paragraph":
            lines.append(f"- **{_text(row['name'])}**: {_inline(first['runs'])}")
        else:
            lines.append(f"- **{_text(row['name'])}**:")
            rest = row["blocks"]
        if rest:
            lines += ["", *(f"  {line}" if line else "" for line in _prose(rest)), ""]
    return lines


def _prose(blocks: list[dict]) -> Iterator[str]:
    for n, block in enumerate(blocks):
        if n:
            yield ""
        match block["kind"]:
            case "paragraph":
                yield _inline(block["runs"])
            case "code":
                fence = "`" * max(3, 1 + max(map(len, re.findall("`+", block["text"])), default=0))
                yield from (fence, *block["text"].split("\n"), fence)
            case "quote":
                yield from (f"> {line}" for line in _prose(block["blocks"]))
            case "list":
                yield from _list(block)


def _list(block: dict) -> Iterator[str]:
    for n, item in enumerate(block["items"], 1):
        mark = f"{n}. " if block["is_ordered"] else "- "
        for i, line in enumerate(_prose(item)):
            yield (mark if i == 0 else " " * len(mark)) + line if line else ""


def _phases(block: dict) -> list[str]:
    rows = [
        [
            row["name"],
            _cell(row["value"]),
            row["precision"] or "–",
            "estimated" if row["is_estimated"] else "–",
            row["since"] or "–",
        ]
        for row in block["rows"]
    ]
    return _table(["Phase", "At", "Precision", "Estimated", "Distance"], rows)


def _matrix(block: dict) -> list[str]:
    heads = ["Symptom", *(f"{_text(one['id'])} ({one['state']})" for one in block["hypotheses"])]
    rows = [
        [
            _text(f"{symptom['id']} {symptom['text']}".strip()),
            *("; ".join(map(_pair, cell)) or "–" for cell in symptom["cells"]),
        ]
        for symptom in block["symptoms"]
    ]
    return _table(heads, rows)


def _pair(cell: dict) -> str:
    return f"{cell['words']}, credibility {_cell(cell['credibility'])}, evidence {_cell(cell['evidence'])}"


def _table(columns: list[str], rows: list[list[str]]) -> list[str]:
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return lines + [f"| {' | '.join(row)} |" for row in rows]


def _cell(runs: list[dict]) -> str:
    """Runs that cannot leave their cell."""
    return "".join(_run(run | {"mark": "" if run["mark"] == "code" else run["mark"]}) for run in runs) or "–"


def _inline(runs: list[dict]) -> str:
    return "".join(map(_run, runs))


def _run(run: dict) -> str:
    if run["mark"] == "code":
        return _span(run["text"])
    text = _text(run["text"])
    mark = MARKS.get(run["mark"], "")
    inside = text.strip()
    return text.replace(inside, f"{mark}{inside}{mark}", 1) if mark and inside else text


def _span(text: str) -> str:
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"


def _text(text: str) -> str:
    """Others' words on one line, no markup in them."""
    return for_markdown(" ".join(text.split("\n")))
