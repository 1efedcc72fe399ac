"""`faultlines gaps` counted again in Python, from the records as the files hold them and the contract's own list."""

from __future__ import annotations

from collections import Counter, defaultdict

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines import questions, shell
from pipelines.analysis import intervals
from pipelines.cli import app
from pipelines.contract import bundle
from pipelines.contract.asked import required_at

BUNDLE = bundle.load()
ASKED = required_at(BUNDLE)
STAGES = BUNDLE["properties"]["stage"]["enum"]
COUNTED: dict[str, dict[str, str]] = {}  # of each record, once for all tests
SAYS_WHY = ("unknown", "not_applicable", "withheld")


def leaves(value, path=""):
    """Every written path with its value; a list is there by itself, an empty one too."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from leaves(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        yield path, "a list"
        for child in value:
            yield from leaves(child, f"{path}[]")
    else:
        yield path, value


def answers(record):
    """Asked field -> what became of it, for the record's own stage and the next."""
    if record["id"] not in COUNTED:
        COUNTED[record["id"]] = dict(answered(record))
    return COUNTED[record["id"]]


def answered(record):
    written = defaultdict(set)
    for path, value in leaves(record):
        written[path].add(value if value in SAYS_WHY else "answered")
    upto = STAGES.index(record["stage"]) + 1
    for one in ASKED:
        is_of = one.category in (None, record.get("category")) and one.domain in (None, record.get("domain"))
        entry = one.field.rpartition("[].")[0]
        has_entry = not entry or any(path.startswith(f"{entry}[]") for path in written)
        if STAGES.index(one.stage) <= upto and is_of and has_entry:
            below = (f"{one.field}.", f"{one.field}[")
            said = set().union(*(words for at, words in written.items() if at == one.field or at.startswith(below)))
            yield one.field, next((word for word in ("answered", *SAYS_WHY) if word in said), "absent")


def counted(records, name_of):
    """Name -> the answer of the question: records, asked, each answer, the field that is absent most often."""
    groups = defaultdict(list)
    for each in records:
        for field, answer in answers(each).items():
            for name in name_of(each, field):
                groups[name].append((each["id"], field, answer))
    expected = {}
    for name, rows in groups.items():
        tally = Counter(answer for *_, answer in rows)
        absent = Counter(field for _, field, answer in rows if answer == "absent")
        most = min(absent, key=lambda field: (-absent[field], field), default=None)
        kinds = [tally[word] for word in ("answered", *SAYS_WHY, "absent")]
        expected[name] = (len({identity for identity, *_ in rows}), len(rows), *kinds, most)
    return expected


def lacked(expected):
    """Without the fields that every record answers."""
    return {name: row for name, row in expected.items() if row[2] < row[1]}


def teams(record):
    named = {person.get("team") for person in record.get("participants", [])}
    named |= {
        cause.get("owner_team")
        for section in ("root_causes", "contributing_factors", "triggers")
        for cause in record.get(section, [])
    }
    return {team for team in named if team and team not in SAYS_WHY} or {"no team named"}


BY = {
    "field": lambda record, field: [field],
    "stage": lambda record, field: [record["stage"]],
    "category": lambda record, field: [record["category"]],
    "team": lambda record, field: teams(record),
}


def shown(rows):
    kinds = ("records", "asked", "answered", *SAYS_WHY, "absent", "most_absent")
    return {row["name"]: tuple(row[kind] for kind in kinds) for row in rows}


@pytest.mark.parametrize("grouped_by", BY)
def test_what_is_asked_answered_stated_and_absent_adds_up_to_what_the_files_hold(simulated, grouped_by):
    rows = simulated.answer("gaps", grouped_by=grouped_by)
    known = {identity for (identity,) in simulated.con.execute("select record_id from marts.incidents").fetchall()}
    records = [each for identity, each in simulated.organisation.records.items() if identity in known]
    assert len(records) == len(known) > 300
    expected = counted(records, BY[grouped_by])
    assert shown(rows) == (lacked(expected) if grouped_by == "field" else expected)
    assert grouped_by != "field" or len(rows) < len(expected), "a field that nobody lacks is no gap"
    assert all(row["asked"] == sum(shown([row])[row["name"]][2:7]) for row in rows)
    order = [(-row["share_absent"], -row["absent"]) for row in rows]
    assert order == sorted(order) and all(row["share_low"] <= row["share_absent"] <= row["share_high"] for row in rows)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"only_stage": "review"}, lambda record: record["stage"] == "review"),
        ({"only_category": "data_quality_anomaly"}, lambda record: record["category"] == "data_quality_anomaly"),
        ({"only_team": "routing"}, lambda record: "routing" in teams(record)),
    ],
)
def test_a_choice_of_records_leaves_the_others_out(simulated, given, kept):
    records = [each for each in simulated.organisation.records.values() if kept(each)]
    assert records and shown(simulated.answer("gaps", **given)) == lacked(counted(records, BY["field"]))


