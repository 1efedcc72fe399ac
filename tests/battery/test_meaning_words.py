"""Section B, words and names: no score out of its range, no word guessed, no name that leads nowhere unseen.

Here: every field of the contract and of its packs, taken from the contract itself. Not here: times, and what becomes
of the records around a bad one (test_meaning_levels.py). One typed case of each: tests/unit/test_shape_errors.py.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.explain import dotted
from pipelines.ingest.readers import native
from pipelines.ingest.validate import Contract
from pipelines.quality import record_quality, rules
from pipelines.settings import Source
from tests.projects import Project, record
from tests.unit.quality_raw import add, raw_tables

CONTRACT = bundle.load()
KEEPER = Gatekeeper(Contract(CONTRACT), b"k" * 32)
OWN = Source("own", Path(), "*", "native", time_zone="UTC")
CATALOGUE = rules.load()


def leaves(node: dict, path: tuple) -> Iterator[tuple[tuple, dict]]:
    """Every field that holds a value; an item of a list is at 0."""
    if "properties" in node:
        for key, child in node["properties"].items():
            yield from leaves(child, (*path, key))
    elif node.get("type") == "array":
        yield from leaves(node["items"], (*path, 0))
    else:
        yield path, node


FIELDS = [(None, *leaf) for leaf in leaves(CONTRACT, ())] + [
    (domain, *leaf) for domain, pack in CONTRACT["x-domain-packs"].items() for leaf in leaves(pack, ("domain_fields",))
]
BOUNDED = [field for field in FIELDS if {"minimum", "maximum"} & field[2].keys()]
WORDED = [field for field in FIELDS if {"x-vocabulary", "enum"} & field[2].keys()]


def name(field: tuple) -> str:
    return f"{field[0] or ''}.{dotted(field[1])}"


def faults(domain: str | None, path: tuple, value: object) -> dict[str, str]:
    """code → fix of what is said against `value` at that place of a record that holds little else."""
    written = record(1, stage="imported") | ({"domain": domain} if domain else {})
    place: object = written
    for step, after in zip(path, (*path[1:], None), strict=True):
        inner = value if after is None else [] if isinstance(after, int) else {}
        if isinstance(step, int):
            place.append(inner)
        elif after is None or step not in place:
            place[step] = inner
        place = place[step]
    (read,) = native.read("a.json", io.BytesIO(json.dumps(written).encode()))
    found = [read] if not isinstance(read, native.Document) else KEEPER.admit(OWN, read.record, read.positions)
    if isinstance(found, Admitted):
        return {}
    said = found if isinstance(found, list) else found[0]
    return {fault.code: fault.fix for fault in said if fault.field == dotted(path) and fault.line}


@pytest.mark.parametrize("field", BOUNDED, ids=name)
def test_a_number_out_of_its_range_is_refused_and_its_bound_is_not(field: tuple) -> None:
    domain, path, node = field
    for bound, sign in ((node.get("minimum"), -1), (node.get("maximum"), 1)):
        if bound is None:
            continue
        assert faults(domain, path, bound) == {}
        for beyond in (bound + sign, f"{bound + sign}", sign * 10**17):
            assert str(bound) in faults(domain, path, beyond)["PM025"], beyond
    for no_number in ("NaN", "inf", "-inf", "1e999", "0x10", "１", "1,5", "1_000", "half"):
        assert faults(domain, path, no_number).keys() & {"PM023", "PM024"}, no_number
    for endless in (10**20, -(10**20)):
        assert faults(domain, path, endless).keys() == {"PM015"}


def test_a_score_and_a_share_have_both_their_bounds() -> None:
    bounds = {dotted(path): (node.get("minimum"), node.get("maximum")) for _, path, node in FIELDS}
    for path, found in bounds.items():
        last = path.rpartition(".")[2]
        if last in ("prior", "confidence", "credibility") and not path.startswith("taxonomy"):
            assert found == (0, 1), path
        if last.endswith(("percent", "_minutes", "_days", "_cents")):
            assert found == (0, 100 if last.endswith("percent") else None), path


@pytest.mark.parametrize("field", WORDED, ids=name)
def test_a_word_that_is_not_in_the_vocabulary_is_refused_and_never_becomes_another(field: tuple) -> None:
    domain, path, node = field
    for word in (
        "Other",
        "OTHER",
        "others",
        "?",
        "n/a",
        "none of these",
        f"{node['enum'][0]} ",
        node["enum"][0].title(),
    ):
        if word not in node["enum"]:
            assert faults(domain, path, word).keys() == {"PM022"}, word
    assert faults(domain, path, node["enum"][0]) == {}


@pytest.mark.parametrize("version", ["2.0", "0.9", "1", "1.0.0", "1.0 ", 1.0, 1])
def test_a_record_of_another_version_of_the_contract_is_refused_and_not_told_to_lie(version: object) -> None:
    assert faults(None, ("schema_version",), version)["PM022"] == "write one of 1.0"


def test_a_word_of_another_tool_without_a_counterpart_is_absent_and_listed(project: Project) -> None:
    (project.home / "tickets.sql").write_text(
        "SELECT path, item, id, {title: title, severity: our_word('severity', severity)} AS record FROM rows"
    )
    source = {"name": "tickets", "glob": "*.csv", "reader": "csv", "mapping": "tickets.sql"}
    project.declare([source | {"words": {"severity": {"High": "sev1"}}}])
    (project.home / "a.csv").write_text("id,title,severity\nT-1,one,High\nT-2,two,Blocker\nT-3,three,other\n")
    assert project.ingest()["records"]["accepted"] == 3
    assert project.query("SELECT record_id, severity FROM raw.records ORDER BY 1") == [
        ("T-1", "sev1"), ("T-2", None), ("T-3", None),
    ]  # fmt: skip
    assert project.query("SELECT record_id, field, word FROM raw.unmapped_words ORDER BY 1") == [
        ("T-2", "severity", "Blocker"), ("T-3", "severity", "other"),
    ]  # fmt: skip


def pointing(field: str, named: str) -> dict:
    """A record in which nothing but one field points, at an id that is not there."""
    part: object = [named] if IS_LIST[field] else named
    for step in reversed(field.split(".")):
        part = {step.removesuffix("[]"): [part] if step.endswith("[]") else part}
    return {"id": f"FROM-{field.replace('[]', '')}", "title": "a", "stage": "draft", **part}


IS_LIST = {
    dotted(path).replace("[0]", "[]").removesuffix("[]"): path[-1] == 0
    for _, path, _ in FIELDS
    if dotted(path).replace("[0]", "[]").removesuffix("[]") in CATALOGUE.links
}


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
