"""Nothing, one record and five: no error, no verdict; and all that an empty warehouse holds is in docs/warehouse.md."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines import models, questions, settings
from pipelines.publish import warehouse_docs
from pipelines.quality import history
from pipelines.settings import ROOT
from pipelines.warehouse import connect
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


@pytest.mark.parametrize("con", [0], indirect=True, scope="module")
def test_every_table_of_a_built_warehouse_is_in_the_page_with_its_columns(con, tmp_path):
    (path,) = con.execute("SELECT path FROM duckdb_databases() WHERE NOT internal").fetchone()
    shutil.copyfile(path, tmp_path / "copy.duckdb")
    text = warehouse_docs.page()
    with connect(tmp_path / "copy.duckdb") as con:
        history.prepare(con)
        history.store(con, [])
        columns: dict[str, list[str]] = {}
        for schema, table, column in con.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
            "WHERE schema_name IN ('marts', 'raw', 'quality', 'analysis') "
            "ORDER BY schema_name, table_name, column_index"
        ).fetchall():
            columns.setdefault(f"{schema}.{table}", []).append(column)
    told = dict(re.findall(r"^\| `((?:raw|quality|analysis)\.\w+)` \| .* \| (.*) \|$", text, re.MULTILINE))
    told |= dict(re.findall(r"^### (marts\.\w+)\n(.*?)(?=^##|\Z)", text, re.DOTALL | re.MULTILINE))
    assert told.keys() == columns.keys()
    for table, names in columns.items():
        if table.startswith("marts."):
            assert re.findall(r"^\| `(\w+)` \|", told[table], re.MULTILINE) == names, table
        elif table.startswith("raw."):
            assert told[table] == str(len(names)), table
        elif table != "quality.record_quality":
            assert told[table] == ", ".join(names), table
