"""Hostile text, by family, and records and projects made of it: every text field of the contract, found by its schema.

Here: what an attacker would write. Not here: assertions. BEACON stands for the address of a server on this machine that
must never be asked for anything; CODE is what must never run.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.contract import bundle
from tests.battery import WHOLE
from tests.projects import CATEGORIES, Project

BEACON = "http://127.0.0.1:9"  # port 9, discard: nothing listens; a test puts the port of its own server here
CODE = "window.canary=1;fetch('BEACON/js')"

ACTIVE = {
    "script": f"<script>{CODE}</script>",
    "script_source": "<script src=BEACON/s.js></script>",
    "script_case": f"<ScRiPt >{CODE}</sCrIpT >",
    "script_split": f"<scr<script>ipt>{CODE}</scr</script>ipt>",
    "image_error": f"<img src=x onerror={CODE}>",
    "image_remote": '<img src="BEACON/i.png">',
    "image_set": '<img srcset="BEACON/s.png 1x">',
    "svg_load": f"<svg onload={CODE}>",
    "svg_animate": f'<svg><animate onbegin="{CODE}" attributeName=x dur=1s>',
    "svg_use": '<svg><use href="BEACON/u.svg#x"/></svg>',
    "svg_foreign": f"<svg><foreignObject><body onload={CODE}></foreignObject></svg>",
    "attribute_double": f'"><img src=x onerror="{CODE}">',
    "attribute_single": f"' autofocus onfocus='{CODE}' x='",
    "attribute_backtick": f"`onmouseover={CODE}`",
    "attribute_no_quote": f"x onmouseenter={CODE}",
    "title_end": f"</title></style></textarea></noscript><script>{CODE}</script>",
    "comment_end": f"--><script>{CODE}</script><!--",
    "cdata_end": f"]]><script>{CODE}</script><![CDATA[",
    "frame": "<iframe src=BEACON/f></iframe>",
    "frame_code": f'<iframe srcdoc="<script>parent.{CODE}</script>"></iframe>',
    "frame_javascript": f"<iframe src=javascript:parent.{CODE}></iframe>",
    "object": "<object data=BEACON/o></object><embed src=BEACON/e>",
    "media": f"<video src=BEACON/v onerror={CODE}></video><audio src=BEACON/a autoplay>",
    "details": f"<details open ontoggle={CODE}>x</details>",
    "input": f"<input autofocus onfocus={CODE}>",
    "marquee": f"<marquee onstart={CODE}>x</marquee>",
    "body": f"<body onload={CODE} background=BEACON/b>",
    "form": "<form action=BEACON/p><button autofocus>Go on</button></form>",
    "base": "<base href=BEACON/>",
    "refresh": '<meta http-equiv="refresh" content="0;url=BEACON/r">',
    "link": '<link rel=stylesheet href=BEACON/c.css><link rel=prefetch href="BEACON/p">',
    "style": "<style>@import url(BEACON/i.css);*{background:url(BEACON/b)}</style>",
    "style_attribute": '<p style="background:url(BEACON/a);position:fixed;inset:0">x</p>',
    "style_break": "red;}</style><style>body{background:url(BEACON/z)}",
    "template": f"<template><script>{CODE}</script></template><noscript><img src=BEACON/n></noscript>",
    "math": f'<math><mtext><table><mglyph><style><img src=x onerror="{CODE}">',
    "entity": f"&lt;script&gt;{CODE}&lt;/script&gt;",
    "entity_number": "&#60;img src=x onerror=window.canary=1&#62;",
    "entity_no_end": "&#x3Cimg src=x onerror=window.canary=1&#x3E",
    "address_javascript": f"javascript:{CODE}",
    "address_javascript_entity": "javascript&colon;window.canary=1",
    "address_data": "data:text/html,<script>window.canary=1</script>",
    "address_remote": "BEACON/plain",
    "address_no_scheme": "//127.0.0.1:9/x",
    "address_www": "www.evil.example/x",
    "address_link_local": "http://169.254.169.254/latest/meta-data/",
    "address_file": "file:///etc/passwd",
    "markdown_link": f"[click](javascript:{CODE})",
    "markdown_link_data": "[click](data:text/html;base64,PHNjcmlwdD53aW5kb3cuY2FuYXJ5PTE8L3NjcmlwdD4=)",
    "markdown_image": "![x](BEACON/md.png)",
    "markdown_image_reference": "![x][hostile]",
    "markdown_definition": "[hostile]: BEACON/def.png",
    "markdown_autolink": "<BEACON/auto>",
    "markdown_pipe": "a | b || \\| \\\\| c",
    "markdown_fence": "```html <script>window.canary=1</script> ``` `<img src=BEACON/f.png>`",
    "markdown_emphasis": "**bold** __x__ ~~y~~ *z* $$x$$ <u>",
    "markdown_heading": "# Heading",
    "markdown_list": "- one",
    "markdown_rule": "---",
    "markdown_footnote": "[^1]: BEACON/foot",
    "markdown_mention": "thanks to a@everyone and <mailto:x@evil>",
    "jinja_print": "{{ 7*7 }}{{ config.__class__ }}",
    "jinja_block": "{% raw %}{% include 'x' %}{# x #}",
    "format": "{0.__class__} {title} %s %(x)s $(id) `id` ${HOME}",
    "sql": "'; DROP TABLE raw.revisions; --",
    "formula_equals": "=HYPERLINK(\"BEACON/x\",\"open\")",
    "formula_plus": "+cmd|' /C calc'!A0",
    "formula_minus": "-2+3+cmd|' /C calc'!A0",
    "formula_at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "path_up": "../../../../etc/passwd",
    "path_absolute": "/etc/passwd",
    "path_windows": "C:\\Windows\\win.ini",
    "bidi_override": "abc\u202egnp.exe",
    "bidi_isolate": "\u2066\u2067abc\u2069\u200f\u061c",
    "invisible": "a\u200bb\u200c\u200d\u2060\ufeffc\u00ad",
    "line_separator": "one\u2028two\u2029three",
    "tag_characters": "x\U000e0041\U000e0042",
    "noncharacter": "x\ufffe\uffffy\ue000",
    "combining": "Z" + "\u0335\u0321" * 60,
    "long_word": "w" * 5000,
    "long_name": "n" * 300,
    "long_wide": "宽" * 300,
    "rich_markup": "[red]x[/blue] [link=BEACON/r]y[/link] [/]",
}  # fmt: skip
LINES = {
    "lines_forged": "x\nrecords: 9 seen = 9 accepted\n\tset aside:\n  a.yml:1:1: PM000",
    "lines_markdown": f"x\n\n# Heading\n\n![x](BEACON/l.png)\n\n<script>{CODE}</script>\n\n[hostile]: BEACON/def",
    "lines_cell": "x\n=1+1\n@SUM(1)",
}
# What no reader takes into a record: it is refused, and shown in what says so, and in names of files.
CONTROLS = {
    "nul": "a\x00b",
    "bell": "a\x07\x08\x7fb",
    "ansi": "\x1b[31mred\x1b[2J\x1b[H",
    "title": "\x1b]0;title\x07",
    "clipboard": "\x1b]52;c;cm0gLXJmIH4=\x07",
    "hyperlink": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "device": "\x1bP$q\x1b\\\x1b_x\x1b\\",
    "c1": "\x9b31mred\x9d0;title\x9c\x85",
    "return": "good\rbad",
}
FAMILIES = ACTIVE | LINES
EVERY = FAMILIES | CONTROLS
# what a whole run is made of: all, or in the small form every sixth and what once broke something
CHOSEN = [
    family
    for n, family in enumerate(EVERY)
    if WHOLE or n % 6 == 0 or family in ("line_separator", "lines_forged", "nul", "c1")
]


def with_beacon(text: str, beacon: str = BEACON) -> str:
    return text.replace("BEACON", beacon)


def of(family: str, beacon: str = BEACON) -> str:
    return with_beacon(EVERY[family], beacon)


def filled(schema: dict, text: str, beacon: str = BEACON) -> Any:
    """A value of this shape that holds the text wherever a text is free, and an address or id made of it elsewhere."""
    if "enum" in schema:
        return schema["enum"][0]
    if "object" in schema["type"]:
        return {name: filled(child, text, beacon) for name, child in schema.get("properties", {}).items()}
    if "items" in schema:
        return [filled(schema["items"], text, beacon)]
    written = schema.get("examples", ["unknown"])[0]
    if "string" not in schema["type"] or "format" in schema:
        return written
    fits = re.compile(schema.get("pattern", ""))
    return next((each for each in _spellings(text, beacon) if fits.search(each)), written)


def _spellings(text: str, beacon: str) -> Iterator[str]:
    """The text, then as a team, an address, an id may be written."""
    word = "".join(text.replace("\ufeff", "").split())  # JSON Schema counts U+FEFF among the blanks
    yield from (text, " ".join(text.replace("@", "").split()))
    yield from (f"javascript:{word}", f"{beacon}/{word}", identifier(text))


def identifier(text: str) -> str:
    return "I" + re.sub(r"[^A-Za-z0-9._:/#-]", "", text)[:90]


def record(number: int, text: str, beacon: str = BEACON) -> dict:
    """A whole record of hostile text, every third with the fields of the same domain pack."""
    schema = bundle.load()
    made = filled(schema, text, beacon)
    packs = sorted(schema["x-domain-packs"].items())
    made["domain"], pack = packs[number % len(packs)]
    made["domain_fields"] = filled(pack, text, beacon)
    made |= {"id": f"H{number}/{identifier(text)}", "stage": "draft", "category": CATEGORIES[number % 3]}
    made["record_kind"] = "incident"
    # a name is looked for in the record's prose: the same text in both would leave none of it to look at
    made["participants"][0]["person"] = "SRE on call"
    day = f"2026-11-{1 + number % 15:02}"
    made["chronology"] = {"impact_started_at": f"{day}T09:00Z", "detected_at": f"{day}T09:10Z"}
    made["actions"][0] |= {"status": "accepted", "due_on": "2026-01-05"}
    return made


def file_name(text: str) -> str:
    """The text as the name of a file: no `/` nor NUL in it, and as long as a disk allows."""
    name = text.replace("/", "∕").replace("\0", "")
    return name.encode()[:200].decode(errors="ignore")


def spoilt(text: str) -> Iterator[str]:
    """Documents whose faults quote the text: a key, a word, a stage, a value of another type, and no YAML at all."""
    draft = record(0, "x") | {"id": "S"}
    yield json.dumps(draft | {text: 1})
    yield json.dumps(draft | {"severity": text, "revision": text})
    yield json.dumps({"id": text, "stage": text, "timeline": text, "scope": {"summary": 5, text[:50]: text}})
    yield text


def write(project: Project, beacon: str = BEACON) -> None:
    """A project of it: whole records, spoilt ones, names of files and of what a zip holds, words of a mapping."""
    records = project.home / "records"
    taken = [family for family in CHOSEN if family in FAMILIES]
    for number, family in enumerate(taken):
        text = of(family, beacon)
        project.write(f"h{number}.json", json.dumps(record(number, text, beacon)))
    for number, family in enumerate(CHOSEN):
        name = file_name(of(family, beacon)) + ".json"
        _named(records, name, json.dumps(record(number, "x") | {"id": f"N{number}"}))
        for kind, document in enumerate(spoilt(of(family, beacon))):
            _named(project.home / "spoilt", f"{number}-{kind}.json", document)
        _named(project.home / "spoilt", file_name(of(family, beacon)) + ".yml", "id: [")
    _zip(records / "z.zip", beacon)
    _mapped(project, taken, beacon)
    project.declare(
        [
            {"name": "own", "glob": "records/**/*", "reader": "native"},
            {"name": "spoilt", "glob": "spoilt/*", "reader": "native"},
            {"name": "mapped", "glob": "rows/*.csv", "reader": "csv", "mapping": "m.sql"},
        ]
    )


def _named(folder: Path, name: str, content: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8", errors="surrogatepass")


def _zip(path: Path, beacon: str) -> None:
    names = [of(family, beacon) for family in CHOSEN] + ["../../climbs.yml", "/absolute.yml", "n" * 300]
    with zipfile.ZipFile(path, "w") as archive:
        for number, name in enumerate(names):
            archive.writestr(f"{number}{name}.json", json.dumps(record(number, "x") | {"id": f"Z{number}"}))


def _mapped(project: Project, families: list[str], beacon: str) -> None:
    rows = ["id,text"]
    for number, family in enumerate(families):
        quoted = of(family, beacon).replace('"', '""')
        rows.append(f'M-{number},"{quoted}"')
    _named(project.home / "rows", "a.csv", "\n".join(rows) + "\n")
    (project.home / "m.sql").write_text(
        "SELECT id, path, item, {title: text, severity: our_word('severity', text), scope: {services: [text]}, "
        "category: our_word(text, text)} AS record FROM rows"
    )
