"""Every rule of schemas/rules.yml on records that keep it, break it, and that it does not concern.

Here: `CASES`, one entry per rule, some of them from quality_cases.py. Not here: how verdicts become a gate
(test_quality_gate.py).
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.ingest import people
from pipelines.quality import record_quality, rules
from tests.unit.quality_cases import CASES as MORE
from tests.unit.quality_cases import Case, at, published
from tests.unit.quality_raw import RECEIVED, add, raw_tables

CATALOGUE = rules.load()
SECTIONS = Path(rules.CATALOGUE).parent / "sections"
START, LATER, BEFORE = "2026-05-04T06:40Z", "2026-05-04T08:00Z", "2026-05-04T06:39Z"


def order(first: str, second: str, **more) -> Case:
    """A rule of two instants: later keeps it, the minute before breaks it, one of the two alone is not judged."""
    return Case(
        keeps=[at(**{first: START, second: LATER}), at(**{first: START, second: START}), *more.pop("keeps", [])],
        breaks=at(**{first: START, second: BEFORE}),
        silent=at(**{more.pop("alone", second): LATER}),
        field=more.pop("field", f"chronology.{second}"),
        **more,
    )


def matrix(**cell) -> dict:
    held = {
        "symptoms": [{"id": "S1", "text": "slow"}],
        "hypotheses": [{"id": "H1", "statement": "a leak", "state": "open"}],
    }
    return {"evidence": [{"id": "E1", "kind": "log"}], "analysis": {**held, "matrix": [cell]}}


def supported(*groups: str, **more) -> dict:
    pieces = [{"id": f"E{n}", "kind": "log", "source_group": group} for n, group in enumerate(groups)]
    cell = {"symptom": "S1", "hypothesis": "H1", "evidence": [piece["id"] for piece in pieces], "consistency": "for"}
    hypothesis = {"id": "H1", "statement": "a leak", "state": "supported", **more}
    symptoms = [{"id": "S1", "text": "slow"}]
    return {"evidence": pieces, "analysis": {"symptoms": symptoms, "hypotheses": [hypothesis], "matrix": [cell]}}


DONE = {"id": "A1", "title": "Check units", "status": "done"}
CAUSE = {"id": "RC1", "code": "schema_change"}
SECRET = "ghp_" + "a1B2" * 9
DATE_AND_CLOCK = at(impact_started_at="2026-05-04T06:40Z", resolved_at="2026-05-04")
SAME_DAY = at(impact_started_at="2026-05-04", resolved_at="2026-05-04")
MONTH_ONLY = at(impact_started_at="2026-05-04", resolved_at="2026-05")
OTHER_ZONE = at(impact_started_at="2026-05-05", resolved_at="2026-05-04T22:30Z")

CASES = {
    "PM101": order("impact_started_at", "resolved_at", says=f"resolved {BEFORE}, before the impact began {START}",
                   keeps=[DATE_AND_CLOCK, SAME_DAY, MONTH_ONLY, OTHER_ZONE]),
    "PM102": order("impact_started_at", "mitigated_at", says="before the impact began"),
    "PM103": order("impact_started_at", "detected_at", says="before the impact began"),
    "PM104": order("detected_at", "acknowledged_at", says="before it was detected"),
    "PM105": order("detected_at", "mitigated_at", says="before anybody took it up"),
    "PM106": order("mitigated_at", "resolved_at", says="before it was mitigated"),
    "PM107": order("resolved_at", "closed_at", says="before it was resolved"),
    "PM108": order("introduced_at", "impact_started_at", says="after the impact began",
                   field="chronology.introduced_at"),
    "PM109": Case([at(detected_at="2026-11-20")], at(detected_at="2027-01-05"), "chronology", "2027-01-05 lies after",
                  silent={"record_kind": "maintenance", **at(impact_started_at="2027-01-05T10:00Z")}),
    "PM110": Case([at(detected_at="2000-01-01")], at(detected_at=START, introduced_at="1970-01-01"), "chronology",
                  "1970-01-01 lies before 2000"),
    "PM111": Case([{"timeline": [{"at": START, "event": "a"}]}],
                  {"timeline": [{"at": START, "event": "a"}, {"at": "2062-05-04", "event": "b"},
                                {"at": "1970-01-01", "event": "c"}]},
                  "timeline[1].at", "the row of 2062-05-04", silent={"timeline": [{"event": "no time"}]}, times=2),
    "PM112": Case([at(impact_started_at="2026-05-04", introduced_at="1998-01-01")], at(detected_at="1970-01-01T00:00Z"),
                  "chronology", "starts before 2000 or after",
                  silent={"record_kind": "maintenance", **at(impact_started_at="2027-01-05")}),
    "PM201": Case([published(root_causes=[{**CAUSE, "evidence": ["E1"]}])],
                  published(root_causes=[{**CAUSE, "evidence": ["unknown"]}]), "root_causes[0].evidence",
                  "root cause RC1 names no evidence", silent={"stage": "review", "root_causes": [CAUSE]}),
    "PM202": Case([published(root_causes=[CAUSE], actions=[{"id": "A1", "prevents": ["RC1"], "status": "accepted"}])],
                  published(root_causes=[CAUSE], actions=[{"id": "A1", "prevents": ["RC1"], "status": "rejected"}]),
                  "root_causes[0].id", "no action prevents root cause RC1",
                  silent={"stage": "review", "root_causes": [CAUSE]}),
    "PM203": Case([published(actions=[{**DONE, "verify_on": ["2026-11-20"]}]),
                   published(actions=[{**DONE, "verifications": [{"on": "2026-07-10", "result": "held"}]}])],
                  published(actions=[{**DONE, "status": "accepted"}, {**DONE, "verify_on": ["2026-11-19"]}]),
                  "actions[1].verifications", "action A1 is done, was never verified",
                  silent=published(actions=[{**DONE, "status": "in_progress"}])),
    "PM204": Case([published(actions=[{**DONE, "scope": {"models": ["credit-limit"]}}])],
                  published(actions=[DONE]), "actions[0].scope", "action A1 names no service",
                  silent=published(actions=[{**DONE, "status": "rejected"}])),
    "PM301": Case([matrix(symptom="S1")], matrix(symptom="S9"), "analysis.matrix[0].symptom",
                  "analysis.matrix[0].symptom names S9", silent=matrix(symptom="unknown")),
    "PM302": Case([matrix(hypothesis="H1")], matrix(hypothesis="H9"), "analysis.matrix[0].hypothesis", "names H9"),
    "PM303": Case([matrix(evidence=["E1"])],
                  {"actions": [DONE, {**DONE, "id": "A2", "verifications": [{"evidence": ["E7", "E8"]}]}]},
                  "actions[1].verifications[0].evidence", "names E7", times=2),
    "PM304": Case([{"triggers": [CAUSE], "actions": [{"id": "A1", "prevents": ["RC1"]}]}],
                  {"actions": [{"id": "A1", "prevents": ["RC1"]}]}, "actions[0].prevents", "names RC1"),
    "PM305": Case([{"context": {"artifacts": [{"id": "AR1"}, {"id": "AR2", "derived_from": ["AR1"]}]}}],
                  {"levers": {"lineage": {"entered_at": "AR1"}}}, "levers.lineage.entered_at", "names AR1"),
    "PM306": Case([{"signals": [{"id": "SG1"}], "scenarios": [{"id": "SC1", "signal": "SG1"}]}],
                  {"scenarios": [{"id": "SC1", "signal": "SG1"}]}, "scenarios[0].signal", "names SG1"),
    "PM307": Case([{"actions": [{"id": "A1"}, {"id": "A2"}]}, {"actions": [{"id": "X"}], "evidence": [{"id": "X"}]}],
                  {"actions": [{"id": "A1"}, {"id": "A1"}]}, "actions[1].id",
                  "the id A1 is given 2 times among the actions"),
    "PM401": Case([{"evidence": [{"id": "E1", "query": "select 1", "expected": {"value": 1}}]}],
                  {"evidence": [{"id": "E1", "query": "select 1"}]}, "evidence[0].expected", "evidence E1 has a query",
                  silent={"evidence": [{"id": "E1", "kind": "log"}]}),
    "PM402": Case([supported("feature-store", "ci"), supported("ci", single_source_reason="There is one log."),
                   {**supported("ci"), "interviews": [{"role": "operations", "statements": [{"supports": ["H1"]}]}]}],
                  supported("ci", "ci"), "analysis.hypotheses[0].state", "hypothesis H1 is called supported",
                  silent=matrix(hypothesis="H1")),
    "PM403": Case([{"related": [{"id": "PM403-EARLIER", "relation": "recurrence"}], **at(impact_started_at=START)}],
                  {"related": [{"id": "PM403-LATER", "relation": "recurrence"}], **at(impact_started_at=START)},
                  "related[0].id", "a recurrence of PM403-LATER", silent={"related": [{"relation": "variant"}]},
                  beside=[{"id": "EARLIER", **at(impact_started_at="2026-01")},
                          {"id": "LATER", **at(impact_started_at="2026-09")}]),
    "PM501": Case([{"title": "git clone git@host, image@sha256:9f2c"}], {"lessons": {"lucky": ["ask jo@example.com"]}},
                  "lessons.lucky[0]", "an e-mail address stands in lessons.lucky[0]", silent=None),
    "PM502": Case([{"title": f"commit {'9f2c1e7d' * 5}, id 123e4567-e89b-12d3-a456-426614174000"}],
                  {"timeline": [{"at": START, "event": f"logged in with {SECRET}"}]}, "timeline[0].event",
                  "a key, token or password stands in timeline[0].event", silent=None),
    "PM503": Case([{"participants": [{"person": "person-0123456789ab"}]}], {"title": "seen by person-0123456789ab"},
                  "title", "a name or an e-mail address was replaced by a pseudonym in title", silent=None),
    "PM504": Case([{"title": "No secret removed"}], {"title": "The token [secret removed] leaked"}, "title",
                  "a key, token or password stood in title", silent=None),
    "PM505": Case([{"title": "The operator typed 10 instead of 1"}], {"title": "Human-Error, carelessness"}, "title",
                  "«human-error» judges a person; say instead: what the person saw",
                  silent={"stage": "imported", "title": "Human error"}),
    "PM506": Case([{"title": "Call the on-call phone"}], {"title": "Call [phone number removed]"}, "title",
                  "a phone or account number stood in title", silent=None),
    "PM601": Case([{"revision": 1}], {"revision": 2, "title": "mine"}, "revision", "revision 2 of this record exists",
                  beside=[{"id": "BREAKS", "revision": 2, "title": "yours"}, {"id": "KEEPS-0", "revision": 2}]),
} | MORE  # fmt: skip


def draft(record_id: str, record: dict) -> dict:
    return {"id": record_id, "title": "A model approved too much", "stage": "draft", **record}


def records_of(rule: str) -> list[dict]:
    case = CASES[rule]
    found = [draft(f"{rule}-KEEPS-{n}", record) for n, record in enumerate(case.keeps)]
    found += [
        draft(f"{rule}-{other['id']}", {key: other[key] for key in other if key != "id"}) for other in case.beside
    ]
    return [
        *found,
        draft(f"{rule}-BREAKS", case.breaks),
        *([draft(f"{rule}-SILENT", case.silent)] if case.silent is not None else []),
    ]


def judged(*records: dict):
    con = raw_tables()
    add(con, *records)
    record_quality.apply(con, CATALOGUE)
    return con


def verdict(con, rule: str, record_id: str) -> set:
    rows = con.execute(f"SELECT {rule} FROM quality.record_quality WHERE record_id = ?", [record_id]).fetchall()
    return {n for (n,) in rows}


@pytest.fixture(scope="module")
def warehouse():
    """Every record of every case in one warehouse, judged once; read only."""
    return judged(*[record for rule in CASES for record in records_of(rule)])


def test_every_rule_has_its_cases():
    assert sorted(CASES) == [rule.id for rule in CATALOGUE.rules]


@pytest.mark.parametrize("rule", sorted(CASES))
def test_a_rule_passes_breaks_and_keeps_silent_where_it_should(warehouse, rule):
    case = CASES[rule]
    for n in range(len(case.keeps)):
        assert verdict(warehouse, rule, f"{rule}-KEEPS-{n}") == {0}
    assert case.times in verdict(warehouse, rule, f"{rule}-BREAKS")
    if case.silent is not None:
        assert verdict(warehouse, rule, f"{rule}-SILENT") == {None}
    found = warehouse.execute(
        "SELECT severity, field, message FROM quality.findings WHERE rule = ? AND record_id = ? "
        "ORDER BY position, field, message",
        [rule, f"{rule}-BREAKS"],
    ).fetchall()
    assert len(found) >= case.times
    severity, place, message = found[0]
    assert severity == next(each.severity for each in CATALOGUE.rules if each.id == rule)
    assert place == case.field
    assert case.says in message


def test_no_finding_says_a_secret_or_an_address_aloud(warehouse):
    said = json.dumps(warehouse.execute("FROM quality.findings").fetchall())
    assert "PM501" in said and "PM502" in said
    assert SECRET not in said and "jo@example.com" not in said


def test_a_broken_rule_tells_in_sql_which_measures_it_sets_aside(warehouse):
    rows = warehouse.execute(
        "SELECT rule, sets_aside FROM quality.findings JOIN quality.rules USING (rule) WHERE record_id IN "
        "('PM101-BREAKS', 'PM103-BREAKS') ORDER BY rule"
    ).fetchall()
    assert rows == [("PM101", ["detect", "acknowledge", "mitigate", "resolve"]), ("PM103", ["detect"])]


def test_every_name_that_points_to_an_id_of_the_contract_is_a_link_of_the_catalogue():
    assert set(_references()) == set(CATALOGUE.links)


def _references():
    for file in SECTIONS.glob("*.schema.json"):
        yield from _references_in(json.loads(file.read_text())["properties"], "")


def _references_in(properties: dict, prefix: str):
    for name, node in properties.items():
        path, items = prefix + name, node.get("items", {})
        if "#/definitions/reference" in (node.get("$ref"), items.get("$ref")):
            yield path
        yield from _references_in(node.get("properties", {}), f"{path}.")
        yield from _references_in(items.get("properties", {}), f"{path}[].")


def test_what_ingestion_has_cleaned_passes_the_gate_for_addresses_and_secrets():
    dirty = draft("X", {"title": f"jo@example.com used {SECRET} at https://jo:pa55@example.com/ and AKIA{'A1' * 8}"})
    con = judged(people.protect(dirty, b"key"))
    assert verdict(con, "PM501", "X") == verdict(con, "PM502", "X") == {0}
    assert verdict(con, "PM503", "X") == verdict(con, "PM504", "X") == {1}


def test_judging_only_what_is_new_ends_where_judging_everything_ends():
    con = raw_tables()
    add(con, *[record for rule in CASES for record in records_of(rule) if not record["id"].startswith("PM403-E")])
    record_quality.apply(con, CATALOGUE, only_new=True)
    before = _tables(con)
    assert verdict(con, "PM403", "PM403-KEEPS-0") == {1} and verdict(con, "PM601", "PM601-KEEPS-0") == {0}
    # a month later: a verify_on has passed, the earlier record has come, and revision 1 with another content
    con.execute("UPDATE raw.as_of SET as_of = ?", [RECEIVED + timedelta(days=30)])
    second = draft("PM601-KEEPS-0", {"revision": 1, "title": "yours"})
    add(con, draft("PM403-EARLIER", at(impact_started_at="2026-01")), second, generation=2)
    record_quality.apply(con, CATALOGUE, only_new=True)
    after = _tables(con)
    record_quality.apply(con, CATALOGUE)
    assert after == _tables(con) != before
    assert verdict(con, "PM203", "PM203-KEEPS-0") == {1}
    assert verdict(con, "PM403", "PM403-KEEPS-0") == {0}
    assert verdict(con, "PM601", "PM601-KEEPS-0") == {0, 1}  # its revision 2 has one content


def test_a_revision_that_was_forgotten_leaves_no_verdict():
    con = judged(draft("X", CASES["PM101"].breaks))
    for table in ("revisions", "records"):
        con.execute(f"DELETE FROM raw.{table}")
    record_quality.apply(con, CATALOGUE, only_new=True)
    assert _tables(con) == ([], [])


def test_rows_come_in_the_same_order_whatever_the_order_of_the_records(warehouse):
    back = judged(*reversed([record for rule in CASES for record in records_of(rule)]))
    for table in ("findings", "record_quality"):
        assert warehouse.execute(f"FROM quality.{table}").fetchall() == back.execute(f"FROM quality.{table}").fetchall()


def test_the_session_zone_does_not_move_a_verdict():
    con = raw_tables()
    add(con, draft("X", MONTH_ONLY), draft("Y", CASES["PM101"].breaks), draft("Z", CASES["PM203"].keeps[0]))
    found = set()
    for zone in ("UTC", "Pacific/Kiritimati", "America/Los_Angeles"):
        con.execute(f"SET TimeZone = '{zone}'")
        record_quality.apply(con, CATALOGUE)
        found.add(str(_tables(con)))
    assert len(found) == 1


def _tables(con) -> tuple[list, list]:
    return tuple(con.execute(f"FROM quality.{name} ORDER BY ALL").fetchall() for name in ("record_quality", "findings"))
