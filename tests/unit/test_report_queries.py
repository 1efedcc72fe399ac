"""The named queries: each says what it asks, runs as shown, and gives its rows in a settled order."""

import re

import pytest

from pipelines.report import queries
from tests.unit.report_situations import SITUATIONS, WEEK


@pytest.fixture(scope="module")
def house():
    return SITUATIONS["signal"]()


@pytest.fixture(scope="module")
def con(house):
    return house.build()


def test_the_names_run_from_q1_without_a_gap():
    assert list(queries.catalogue()) == [f"Q{i + 1}" for i in range(len(queries.catalogue()))]


@pytest.mark.parametrize("name", queries.catalogue())
def test_a_query_says_what_it_asks_and_what_is_shown_is_what_was_run(name, con, house):
    query = queries.catalogue()[name]
    assert query.question.endswith(("?", ")"))
    sql, columns, rows = queries.run(con, name, WEEK, house.as_of)
    assert "$" not in sql
    assert con.execute(sql).fetchall() == rows
    assert all(re.fullmatch("[a-z][a-z0-9_]*", column) for column in columns)
    assert len(rows) <= 1 or "order by" in query.text


def test_an_unknown_query_names_those_there_are(con, house):
    with pytest.raises(KeyError, match="no query Q99; there are Q1, Q2"):
        queries.run(con, "Q99", WEEK, house.as_of)


def test_the_hash_of_a_result_is_that_of_its_rows_whatever_their_order():
    rows = [(1, "a", 0.1 + 0.2), (2, None, 1.0)]
    made = queries.result_hash(["n", "text", "share"], rows)
    assert queries.result_hash(["n", "text", "share"], [rows[1], (1, "a", 0.3)]) == made
    assert queries.result_hash(["n", "text", "part"], rows) != made
    assert queries.result_hash(["n", "text", "share"], rows[:1]) != made
