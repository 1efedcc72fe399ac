"""Nothing, one record and five: no error, no verdict."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines import models, questions, settings
from pipelines.settings import ROOT
from tests.integration.warehouses import by_steps

MOMENT = datetime(2026, 11, 16, 6, tzinfo=UTC)
RECORDS = sorted((ROOT / "examples" / "records").glob("*.yml"))


@pytest.fixture(scope="module", params=[0, 1, 5])
def con(request, tmp_path_factory):
    home: Path = tmp_path_factory.mktemp(f"of_{request.param}")
    (home / "records").mkdir()
    shutil.copytree(ROOT / "examples" / "records" / "evidence", home / "records" / "evidence")
    for path in RECORDS[: request.param]:
        shutil.copy(path, home / "records")
    (home / "faultlines.yml").write_text(
        "sources:\n  - {name: ours, glob: 'records/*.yml', reader: native, time_zone: UTC}\n"
    )
    con = by_steps(settings.load(home / "faultlines.yml"), MOMENT)
    assert con.execute("SELECT count(*) FROM marts.incidents").fetchone() == (request.param,)
    return con


def test_there_is_no_line_and_no_signal(con):
    assert con.execute("SELECT * FROM analysis.fault_lines").fetchall() == []
    assert con.execute("SELECT * FROM analysis.baselines WHERE verdict = 'left its routine range'").fetchall() == []


def test_nothing_is_said_of_prevention_and_of_what_is_still_to_come(con):
    verdicts = {verdict for (verdict,) in con.execute("SELECT verdict FROM analysis.prevention").fetchall()}
    assert verdicts <= {"cannot tell", "not implemented"}
    assert con.execute("SELECT * FROM analysis.nowcasts").fetchall() == []
    assert con.execute("SELECT * FROM analysis.filed_shares").fetchall() == []


@pytest.mark.parametrize("con", [0], indirect=True, scope="module")
def test_an_empty_warehouse_is_built_and_holds_nothing(con):
    found = {mart: con.execute(f"SELECT * FROM marts.{mart} ORDER BY ALL").fetchall() for mart in models.marts()}
    assert {row[6:] for row in found.pop("codes")} == {(0, 0, 0, 0)}  # every word of the contract, used by nobody
    assert [mart for mart, content in found.items() if content] == []


@pytest.mark.parametrize("con", [0], indirect=True, scope="module")
def test_an_empty_warehouse_answers_every_question_with_no_row_or_with_no_figure(con):
    for name, one in questions.catalogue().items():
        rows = con.execute(one.text).fetchall()
        figures = {value for row in rows for value in row if isinstance(value, (int, float))}
        assert figures <= {0, 1}, (name, rows)  # a share of nothing lies between 0 and 1
