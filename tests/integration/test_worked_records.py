"""The bundled records are what people copy: valid at their stage, true to the files beside them, of use to the page.

Here: what holds for these records and the packs they show. Not here: the contract, the rules and the page themselves.
"""

from __future__ import annotations

import hashlib
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.contract import bundle
from pipelines.contract.tables import tables
from pipelines.ingest.readers import native
from pipelines.ingest.run import ingest
from pipelines.ingest.validate import Contract
from pipelines.privacy.cleaning import blank
from pipelines.publish.generations import Attempt
from pipelines.quality import record_quality, rules
from pipelines.settings import load
from tests.projects import named_files, worked_records

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = load(ROOT / "faultlines.yml")
FOLDER = SETTINGS.by_name["examples"].base
FILES = sorted(FOLDER.glob(SETTINGS.by_name["examples"].pattern))
EVIDENCE = sorted(path for path in (FOLDER / "evidence").rglob("*") if path.is_file())
CONTRACT = Contract(bundle.build(bundle.SCHEMAS))
TODAY = date(2026, 11, 22)  # the day the records were written for; their plans lie ahead of it
EVENING = datetime(2026, 11, 22, 20, tzinfo=UTC)
# Left out on purpose: the first is for later revisions, the others for records from elsewhere.
UNUSED = {"revision", "exclude_from_metrics", "source_system"}


def document(path):
    (found,) = native.read(path.name, io.BytesIO(path.read_bytes()))
    return found


def read(path):
    return CONTRACT.typed(document(path).record)


RECORDS = {path.stem: read(path) for path in FILES}
PACKS = CONTRACT.schema["x-domain-packs"]
QUERIES = [
    (name, piece) for name, record in RECORDS.items() for piece in record.get("evidence", []) if "query" in piece
]
ACTIONS = [action for record in RECORDS.values() for action in record.get("actions", [])]


def entries(node, path):
    """The values at a path of the catalogue, such as `analysis.matrix[].evidence`; lists at its end are opened."""
    name, _, rest = path.partition(".")
    value = node.get(name.removesuffix("[]"))
    found = [] if value is None else value if isinstance(value, list) else [value]
    return [one for item in found for one in entries(item, rest)] if rest else found


def texts(node):
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from texts(child)
    elif isinstance(node, str):
        yield node


def fires(signal):
    """The points of a signal's history, as written, that lie beyond its fixed limits."""
    above = signal["parameters"].get("above", float("inf"))
    below = signal["parameters"].get("below", float("-inf"))
    rows = [line.split(",") for line in (FOLDER / signal["history"]).read_text().splitlines()[1:]]
    return [time for time, value in rows if not below <= float(value) <= above]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_worked_record_is_valid_at_its_stage_and_its_editor_finds_the_schema(path):
    faults = CONTRACT.faults(RECORDS[path.stem], document(path).positions)
    assert [fault.message for fault in faults] == []
    first_line = path.read_text().splitlines()[0]
    schema = first_line.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / schema).resolve() == ROOT / "schemas/generated/postmortem.schema.json"
    assert RECORDS[path.stem]["id"] == path.stem


def test_every_category_and_stage_has_a_worked_record_and_all_say_that_they_are_synthetic():
    words = CONTRACT.schema["properties"]
    categories = set(words["category"]["enum"]) - {"unknown", "not_applicable", "withheld"}
    whole = {record["category"] for record in RECORDS.values() if record["stage"] in ("published", "verified")}
    assert whole == categories
    stages = {record["stage"] for record in RECORDS.values()}
    assert stages == set(words["stage"]["enum"]) - {"imported"}
    (draft,) = [record for record in RECORDS.values() if record["stage"] == "draft"]
    assert "unknown" in list(texts(draft)) and not {"evidence", "analysis", "actions"} & set(draft)
    assert {record["provenance"] for record in RECORDS.values()} == {"synthetic"}


def test_between_them_the_records_show_every_section_of_the_contract_and_every_pack():
    assert set(CONTRACT.schema["properties"]) - set().union(*RECORDS.values()) == UNUSED
    assert set(PACKS) <= {record.get("domain") for record in RECORDS.values() if record["stage"] != "draft"}


