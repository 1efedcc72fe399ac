"""The symptom × hypothesis matrix of a record: what speaks for and against each explanation, as it was written.

Here: cells by symptom and hypothesis, several for one pair among them. Not here: ranking hypotheses by it.
"""

from __future__ import annotations

from pipelines.ingest.times import STATES
from pipelines.readings.prose import run, visible
from pipelines.readings.values import NOT_STATED, inline
from pipelines.report.print_forms import words


def matrix(record: dict, node: dict, zone: str | None) -> dict | None:
    """Rows of symptoms, columns of hypotheses, and in each cell what was written of the pair; None without cells.

    Names that only the cells know have a row or column too.
    """
    analysis = record.get("analysis", {})
    written = analysis.get("matrix") or []
    if not written:
        return None
    fields = node["properties"]["analysis"]["properties"]
    symptoms = _named(analysis.get("symptoms", []), "text", [cell.get("symptom") for cell in written])
    hypotheses = _named(analysis.get("hypotheses", []), "statement", [cell.get("hypothesis") for cell in written])
    states = {one.get("id"): one.get("state") for one in analysis.get("hypotheses", [])}
    shape = fields["matrix"]["items"]["properties"]
    return {
        "hypotheses": [
            {"id": name, "text": text, "state": words(states.get(name) or NOT_STATED)}
            for name, text in hypotheses.items()
        ],
        "symptoms": [
            {
                "id": symptom,
                "text": text,
                "cells": [
                    [
                        _cell(one, shape, zone)
                        for one in written
                        if (one.get("symptom"), one.get("hypothesis")) == (symptom, name)
                    ]
                    for name in hypotheses
                ],
            }
            for symptom, text in symptoms.items()
        ],
    }


def _named(entries: list[dict], key: str, mentioned: list) -> dict[str, str]:
    known = {entry.get("id", ""): " ".join(visible(entry.get(key, "")).split()) for entry in entries}
    return known | {name: "" for name in mentioned if name and name not in known}


def _cell(cell: dict, shape: dict, zone: str | None) -> dict:
    consistency = cell.get("consistency")
    return {
        "consistency": "" if consistency in STATES else consistency or "",
        "words": words(consistency or NOT_STATED),
        "credibility": _said(cell, "credibility", shape, zone),
        "evidence": _said(cell, "evidence", shape, zone),
    }


def _said(cell: dict, key: str, shape: dict, zone: str | None) -> list[dict]:
    return inline(cell[key], shape[key], zone) if key in cell else [run(NOT_STATED, "said")]
