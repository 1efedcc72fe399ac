"""A wrong catalogue or expectations file is a clear error that names the rule and the key, before any SQL runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.quality import expectations, record_quality, rules
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
"""
HEAD = "concerns: {people: x}\nids: {actions: ['actions[].id']}\nlinks: {}\nwordings: {sloppy: calm}\nrules:\n"


def catalogue(tmp_path: Path, rule: str = RULE, head: str = HEAD, name: str = "PM901") -> rules.Catalogue:
    path = tmp_path / "rules.yml"
    path.write_text(f"{head}  {name}:{rule}")
    return rules.load(path)


def test_a_small_catalogue_is_read(tmp_path):
    (rule,) = catalogue(tmp_path).rules
    assert (rule.id, rule.applies, rule.threshold) == ("PM901", "true", rules.Threshold(0.5, "critical", 1))


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


ENTRY = "      - {expect: expect_column_values_to_not_be_null, column: title, severity: critical, reason: r}\n"
FRAME = f"""frames:
  records:
    sql: SELECT record_id, title FROM raw.records
    expectations:
{ENTRY}"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("to_not_be_null", "to_be_nice", "frame records: `expect` is 'expect_column_values_to_be_nice'"),
        ("reason: r", "raison: r", "unknown key `raison`"),
        (", reason: r", "", "key `reason` is missing"),
        ("severity: critical", "severity: high", "`severity` is 'high'"),
        ("    sql:", "    query:", "frame records: the keys are sql and expectations"),
        (ENTRY, ENTRY * 2, "records_title_not_be_null is there twice"),
    ],
)
def test_a_wrong_expectation_is_named(tmp_path, old, new, says):
    assert old in FRAME
    path = tmp_path / "expectations.yml"
    path.write_text(FRAME.replace(old, new))
    with pytest.raises(rules.CatalogueError) as error:
        expectations.load(catalogue(tmp_path), bundle.load(), path)
    assert says in str(error.value)


def test_the_shipped_expectations_have_names_dagster_takes():
    names = [each.id for each in expectations.load(rules.load(), bundle.load()).expectations]
    assert all(name.replace("_", "").isalnum() for name in names)
    assert len(names) == len(set(names))
