"""A wrong catalogue or expectations file is a clear error that names the rule and the key, before any SQL runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.quality import expectations, record_quality, rules, thresholds
from tests.unit.quality_raw import add, raw_tables

RULE = """
    title: Titles are short
    severity: warning
    concern: people
    section: records
    violates: len(s.title) > 5
    field: title
    message: the title has {len(s.title)} letters
    reason: Long titles do not fit.
    fix: Cut it.
    threshold: {needed: 0.5, severity: critical}
    stage: imported
    passes: "title: Late"
    fails: "title: Far too late"
"""
HEAD = "concerns: {people: x}\nids: {actions: ['actions[].id']}\nlinks: {}\nwordings: {sloppy: calm}\nrules:\n"


def catalogue(tmp_path: Path, rule: str = RULE, head: str = HEAD, name: str = "PM901") -> rules.Catalogue:
    path = tmp_path / "rules.yml"
    path.write_text(f"{head}  {name}:{rule}")
    return rules.load(path)


def test_a_small_catalogue_is_read(tmp_path):
    (rule,) = catalogue(tmp_path).rules
    assert (rule.id, rule.applies, rule.threshold) == ("PM901", "true", rules.Threshold(0.5, "critical", 1))
    assert (rule.stage, rule.stages, rule.fails) == ("imported", (), "title: Far too late")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("violates:", "violate:", "rule PM901: unknown key `violate`"),
        ("    fix: Cut it.\n", "", "rule PM901: key `fix` is missing"),
        ("    reason: Long titles do not fit.", "    reason: ' '", "rule PM901: `reason` must be a text"),
        ("severity: warning\n", "severity: fatal\n", "rule PM901: `severity` is 'fatal'; write one of error, warning"),
        ("concern: people", "concern: persons", "rule PM901: `concern` is 'persons'; write one of people"),
        ("section: records", "section: raw.records; drop", "rule PM901: `section`"),
        ("needed: 0.5", "needed: 50", "rule PM901: `threshold.needed` is '50'"),
        ("severity: critical", "severity: error", "rule PM901: `threshold.severity` is 'error'"),
        ("{needed: 0.5, severity: critical}", "0.5", "rule PM901: threshold: must be a group of keys"),
        ("    fix:", "    sets_aside: [duration]\n    fix:", "rule PM901: `sets_aside` is 'duration'"),
        ("    fix:", "    sets_aside: detect\n    fix:", "rule PM901: `sets_aside` must be a list"),
        ("    fix:", "    depends_on: weather\n    fix:", "rule PM901: `depends_on` is 'weather'"),
        ("{len(s.title)}", "{len(s.title)", "rule PM901: `message` has braces that do not pair"),
        ("stage: imported", "stage: finished", "rule PM901: `stage` is 'finished'; write one of imported, draft"),
        ('"title: Late"', '"Late"', "rule PM901: `passes` must be a text that is YAML"),
        ('"title: Late"', '"title: [Late"', "rule PM901: passes:1: "),
        ("    title: Titles are short\n", "    title: a\n    title: b\n", "rules.yml:8: "),
    ],
)
def test_a_wrong_rule_is_named_with_its_key(tmp_path, old, new, says):
    assert old in RULE
    with pytest.raises(rules.CatalogueError) as error:
        catalogue(tmp_path, RULE.replace(old, new))
    assert says in str(error.value)


def test_a_rule_id_has_one_form(tmp_path):
    with pytest.raises(rules.CatalogueError, match="PM9011"):
        catalogue(tmp_path, name="PM9011")


def test_a_link_to_a_kind_of_id_that_does_not_exist_is_an_error(tmp_path):
    with pytest.raises(rules.CatalogueError, match=r"links: `actions\[\]\.prevents` is 'causes'"):
        catalogue(tmp_path, head=HEAD.replace("links: {}", "links: {'actions[].prevents': causes}"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("len(s.title) > 5", "len(s.titel) > 5"),
        ("{len(s.title)}", "{no_such(s.title)}"),
        ("section: records", "section: recordings"),
        ("len(s.title) > 5", "len(s.text) >"),
    ],
)
def test_a_rule_whose_sql_does_not_run_is_named(tmp_path, old, new):
    con = raw_tables()
    add(con, {"id": "X", "title": "A long title"})
    with pytest.raises(rules.CatalogueError, match="rule PM901: its SQL does not run"):
        record_quality.apply(con, catalogue(tmp_path, RULE.replace(old, new)))


def test_an_id_field_that_the_contract_lacks_is_named(tmp_path):
    rule = RULE.replace("section: records", "section: ids").replace("s.title", "s.id")
    with pytest.raises(rules.CatalogueError, match=r"ids: the contract has no field acts\[\]\.id"):
        record_quality.apply(raw_tables(), catalogue(tmp_path, rule, HEAD.replace("actions[].id", "acts[].id")))


def test_another_catalogue_judges_everything_anew(tmp_path):
    con = raw_tables()
    add(con, {"id": "X", "title": "A long title"})
    record_quality.apply(con, catalogue(tmp_path), only_new=True)
    record_quality.apply(con, catalogue(tmp_path, RULE.replace("> 5", "> 50")), only_new=True)
    assert con.execute("SELECT PM901 FROM quality.record_quality").fetchall() == [(0,)]
    assert con.execute("SELECT count(*) FROM quality.findings").fetchall() == [(0,)]


ENTRY = "      - {expect: expect_column_values_to_be_unique, column: title, severity: critical, reason: r}\n"
SUITE = f"""
frames:
  records:
    sql: SELECT record_id, title FROM raw.records
    expectations:
{ENTRY}
shares:
  enough: {{concern: counts, title: t, severity: critical, needed: 0.5, reason: r, fix: f, sql: SELECT 1}}
