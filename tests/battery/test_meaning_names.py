"""Section B, names: none that leads nowhere unseen, none that only looks like another, none that goes round.

Here: ids and what points to them, inside a record and between records. Not here: spellings of teams and services, and
circles of lineage (tests/integration/test_section_marts.py), people (tests/unit/test_people.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.contract.tables import tables
from pipelines.ingest.admit import Gatekeeper
from pipelines.ingest.validate import Contract
from pipelines.quality import record_quality, rules
from pipelines.quality.sections import locate
from pipelines.settings import Source
from tests.projects import record
from tests.unit.quality_raw import add, raw_tables

CONTRACT = bundle.load()
KEEPER = Gatekeeper(Contract(CONTRACT), b"k" * 32)
OWN = Source("own", Path(), "*", "native", time_zone="UTC")
CATALOGUE = rules.load()
LISTS = {(table.name, column.name) for table in tables(CONTRACT) for column in table.columns if column.kind == "words"}


def pointing(field: str, named: str) -> dict:
    """A record in which nothing but one field points, at an id that is not there."""
    part: object = [named] if locate(field) in LISTS else named
    for step in reversed(field.split(".")):
        part = {step.removesuffix("[]"): [part] if step.endswith("[]") else part}
    return {"id": f"FROM-{field.replace('[]', '')}", "title": "a", "stage": "draft", **part}


def test_every_name_that_leads_nowhere_is_a_finding_with_both_ends_and_the_record_is_kept() -> None:
    con = raw_tables()
    add(con, *[pointing(field, "GHOST-1") for field in CATALOGUE.links])
    record_quality.apply(con, CATALOGUE)
    found = con.execute(
        "SELECT record_id, field, message FROM quality.findings WHERE contains(message, 'GHOST-1') ORDER BY 1"
    ).fetchall()
    for field, kind in CATALOGUE.links.items():
        said = [(place, message) for record_id, place, message in found if record_id == pointing(field, "")["id"]]
        place = field.replace("[]", "[0]")
        assert [at for at, _ in said] == [place], field
        assert said[0][1].startswith(f"{place} names GHOST-1, but no entry of "), kind
    assert con.execute("SELECT count(*) FROM raw.records").fetchone() == (len(CATALOGUE.links),)


def test_records_that_recur_in_a_circle_are_named_and_kept_and_nothing_goes_round() -> None:
    def one(record_id: str, of: str, started: str | None = None) -> dict:
        chronology = {"impact_started_at": started} if started else {}
        related = [{"id": of, "relation": "recurrence"}]
        return {"id": record_id, "title": "a", "stage": "draft", "related": related, "chronology": chronology}

    con = raw_tables()
    add(con, one("SELF", "SELF"), one("A", "B"), one("B", "A"))
    add(con, one("EARLY", "LATE", "2026-01-05"), one("LATE", "EARLY", "2026-02-05"))
    add(con, one("THIRD", "A", "2026-03-01"))
    record_quality.apply(con, CATALOGUE)
    found = con.execute("SELECT record_id, message FROM quality.findings WHERE rule = 'PM403' ORDER BY 1").fetchall()
    assert [record_id for record_id, _ in found] == ["A", "B", "EARLY", "SELF"]
    assert all(
        f"a recurrence of {of}," in said for (_, said), of in zip(found, ["B", "A", "LATE", "SELF"], strict=True)
    )
    assert con.execute("SELECT count(*) FROM raw.records").fetchone() == (6,)


LOOK_ALIKES = {
    "INС-2026-1": "U+0421 is cyrillic capital letter es",
    "ΙNC-2026-1": "U+0399 is greek capital letter iota",
    "INC-2026‑1": "U+2011 is non-breaking hyphen",
    "INC-２０２６": "U+FF12 is fullwidth digit two",
    "INC\u200b-1": "U+200B is zero width space",
    "INC-\u202e1": "U+202E is right-to-left override",
    "INC\u00ad-1": "U+00AD is soft hyphen",
    "\ufeffINC-1": "U+FEFF is zero width no-break space",
    "ÍNC-1": "U+00CD is latin capital letter i with acute",
    "I\u0301NC-1": "U+0301 is combining acute accent",
}


@pytest.mark.parametrize("place", ["id", "evidence[0].id", "analysis.matrix[0].symptom"])
@pytest.mark.parametrize("written", LOOK_ALIKES)
def test_an_id_that_only_looks_like_another_is_refused_by_the_letter(written: str, place: str) -> None:
    one = record(1, stage="imported")
    one |= {
        "id": {"id": written},
        "evidence[0].id": {"evidence": [{"id": written}]},
        "analysis.matrix[0].symptom": {"analysis": {"matrix": [{"symptom": written}]}},
    }[place]
    (fault,) = [fault for fault in KEEPER.admit(OWN, one, dict)[0] if fault.field == place]
    assert fault.code == "PM024" and LOOK_ALIKES[written] in fault.message
    assert fault.message.isprintable()
