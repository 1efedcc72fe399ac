"""The marts of sections over records as people write them: nothing lost, nothing invented, nobody named.

Here: the four worked records, a later revision of one of them, and a hostile one, all the way from files to marts. Not
here: single calculations (unit tests beside the models).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines import clock, models, prepare
from pipelines.ingest.find import find, fingerprint
from pipelines.ingest.run import ingest
from pipelines.publish import content, generations
from pipelines.publish.past import as_known_on
from pipelines.quality import gate
from pipelines.ranking.read import read
from pipelines.ranking.screen import as_text
from pipelines.report.print_forms import plain
from pipelines.settings import ROOT, Settings
from pipelines.warehouse import connect
from tests.projects import Project, record, worked_records

RECORDS = {
    written["id"]: written
    for written in (
        yaml.load(path.read_text(), yaml.BaseLoader) for path in sorted((ROOT / "examples/records").glob("*.yml"))
    )
}
# mart -> the list in a record whose entries are its rows
LISTS = {
    "hypotheses": "analysis.hypotheses", "matrix": "analysis.matrix", "hypothesis_tests": "analysis.tests",
    "counterfactuals": "analysis.counterfactuals", "evidence": "evidence", "decisions": "decisions",
    "accepted_risks": "decisions.risks_accepted", "signals": "signals", "scenarios": "scenarios",
    "follow_ups": "follow_ups", "related": "related", "actions": "actions", "timeline_events": "timeline",
}  # fmt: skip


def entries(node: object, path: str) -> list:
    """Everything at a path, lists opened on the way."""
    if isinstance(node, list):
        return [found for item in node for found in entries(item, path)]
    if not path:
        return [node]
    name, _, rest = path.partition(".")
    return entries(node[name], rest) if name in node else []


def build(settings: Settings) -> Path:
    """Ingest, judge and model a project without publishing; the warehouse file."""
    prepare.manifest()
    attempt = generations.begin(settings, clock.now(), fingerprint(settings, find(settings)))
    with connect(settings.warehouse) as con:
        ingest(con, settings, attempt)
        gate.apply_rules(con)
    models.build(settings.state)
    return settings.warehouse


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The worked records as known on the Monday after the week they end in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAULTLINES_NOW", "2026-12-07T06:00:00Z")
        settings = worked_records(tmp_path_factory.mktemp("worked"))
        con = connect(build(settings), read_only=True)
    yield con
    con.close()


def test_every_entry_of_every_list_is_a_row_of_its_mart(worked: duckdb.DuckDBPyConnection) -> None:
    for mart, path in LISTS.items():
        written = {name: len(entries(one, path)) for name, one in RECORDS.items()}
        found = dict(worked.execute(f"SELECT record_id, count(*) FROM marts.{mart} GROUP BY ALL").fetchall())
        assert found == {name: n for name, n in written.items() if n}, mart


def test_a_hypothesis_is_a_root_cause_exactly_where_one_names_it(worked: duckdb.DuckDBPyConnection) -> None:
    named = {(name, cause.get("hypothesis")) for name, one in RECORDS.items() for cause in one.get("root_causes", [])}
    found = worked.execute("SELECT record_id, hypothesis_id FROM marts.hypotheses WHERE is_root_cause").fetchall()
    assert found and set(found) == {pair for pair in named if pair[1]}


def test_a_worked_record_is_ranked_with_every_hypothesis_cell_and_control_it_holds(worked, tmp_path: Path) -> None:
    (path,) = worked.execute("SELECT path FROM duckdb_databases() WHERE path IS NOT NULL").fetchone()
    shutil.copyfile(path, tmp_path / "copy.duckdb")  # reading for people seals the warehouse it has open
    for name, written in RECORDS.items():
        if not entries(written, "analysis.matrix"):
            continue
        ranking = read(tmp_path / "copy.duckdb", name)
        ids = [one["id"] for one in written["analysis"]["hypotheses"]]
        assert sorted(one["hypothesis_id"] for one in ranking.hypotheses if one["position"]) == sorted(ids)
        assert [one["hypothesis_id"] for one in ranking.hypotheses if not one["position"]] == [None]
        assert len(ranking.matrix) == len(written["analysis"]["matrix"])
        text = as_text(ranking)
        for control in entries(written, "analysis.counterfactuals"):
            assert plain(control["control"]) in text
        # each one's groups as its cells name them
        groups = {one["id"]: one.get("source_group", one["id"]) for one in written["evidence"]}
        for one in ranking.hypotheses:
            cells = [cell for cell in written["analysis"]["matrix"] if cell["hypothesis"] == one["hypothesis_id"]]
            named = {groups[piece] for cell in cells for piece in cell.get("evidence", [])}
            assert (one["sources"] or [], one["n_sources"]) == (sorted(named), len(named)), (name, one)


def test_every_affected_artifact_of_the_worked_records_is_traced_to_its_cause(worked) -> None:
    ways = worked.execute(
        "SELECT record_id, name, steps_from_cause FROM marts.lineage WHERE role = 'affected' "
        "AND record_id IN ('INC-2026-0158', 'INC-2026-0171', 'INC-2026-0209') ORDER BY ALL"
    ).fetchall()
    assert ways == [
        ("INC-2026-0158", "credit-limit", 3), ("INC-2026-0158", "limit-service", 4),
        ("INC-2026-0171", "fraud-scoring", 1),
        ("INC-2026-0209", "card-fraud", 3), ("INC-2026-0209", "fraud-scoring", 4),
    ]  # fmt: skip


def test_what_is_past_its_day_on_T_is_said_to_be(worked: duckdb.DuckDBPyConnection) -> None:
    first = "WHERE record_id = 'INC-2026-0158'"
    overdue = worked.execute(f"SELECT position, is_overdue, days_overdue FROM marts.follow_ups {first} ORDER BY 1")
    assert overdue.fetchall() == [(1, False, None), (2, True, 7)]  # of 30 November, T is 7 December
    risks = worked.execute(f"SELECT expires_on::VARCHAR, is_expired FROM marts.accepted_risks {first} ORDER BY 1")
    assert risks.fetchall() == [("2026-09-09", True), ("2026-11-30", True)]
    rehearsed = worked.execute(f"SELECT scenario_id, days_since_run FROM marts.scenarios {first} ORDER BY ALL")
    assert rehearsed.fetchall() == [("SC1", 62), ("SC2", 62), ("SC3", 62)]  # 6 October


def test_the_fields_of_a_domain_pack_are_there_as_they_were_written(worked: duckdb.DuckDBPyConnection) -> None:
    rows = worked.execute(
        "SELECT field, position, value, state FROM marts.domain_fields WHERE record_id = 'INC-2026-0158'"
    ).fetchall()
    written = RECORDS["INC-2026-0158"]["domain_fields"]
    found = {(field, position): value or state for field, position, value, state in rows}
    assert found.pop(("model_risk_tier", None)) == written["model_risk_tier"]
    for name in ("loss", "regulator"):
        for key, value in written[name].items():
            assert found.pop((f"{name}.{key}", None)) == value
    for place, entry in enumerate(written["regulatory"], start=1):
        for key, value in entry.items():
            assert found.pop((f"regulatory[].{key}", place)) == value
    assert found == {}


def test_no_person_is_in_any_mart_not_even_as_a_pseudonym(worked: duckdb.DuckDBPyConnection) -> None:
    people = [name for (name,) in worked.execute("SELECT DISTINCT person FROM raw.participants").fetchall()]
    assert len(people) > 5 and all(people)
    for mart in models.marts():
        text = worked.execute(f"SELECT string_agg(to_json(m)::VARCHAR, '') FROM marts.{mart} AS m").fetchone()[0] or ""
        assert [name for name in people if name in text] == [], mart
    counted = worked.execute("SELECT sum(n_entries), sum(n_persons) FROM marts.participation").fetchone()
    assert counted[0] == sum(len(entries(one, "participants")) for one in RECORDS.values()) >= counted[1] > 0


def test_teams_services_and_codes_count_what_the_records_name(worked: duckdb.DuckDBPyConnection) -> None:
    paths = ("actions.owner_team", "root_causes.owner_team", "contributing_factors.owner_team", "participants.team")
    teams = {team for one in RECORDS.values() for path in paths for team in entries(one, path)}
    assert {team for (team,) in worked.execute("SELECT team FROM marts.teams").fetchall()} == teams
    services = {name for one in RECORDS.values() for name in entries(one, "scope.services")}
    assert {name for (name,) in worked.execute("SELECT service FROM marts.services").fetchall()} >= services
    uses = worked.execute("SELECT sum(n_root_causes), count(*) FILTER (n_records = 0) > 0 FROM marts.codes").fetchone()
    assert uses == (sum(len(entries(one, "root_causes")) for one in RECORDS.values()), True)


def test_the_quality_of_a_month_adds_up_to_the_findings(worked: duckdb.DuckDBPyConnection) -> None:
    worse = worked.execute(
        "SELECT rule, sum(broken)::INT FROM marts.quality_trend WHERE broken > 0 GROUP BY ALL"
    ).fetchall()
    found = worked.execute("SELECT rule, count(DISTINCT record_id) FROM marts.findings GROUP BY ALL").fetchall()
    assert sorted(worse) == sorted(found)
    judged, most = worked.execute("SELECT sum(judged), max(judged) FROM marts.quality_trend").fetchone()
    assert judged > 50 and most <= len(RECORDS)


def test_a_published_record_that_is_changed_gets_an_addendum(project: Project, monkeypatch) -> None:
    name = "INC-2026-0209.yml"
    text = (ROOT / "examples/records" / name).read_text()
    project.write(name, text)
    monkeypatch.setenv("FAULTLINES_NOW", "2026-11-16T06:00:00Z")
    project.ingest()
    later = yaml.load(text, yaml.BaseLoader) | {"title": "Another title", "revision": 9}
    del later["related"]
    later["follow_ups"][1]["result"] = "Looked at early"
    project.write(name, yaml.safe_dump(later, sort_keys=False))
    monkeypatch.setenv("FAULTLINES_NOW", "2026-11-18T06:00:00Z")
    with connect(build(project.settings), read_only=True) as con:
        (addendum,) = con.execute(
            "SELECT revision_number, days_after_publication, changed_parts FROM marts.addenda"
        ).fetchall()
        history = con.execute("SELECT generation, files_read, accepted FROM marts.ingest_history ORDER BY 1").fetchall()
    assert addendum[:2] == (9, 2) and set(addendum[2]) == {"title", "related", "follow_ups"}
    assert history == [(1, 1, 1), (2, 1, 1)]


def test_spellings_circles_and_words_in_place_of_names_do_no_harm(project: Project) -> None:
    artifacts = [
        {"id": f"AR{n}", "kind": "pipeline", "name": f"p{n}", "role": role, "derived_from": [f"AR{(n + 1) % 60}"]}
        for n, role in enumerate(["cause", *["carrier"] * 58, "affected"])
    ]
    hostile = record(1, context={"artifacts": artifacts})
    hostile["scope"] |= {"services": ["Search", "search ", "unknown"], "models": ["unknown"]}
    hostile["actions"] = [
        {"id": "A1", "title": "a", "owner_team": "Caf\u00e9 Team"},
        {"id": "A2", "title": "b", "owner_team": "cafe\u0301  team"},
    ]
    hostile["related"] = [
        {"id": "INC-2026-99999", "relation": "duplicate"},
        {"id": hostile["id"], "relation": "variant"},
    ]
    project.write("hostile.yml", hostile)
    with connect(build(project.settings), read_only=True) as con:
        services = con.execute("SELECT service_key, n_spellings, n_affected FROM marts.services").fetchall()
        teams = con.execute("SELECT team_key, n_spellings, n_actions FROM marts.teams").fetchall()
        scopes = con.execute("SELECT kind, name FROM marts.scopes ORDER BY ALL").fetchall()
        links = con.execute("SELECT related_id, is_known FROM marts.related ORDER BY ALL").fetchall()
        walked = con.execute(
            "SELECT count(*), max(steps_from_cause), max(steps_from_cause) FILTER (is_traced_to_cause) "
            "FROM marts.lineage"
        ).fetchone()
    assert services == [("search", 2, 1)] and teams == [("caf\u00e9 team", 2, 2)]
    assert scopes == [("service", "Search"), ("service", "search ")]
    assert links == [("INC-2026-00001", True), ("INC-2026-99999", False)]
    assert walked == (60, 59, 1)  # the affected one is derived from the cause, which closes the circle


def test_the_past_of_a_generation_of_an_older_contract_can_be_built(project: Project, monkeypatch) -> None:
    for number, moment in enumerate(("2026-11-16T06:00:00Z", "2026-11-18T06:00:00Z")):
        monkeypatch.setenv("FAULTLINES_NOW", moment)
        project.write(f"{number}.yml", record(number))
        project.ingest()
    published, _ = generations.published(project.settings.state)
    with connect(published) as con:
        con.execute("DROP TABLE raw.words; ALTER TABLE raw.actions DROP COLUMN measure")
    with connect(as_known_on(project.settings, "2026-11-17T00:00:00Z", print), read_only=True) as con:
        assert con.execute("SELECT record_id FROM marts.incidents").fetchall() == [("INC-2026-00000",)]


def test_the_marts_are_the_same_whatever_the_order_of_the_rows_below_them(worked, tmp_path: Path) -> None:
    (path,) = worked.execute("SELECT path FROM duckdb_databases() WHERE NOT internal").fetchone()
    (tmp_path / "work").mkdir()
    shuffled = tmp_path / "work" / "warehouse.duckdb"
    shutil.copyfile(path, shuffled)
    with connect(shuffled) as con:
        for (table,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'raw'").fetchall():
            con.execute(f"CREATE TABLE raw.turned AS FROM raw.{table} ORDER BY rowid DESC")
            con.execute(f"DROP TABLE raw.{table}; ALTER TABLE raw.turned RENAME TO {table}")
        con.execute("CREATE TABLE marts.of_an_older_version AS SELECT 1")  # which a build takes away
    models.build(tmp_path)
    with connect(shuffled, read_only=True) as con:
        assert content.hashes(con) == content.hashes(worked)