def test_ids_follow_the_order_in_which_people_noticed():
    noticed = [record["chronology"]["detected_at"] for _, record in sorted(RECORDS.items())]
    assert noticed == sorted(noticed)


def test_every_file_of_the_evidence_is_small_is_named_by_a_record_and_is_the_one_the_record_saw():
    named = {pair for record in RECORDS.values() for pair in named_files(record)}
    assert {FOLDER / path for path, _ in named} == set(EVIDENCE)
    for path, digest in named:
        content = (FOLDER / path).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest, path
        assert len(content) < 20_000, path


@pytest.mark.parametrize(("name", "piece"), QUERIES, ids=[f"{name}-{piece['id']}" for name, piece in QUERIES])
def test_a_query_of_the_evidence_gives_what_the_record_says(name, piece):
    con = duckdb.connect()
    for data in piece["data"]:
        con.execute(f"create table {data['name']} as from read_csv('{FOLDER / data['path']}')")
    con.execute("set enable_external_access = false")  # the query reads the files the record names, and nothing else
    ((observed,),) = con.execute(piece["query"]).fetchall()
    assert observed == pytest.approx(piece["expected"]["value"], abs=piece["expected"].get("tolerance", 0), rel=0)


@pytest.mark.parametrize("name", RECORDS)
def test_every_name_in_a_record_points_to_an_entry_of_it(name):
    catalogue, record = rules.load(), RECORDS[name]
    given = {kind: [one for path in paths for one in entries(record, path)] for kind, paths in catalogue.ids.items()}
    for kind, ids in given.items():
        assert len(ids) == len(set(ids)), kind
    for path, kind in catalogue.links.items():
        assert set(entries(record, path)) <= set(given[kind]), path
    for relation in record.get("related", []):
        assert relation["id"] in RECORDS


def test_the_page_has_something_true_to_say():
    incidents = [record for record in RECORDS.values() if record.get("record_kind", "incident") == "incident"]
    weeks = {record["chronology"]["impact_started_at"][:10] for record in incidents}
    assert SETTINGS.week in {date.fromisoformat(day).strftime("%G-W%V") for day in weeks}
    assert all("2026-08" <= day <= "2026-11-15" for day in weeks)
    results = {one["result"] for action in ACTIONS for one in action.get("verifications", [])[-1:]}
    assert results == {"held", "did_not_hold", "inconclusive"}
    is_open = [action for action in ACTIONS if action["status"] in ("accepted", "in_progress")]
    late = [(TODAY - date.fromisoformat(action["due_on"])).days for action in is_open]
    assert min(late) < 0 < max(late) and max(late) > 30
    ahead = [day for action in ACTIONS for day in action.get("verify_on", [])]
    ahead += [one["on"] for record in RECORDS.values() for one in record.get("follow_ups", [])]
    assert min(ahead) < TODAY.isoformat() < max(ahead)
    relations = {one["relation"] for record in RECORDS.values() for one in record.get("related", [])}
    assert relations == {"same_cause", "variant", "recurrence"}
    assert all(record.get("recorded_at", "") < TODAY.isoformat() for record in RECORDS.values())


def test_records_of_the_same_cause_share_the_code_and_the_team_of_a_root_cause():
    for record in RECORDS.values():
        for other in [one["id"] for one in record.get("related", []) if one["relation"] == "same_cause"]:
            causes = [{(one["code"], one["owner_team"]) for one in r["root_causes"]} for r in (record, RECORDS[other])]
            assert causes[0] & causes[1]


def test_a_recurrence_is_the_same_cause_in_the_same_service_after_a_fix_that_was_to_cover_it():
    (record,) = [one for one in RECORDS.values() if "recurrence" in entries(one, "related[].relation")]
    earlier = RECORDS[record["related"][0]["id"]]
    started = record["chronology"]["impact_started_at"]
    assert earlier["chronology"]["resolved_at"] < started
    assert set(entries(record, "scope.services")) & set(entries(earlier, "scope.services"))
    causes = [{(one["code"], one["owner_team"]) for one in each["root_causes"]} for each in (record, earlier)]
    assert causes[0] & causes[1]
    done = [one for one in earlier["actions"] if one["status"] == "done" and one["implemented_on"] < started]
    assert any(set(one["scope"].get("services", [])) & set(record["scope"]["services"]) for one in done)


