"""queries/calibration.sql over planted outcomes: silent below thirty, and then the shares that were planted.

Here: marts written by hand with the columns of their contracts. Not here: scores (test_hypothesis_scores.py).
"""

from __future__ import annotations

from datetime import date
from math import log

import duckdb
import pytest
import yaml
from scipy.stats import binomtest

from pipelines import questions
from pipelines.analysis import intervals
from pipelines.settings import DBT_PROJECT
from pipelines.warehouse import insert

LEFT_OUT = ("published", "no root cause", "no place")


def answer(outcomes: list[tuple[float, bool]], also: tuple[str, ...] = ()) -> list[dict]:
    """What is answered where each verified record has this margin of H1 over H2 (in ln 3), and whether H1 is right."""
    records = {f"V{number:03}": (margin, is_first, "") for number, (margin, is_first) in enumerate(outcomes)}
    records |= {why: (1.0, True, why) for why in also}
    rows: dict[str, list[dict]] = {"incidents": [], "hypotheses": [], "hypothesis_scores": []}
    for name, (margin, is_first, why) in records.items():
        stage = "published" if why == "published" else "verified"
        rows["incidents"].append({"record_id": name, "stage": stage, "started_at": "2026-05-04T06:40:00+00:00"})
        for position, score in ((0, -9.0), (1, 1.0), (2, round(1 - margin * log(3), 9))):
            key = {"record_id": name, "position": position}
            is_right = position == (1 if is_first else 2) and why != "no root cause"
            rows["hypotheses"] += [key | {"is_root_cause": is_right}] if position else []
            place = None if why == "no place" else 1
            rows["hypothesis_scores"].append(key | {"score": score, "place": place, "method": "hypotheses-1"})
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'; CREATE SCHEMA marts")
        intervals.define(con)
        for mart, of in rows.items():
            (model,) = yaml.safe_load((DBT_PROJECT / f"models/marts/{mart}.yml").read_text())["models"]
            columns = {column["name"]: column["data_type"].upper() for column in model["columns"]}
            con.execute(f"CREATE TABLE marts.{mart} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
            insert(con, f"marts.{mart}", columns, of)
        found = con.execute(questions.named("calibration").text)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("number", [0, 1, 29])
def test_below_thirty_verified_outcomes_one_row_says_that_nobody_can_tell(number):
    (row,) = answer([(2.0, True)] * number, LEFT_OUT)
    assert row.pop("verdict") == f"cannot tell: {number} of 30 records with a verified outcome"
    assert set(row.values()) == {None}


def test_from_thirty_on_each_margin_has_the_share_in_which_the_first_was_right():
    planted = {0.0: (0, 4), 0.5: (2, 6), 1.0: (5, 9), 3.5: (3, 4), 6.0: (7, 7)}
    outcomes = [(margin, n < right) for margin, (right, of) in planted.items() for n in range(of)]
    outcomes[0] = (0.0, True)  # who shares the first place is not told from the other
    rows = answer(outcomes, LEFT_OUT)
    assert {row["verdict"] for row in rows} == {"30 records with a verified outcome"}
    assert {row["method"] for row in rows} == {"hypotheses-1"}
    assert [(row["margin_from"], row["margin_to"], row["first_was_right"], row["records"]) for row in rows] == [
        (0.0, 1.1, 2, 10), (1.1, 2.2, 5, 9), (3.3, 4.39, 3, 4), (4.39, None, 7, 7),
    ]  # fmt: skip
    for row in rows:
        wanted = binomtest(row["first_was_right"], row["records"]).proportion_ci(0.95, method="wilson")
        assert row["share_right"] == pytest.approx(row["first_was_right"] / row["records"], abs=6e-4)
        assert [row["share_low"], row["share_high"]] == pytest.approx([wanted.low, wanted.high], abs=6e-4)
        assert row["first_on"] == row["last_on"] == date(2026, 5, 4)
