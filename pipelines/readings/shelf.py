"""Readings as files: what each is called, where it goes, and the index that leads to several.

Here: names and bytes on disk. Not here: what a reading says.
"""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

from pipelines import authors_files
from pipelines.contract import bundle
from pipelines.ingest.readers import native
from pipelines.others_words import for_json, for_terminal
from pipelines.readings import catalogue, facts, tables
from pipelines.readings.records import Held
from pipelines.readings.values import NOT_STATED
from pipelines.report.print_forms import plain, words
from pipelines.settings import SettingsError

COLUMNS = {"title": "Title", "category": "Category", "severity": "Severity", "stage": "Stage"}


def rendered(held: Held, reader: str, form: str) -> str:
    """One reading, as text of the form `md` or `html`."""
    from pipelines.readings import render_html, render_markdown

    renderer = {"md": render_markdown, "html": render_html}[form]
    return renderer.render(facts.build(held, bundle.load(), reader))


def hand_out(records: list[Held], reader: str, form: str, folder: Path | None, as_json: bool) -> list[str]:
    """What goes to stdout: the facts as JSON, the one reading itself, or where the files are."""
    if as_json:
        return [for_json([facts.build(held, bundle.load(), reader) for held in records])]
    if folder is None and len(records) > 1:
        raise SettingsError(f"{len(records)} records: name a folder for them with --out")
    if folder is None:
        return [for_terminal(rendered(held, reader, form).rstrip("\n")) for held in records]
    return [str(path) for path in write(records, reader, form, folder)]


def write(records: list[Held], reader: str, form: str, folder: Path) -> list[Path]:
    """One file a record and, for several, `index`; the same records give the same bytes. Returns their paths.

    SettingsError, before anything is written, where a record stands in the place of one: a reading is made again, a
    record is not.
    """
    from pipelines.readings import render_html, render_markdown

    folder.mkdir(parents=True, exist_ok=True)
    names = file_names(records, reader, form)
    made = {folder / name: rendered(held, reader, form) for name, held in zip(names, records, strict=True)}
    if len(records) > 1:
        index = {"md": render_markdown, "html": render_html}[form].index
        made[folder / f"index{_of(reader)}.{form}"] = index(shelf(records, reader, names))
    if records_there := [str(path) for path in made if _is_record(path)]:
        raise SettingsError(f"{', '.join(records_there)}: a record; name another folder for readings")
    for path, text in made.items():
        try:
            authors_files.replace(path, text.encode())
        except authors_files.Untouchable as error:
            raise SettingsError(f"{path}: {error}; move it away, or name another folder") from error
    return list(made)


def _is_record(path: Path) -> bool:
    """Whether somebody's record stands there: an author may name a Markdown record by its id, as readings are."""
    if path.suffix != ".md" or not path.is_file():
        return False
    return any(isinstance(one, native.Document) for one in native.read(path.name, io.BytesIO(path.read_bytes())))


def file_names(records: list[Held], reader: str, form: str) -> list[str]:
    """A name for each that any disk takes and no two share, whatever letters an id has and in whatever case."""
    names: list[str] = []
    taken: set[str] = {f"index{_of(reader)}"}
    for held in records:
        record_id = held.record["id"]
        name = re.sub(r"[^A-Za-z0-9._-]", "_", record_id)[:100] + _of(reader)
        if name != record_id + _of(reader) or name.lower() in taken:
            name += f"-{hashlib.sha256(f'{record_id} {held.digest}'.encode()).hexdigest()[:8]}"
        taken.add(name.lower())
        names.append(f"{name}.{form}")
    return names


def shelf(records: list[Held], reader: str, names: list[str]) -> dict:
    """The facts of the index."""
    about = catalogue.load().readers[reader]
    return {
        "title": f"{len(records)} records · {about['title']}",
        "about": about["about"],
        "columns": ["Record", *COLUMNS.values()],
        "is_short": [all(len(held.record["id"]) <= tables.SHORT for held in records), False, False, True, True],
        "rows": [
            {"id": held.record["id"], "file": name, "cells": [_said(held.record, key) for key in COLUMNS]}
            for held, name in zip(records, names, strict=True)
        ],
    }


def _said(record: dict, key: str) -> str:
    text = record.get(key, NOT_STATED)
    return plain(text, facts.LONGEST_TITLE) if key == "title" else words(text)


def _of(reader: str) -> str:
    return "" if reader == catalogue.WHOLE else f"-{reader}"