never_null:
  raw.records: [title]
drift:
  newest: 30
  at_most: 1000
  common: 0.5
  confidence: 0.999
  columns: {{raw.records: [category]}}
  except: []
  expectations:
    fades: {{concern: completeness, title: t, severity: warning, fall: 0.1, reason: r, fix: f}}
thresholds:
  PM901:
    - {{stage: imported, needed: 0.2, reason: r}}
history: {{runs: 10}}
"""


def suite(tmp_path: Path, text: str = SUITE, **of_sources: dict):
    path = tmp_path / "expectations.yml"
    path.write_text(text)
    return expectations.load(catalogue(tmp_path), bundle.load(), path, of_sources)


def test_a_small_suite_is_read(tmp_path):
    read = suite(tmp_path, feed=[{"of": "enough", "needed": 0, "severity": "warning"}])
    assert [each.id for each in read.expectations] == [
        "PM901",
        "records_title_be_unique",
        "enough",
        "never_null",
        "fades",
    ]
    assert read.overrides == (
        thresholds.Override("enough", {"needed": 0, "severity": "warning"}, source="feed"),
        thresholds.Override("PM901", {"needed": 0.2}, stage="imported"),
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("to_be_unique", "to_be_nice", "frame records: `expect` is 'expect_column_values_to_be_nice'"),
        ("critical, reason: r}", "critical, raison: r}", "unknown key `raison`"),
        ("critical, reason: r}", "critical}", "key `reason` is missing"),
        ("title, severity: critical", "title, severity: high", "`severity` is 'high'"),
        ("    sql: SELECT r", "    query: SELECT r", "frame records: the keys are sql and expectations"),
        (ENTRY, ENTRY * 2, "records_title_be_unique is there twice"),
        ("fix: f, sql", "sql", "share enough: key `fix` is missing"),
        ("needed: 0.5", "needed: 50", "share enough: `threshold.needed` is '50'"),
        ("t, severity: critical, needed", "t, severity: bad, needed", "share enough: `threshold.severity` is 'bad'"),
        ("raw.records: [title]", "records: [title]", "never_null: records must be a raw table with a list of columns"),
        ("newest: 30", "newest: 0", "drift: `newest` is '0'"),
        ("confidence: 0.999", "confidence: 1", "drift: `confidence` is '1'"),
        ("{raw.records: [category]}", "{raw.actions: [status]}", "drift: `columns` names columns of raw.records"),
        ("fall: 0.1", "fell: 0.1", "drift: fades: unknown key `fell`"),
        ("fall: 0.1", "fall: 10", "drift: fades: `fall` is '10'"),
        ("  PM901:\n", "  PM902:\n", "thresholds: there is no rule or share 'PM902'"),
        ("  PM901:\n", "  records_title_be_unique:\n", "there is no rule or share 'records_title_be_unique'"),
        (
            "{stage: imported, needed: 0.2, reason: r}",
            "{needed: 0.2, reason: r}",
            "PM901: an entry must say source, stage",
        ),
        ("stage: imported, needed: 0.2", "stage: imported", "PM901: an entry must say needed, severity or at_least"),
        ("needed: 0.2, reason: r", "needed: 0.2", "thresholds: PM901: key `reason` is missing"),
        ("needed: 0.2", "needed: two", "thresholds: PM901: `threshold.needed` is 'two'"),
        ("runs: 10", "runs: all", "history: `runs` is 'all'"),
        ("history:", "histories:", "unknown key `histories`"),
    ],
)
def test_a_wrong_expectation_is_named(tmp_path, old, new, says):
    assert old in SUITE
    with pytest.raises(rules.CatalogueError) as error:
        suite(tmp_path, SUITE.replace(old, new))
    assert says in str(error.value) and "expectations.yml" in str(error.value)


def test_a_source_that_names_an_unknown_rule_is_named_with_its_file(tmp_path):
    with pytest.raises(
        rules.CatalogueError, match=r"faultlines.yml: source feed: thresholds: .* 'PM999'.*PM901, enough"
    ):
        suite(tmp_path, feed=[{"of": "PM999", "needed": 0.1}])


def test_the_shipped_expectations_have_names_dagster_takes():
    shipped = expectations.load(rules.load(), bundle.load()).expectations
    names = [each.id for each in shipped]
    assert all(name.replace("_", "").isalnum() for each in shipped for name in (each.id, each.concern))
    assert len(names) == len(set(names))
