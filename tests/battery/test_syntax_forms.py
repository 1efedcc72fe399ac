"""The same record in other forms of its bytes is the same record, and what looks like a number stays a text.

Byte order marks, line endings, words that YAML 1.1 takes for something else; a bad line among good ones. Through the
whole of ingestion. Not here: what is refused (test_syntax.py).
"""

from __future__ import annotations

import json

import yaml

from tests.projects import Project, record

PROSE = "Café: one\ntwo\n\nthree\n"
GUESSED = (
    "no", "Yes", "on", "OFF", "y", "true", "null_", "1234567e8", "00123456", "1.10", "12:30:45", "0x1F", "0o17",
    "1_000", ".inf", "-.INF", ".NaN", "2026-05-04", "=", "+7", "-0", "1e999", "9" * 40,
)  # fmt: skip


def _written(form: str) -> str:
    match form:
        case "yml":
            made = record(1, title="Größe: 😀", communication={"technical_findings": PROSE})
            return yaml.safe_dump(made, allow_unicode=True) + "# the end\n"
        case "md":
            return f"---\n{yaml.safe_dump(record(2), allow_unicode=True)}---\n\n# What\n\nIt broke:\n\n    code\n"
        case "json":
            made = record(3, title="Größe: 😀", communication={"technical_findings": PROSE})
            return json.dumps(made, ensure_ascii=False, indent=2) + "\n"
    return "\n".join(json.dumps(record(n), ensure_ascii=False) for n in (4, 5)) + "\n"


def test_marks_and_line_endings_leave_the_content_hash_as_it_is(project: Project) -> None:
    for form in ("yml", "md", "json", "ndjson"):
        plain = _written(form)
        forms = {"lf": plain, "crlf": plain.replace("\n", "\r\n"), "cr": plain.replace("\n", "\r")}
        for name, text in forms.items():
            project.write(f"{name}.{form}", text.encode())
            project.write(f"{name}_marked.{form}", ("\ufeff" + text).encode())
    records = project.ingest()["records"]
    assert (records["accepted"], records["duplicate"], records["seen"]) == (5, 25, 30)
    hashes = project.query("select record_id, count(distinct content_hash) from raw.revisions group by all order by 1")
    assert hashes == [(record(n)["id"], 1) for n in range(1, 6)]
    ((prose,),) = project.query(
        f"select communication_technical_findings from raw.records where record_id = '{record(1)['id']}'"
    )
    assert prose == PROSE


def test_what_yaml_1_1_takes_for_something_else_stays_the_text_it_is(project: Project) -> None:
    for n, word in enumerate(GUESSED):
        plain = yaml.safe_dump(record(n)).replace(f"title: {record(n)['title']}", f"title: {word}")
        project.write(f"{n}.yml", plain)
    assert project.ingest()["records"]["accepted"] == len(GUESSED)
    titles = dict(project.query("select record_id, title from raw.records"))
    assert titles == {record(n)["id"]: word for n, word in enumerate(GUESSED)}


def test_a_bad_line_costs_no_other_line_its_record(project: Project) -> None:
    good = [json.dumps(record(n)) for n in range(8)]
    bad = [
        '{"id": }',
        '{"a": NaN}',
        "caf\udce9",
        "[1]",
        '{"id": 1} {"id": 2}',
        '"\\ud800"',
        '{"a": 1, "a": 2}',
        "x" * 99,
    ]
    lines = [line for pair in zip(good, bad, strict=True) for line in pair]
    project.write("mixed.ndjson", "\n".join(lines).encode("utf-8", "surrogateescape"))
    records = project.ingest()["records"]
    assert (records["accepted"], records["quarantined"]) == (8, 8)
    assert [line for (line,) in project.query("select line from raw.quarantine order by line")] == [*range(2, 17, 2)]
    mixed = project.query("select record_id, content_hash from raw.revisions order by all")
    alone = Project(project.home / "alone")
    alone.write("clean.ndjson", "\n".join(good))
    alone.ingest()
    assert alone.query("select record_id, content_hash from raw.revisions order by all") == mixed