TABLES = """
create schema raw; create schema marts;
create table raw.words as select 'stages' as vocabulary, unnest(range(1, 6)) as position,
    unnest(['imported', 'draft', 'review', 'published', 'verified']) as word;
create table raw.contract_fields as
    select field, 'any' as section, stage, null::varchar as category, null::varchar as domain from (values
        ('title', 'imported'), ('scope.models', 'draft'), ('actions', 'review'), ('actions[].due_on', 'review'),
        ('actions[].kind', 'review'), ('actions[].owner_team', 'review'), ('lessons', 'published')) as f (field, stage);
create table raw.fields as select * from (values
    (1, 'title'), (2, 'scope.models[]'), (3, 'actions[].due_on'), (4, 'actions[].kind'), (5, 'title_note')
    ) as f (field_id, field);
create table raw.presence as select * from (values
    ('A', 'a2', [4, 5]), ('A', 'a1', [1, 2]), ('B', 'b', [1])) as f (record_id, revision_id, field_ids);
create table raw.field_states as select * from (values
    ('A', 'a2', 'scope.models[]', 'not_applicable'), ('A', 'a2', 'actions[].kind', 'unknown'),
    ('B', 'b', 'actions[].due_on', 'withheld'), ('A', 'a1', 'title', 'unknown')
    ) as f (record_id, revision_id, field, state);
create table marts.incidents as select record_id, revision_id, 'draft' as stage, null::varchar as category,
    null::varchar as domain from (values ('A', 'a2'), ('B', 'b')) as f (record_id, revision_id);
create table marts.participation as select 'A' as record_id, 'search' as team;
create table marts.causes as select 'A' as record_id, 'search' as owner_team;
"""


@pytest.fixture(scope="module")
def hand_made():
    """Two drafts: A, whose first revision said other things, and B, whose only action is a state word."""
    with duckdb.connect() as con:
        con.execute(TABLES)
        intervals.define(con)
        yield con


def test_only_the_revision_known_now_answers_and_a_value_beside_a_state_word_is_an_answer(hand_made):
    cursor = hand_made.execute(questions.named("gaps").text)
    columns = [column[0] for column in cursor.description]
    found = {row[0]: dict(zip(columns, row, strict=True)) for row in cursor.fetchall()}
    kinds = ("asked", "answered", *SAYS_WHY, "absent")
    assert {name: tuple(row[kind] for kind in kinds) for name, row in found.items()} == {
        "title": (2, 1, 0, 0, 0, 1),
        "scope.models": (2, 0, 0, 1, 0, 1),
        "actions": (2, 1, 0, 0, 1, 0),
        "actions[].due_on": (2, 0, 0, 0, 1, 1),
        "actions[].kind": (2, 1, 0, 0, 0, 1),
        "actions[].owner_team": (2, 0, 0, 0, 0, 2),
    }, "lessons are asked two stages on"


def test_without_a_warehouse_the_command_says_which_one_comes_first(project):
    done = CliRunner().invoke(app, ["gaps", "--by", "team", "--project", str(project.home)])
    assert done.exit_code == 3 and "`faultlines run` makes one" in done.stderr
    done = CliRunner().invoke(app, ["gaps", "--by", "person", "--project", str(project.home)])
    assert done.exit_code == 2 and "takes field, team, category, stage, not 'person'" in done.stderr


def test_what_may_be_set_is_shown_in_the_options_of_the_command(project, monkeypatch):
    monkeypatch.setattr(shell, "as_known_on", lambda *_: None)
    monkeypatch.setattr(shell, "rows_of", lambda *_: (["name"], []))
    home = str(project.home)
    done = CliRunner().invoke(app, ["gaps", "--by", "team", "--project", home])
    assert done.exit_code == 0 and "--set" not in done.stderr
    assert "\n  --by team  one of field, team, category, stage\n" in done.stderr and "\n  --team …  " in done.stderr
    assert "--set grouped_by=field" in CliRunner().invoke(app, ["query", "gaps", "--project", home]).stderr
