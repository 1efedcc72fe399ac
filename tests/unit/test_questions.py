"""Ready questions as files: their form, what may be set in them, and what is refused.

Not here: whether an answer is true (tests/integration/test_questions.py).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines import questions, shell
from pipelines.questions import Question
from pipelines.settings import SettingsError

CATALOGUE = questions.catalogue()
SQL = {name: re.sub(r"--.*", "", one.text) for name, one in CATALOGUE.items()}
EXAMPLE = """-- How many?
-- One row.
with asked as (
    select
        date '2000-01-01' as first_day,  -- the first
        2 as least,  -- of them
        1.5 as ratio,  -- at least
        'one''s' as text,
        'one' as word  -- one of one, other
)

select first_day, least, ratio, text, word, 2 as least_of_all from asked
order by 1
"""


@pytest.fixture
def example(tmp_path: Path) -> Question:
    (tmp_path / "example.sql").write_text(EXAMPLE)
    return Question(tmp_path / "example.sql")


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_file_begins_with_its_question_and_the_grain_of_its_answer(name):
    one = CATALOGUE[name]
    assert re.match(r"-- [A-Z].*\?\n-- One row\b.*\.\n", one.text)
    assert one.question.endswith("?") and one.grain.startswith("One row")


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_line_of_what_is_asked_is_a_parameter_with_a_meaning(name):
    one = CATALOGUE[name]
    found = questions.ASKED.search(one.text)
    assert len(one.parameters) == (len(found[1].splitlines()) if found else 0)
    assert bool(found) == ("with asked as" in one.text)
    assert all(parameter.meaning for parameter in one.parameters.values())


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_question_uses_each_of_its_parameters(name):
    below = questions.ASKED.sub("", SQL[name])
    assert [each for each in CATALOGUE[name].parameters if not re.search(rf"\b{each}\b", below)] == []


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_question_takes_a_mean_cuts_its_rows_or_leaves_their_order_open(name):
    assert not re.search(r"\b(avg|mean|limit|random|now|current_date)\b", SQL[name], re.IGNORECASE)
    assert name == "season" or re.search(r"^order by ", SQL[name], re.MULTILINE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_question_reads_a_person(name):
    assert not re.search(r"\b(person|n_persons|n_entries)\b", SQL[name])


def test_there_are_twenty_questions_about_trends_beside_those_about_work():
    work = {"set_aside", "unmapped_words", "broken_rules", "late_actions", "overdue_follow_ups", "expired_risks"}
    assert work < CATALOGUE.keys() and len(CATALOGUE.keys() - work) >= 20


def test_a_value_takes_the_place_of_the_one_in_the_file_and_of_nothing_else(example):
    given = {"first_day": "2026-02-28", "least": "-7", "ratio": "3", "text": "two", "word": "other"}
    text = example.with_values(given)
    for written in (
        "date '2026-02-28' as first_day",
        "-7 as least",
        "3.0 as ratio",
        "'two' as text",
        "2 as least_of_all",
    ):
        assert written in text
    assert text.count("as least") == EXAMPLE.count("as least")
    assert example.with_values({}) == EXAMPLE
    assert [one.value for one in example.parameters.values()] == ["2000-01-01", "2", "1.5", "one's", "one"]
    assert example.parameters["least"].meaning == "of them"


def test_a_text_cannot_end_its_quotation(example, tmp_path):
    import duckdb

    tricky = "'; drop table x; --"
    (row,) = duckdb.sql(example.with_values({"text": tricky})).fetchall()
    assert row[3] == tricky


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("first_day", "2026-02-30", "first_day takes a date such as 2026-01-01, not '2026-02-30'"),
        ("first_day", "20260228", "a date"),
        ("least", "2.5", "least takes a whole number, not '2.5'"),
        ("least", "2 as x, 3", "a whole number"),
        ("least", "٣", "a whole number"),
        ("first_day", "２026-02-28", "a date"),
        ("ratio", "٣.٤", "a number"),
        ("ratio", "much", "ratio takes a number such as 2.5, not 'much'"),
        ("word", "third", "word takes one, other, not 'third'"),
        ("lesat", "2", "example has no parameter lesat; it has first_day, least, ratio, text, word"),
    ],
)
def test_a_wrong_name_or_value_is_refused_with_what_would_be_right(example, name, value, said):
    with pytest.raises(SettingsError, match=re.escape(said)):
        example.with_values({name: value})


def test_a_statement_that_is_no_text_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="not UTF-8"):
        shell.rows_of(tmp_path / "none.duckdb", "select '\udcff'")


def test_a_question_that_is_not_there_brings_up_those_of_a_similar_name():
    with pytest.raises(SettingsError, match="did you mean late_actions"):
        questions.named("late_action")
    with pytest.raises(SettingsError, match="faultlines sql --list"):
        questions.named("xyz")
    with pytest.raises(SettingsError, match="--set least: write it as name=value"):
        questions.values(["least"])


def test_the_list_is_made_from_the_files(tmp_path, monkeypatch):
    assert [line.split("  ")[0] for line in questions.listing().splitlines()] == sorted(CATALOGUE)
    (tmp_path / "mine.sql").write_text(EXAMPLE)
    monkeypatch.setattr(questions, "FOLDER", tmp_path)
    assert questions.listing() == "mine  How many?"


def test_at_a_terminal_the_shell_names_the_ready_questions_first(monkeypatch):
    said = []
    monkeypatch.setattr(shell, "as_known_on", lambda *_: Path("warehouse.duckdb"))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    def started(program, words):
        raise SystemExit(words[-1])

    monkeypatch.setattr("os.execv", started)
    with pytest.raises(SystemExit, match=r"warehouse\.duckdb"):
        shell.serve(None, None, None, False, said.append)
    assert all(f"{name} " in said[0] and one.question in said[0] for name, one in CATALOGUE.items())