def test_a_near_miss_harmed_nobody_and_was_seen_by_its_own_signal():
    (record,) = [one for one in RECORDS.values() if one.get("record_kind") == "near_miss"]
    assert record["chronology"]["impact_started_at"] == "not_applicable"
    assert record["impact"]["harms"] == []
    assert set(entries(record, "scope.affected[].max")) == {0} == set(entries(record, "impact.cost.max_cents"))
    assert record["detection_source"] == "monitor"
    days = [day for signal in record["signals"] for day in fires(signal)]
    assert min(days) == record["chronology"]["detected_at"][:10]


@pytest.mark.parametrize("name", [name for name, record in RECORDS.items() if "signals" in record])
def test_a_signal_with_a_fixed_limit_fires_on_the_history_beside_it_and_not_all_the_time(name):
    for signal in RECORDS[name]["signals"]:
        if signal["detector"] == "static":
            points = len((FOLDER / signal["history"]).read_text().splitlines()) - 1
            assert 0 < len(fires(signal)) < points / 4, signal["id"]


def test_nobody_is_named_in_a_record_or_in_its_evidence():
    for record in RECORDS.values():
        assert all(re.fullmatch(r"member-\d{3}", one["person"]) for one in record.get("participants", []))
    for path in (*FILES, *EVIDENCE):
        assert blank(path.read_text()) == path.read_text(), path
        assert not re.search(r"\b[A-Z][a-z]+ [A-Z][a-z]+\b", path.read_text()), path  # how a full name looks


@pytest.fixture(scope="module")
def ingested(tmp_path_factory):
    """(summary, connection) after the bundled records have been read."""
    con, settings = duckdb.connect(), worked_records(tmp_path_factory.mktemp("state"))
    con.execute("SET TimeZone = 'UTC'")
    summary = ingest(con, settings, Attempt(1, EVENING, "test"))
    con.execute("DELETE FROM raw.as_of; INSERT INTO raw.as_of VALUES (?, 1)", [EVENING])
    return summary, con


def test_ingestion_accepts_the_records_and_no_rule_finds_anything(ingested):
    summary, con = ingested
    assert summary["records"]["accepted"] == summary["records"]["seen"] == len(FILES)
    record_quality.apply(con, rules.load())
    assert con.execute("SELECT rule, record_id, field, message FROM quality.findings").fetchall() == []


@pytest.mark.parametrize("domain", PACKS)
def test_every_field_of_a_pack_is_filled_by_a_record_and_can_be_asked_for_in_sql(ingested, domain):
    _, con = ingested
    answered = (
        "SELECT count(*) FROM raw.field_states JOIN raw.records USING (revision_id) WHERE field = ? AND domain = ?"
    )
    for table in tables(CONTRACT.schema):
        for column in table.columns if table.domain == domain else ():
            (filled,) = con.execute(f'SELECT count("{column.name}") FROM raw.{table.name}').fetchone()
            field = "".join(f"{'.'.join(step)}[]." for step in table.steps) + ".".join(column.keys)
            (stated,) = con.execute(answered, [field, domain]).fetchone()
            assert filled or stated, (table.name, column.name)


def test_packs_answer_what_their_people_ask(ingested):
    _, con = ingested
    harmed = """
        select record_id, harm_class, patients_reached_max, clinical_review_reviewer_role, regulator_due_at::date
        from raw.domain_healthcare where phi_exposure_extent = 'none'"""
    assert con.execute(harmed).fetchall() == [("INC-2026-0192", "moderate", 907, "physician", date(2026, 10, 23))]
    wards = "select setting from raw.domain_healthcare_care_pathways where name = 'sepsis' order by position"
    assert con.execute(wards).fetchall() == [("ward",), ("emergency",)]
    at_risk = """
        select record_id, peak_season, sales_channels, revenue_at_risk_min_cents, revenue_at_risk_max_cents,
          (select sum(recipients_max) from raw.domain_ecommerce_customer_remediation as given
           where given.revision_id = shop.revision_id)
        from raw.domain_ecommerce as shop"""
    (shop,) = con.execute(at_risk).fetchall()
    assert shop == ("INC-2026-0149", "back_to_school", ["web", "app"], 9723401, 14817992, 883)
