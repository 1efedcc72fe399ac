"""docs/warehouse.md: every table of the published warehouse, from the contracts.

Here: the page as text; `python -m pipelines.publish.warehouse_docs` writes it. Not here: any description. Of marts
they stand in dbt_project/models/marts, of sections in schemas/, of all other tables in dbt_project/models/_sources.yml.
Not in contract/, where an edit makes the next run read every file anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import yaml

from pipelines.analysis import tables as analysis_tables
from pipelines.contract import bundle, staging
from pipelines.contract.tables import tables
from pipelines.ingest import load
from pipelines.quality import history, record_quality, rules
from pipelines.settings import ROOT

PAGE = ROOT / "docs" / "warehouse.md"
HEAD = """# The warehouse, table by table

`python -m pipelines.publish.warehouse_docs` writes this page from the contracts of dbt and of `schemas`; a test holds
the two together. [README.md](../README.md#query-it) says how to query.

T is the moment the warehouse speaks of. Marts and analysis hold what is known on T; `raw` and `quality` hold every
revision. Lists are DuckDB lists: `unnest(evidence)`, `list_contains(evidence, 'E1')`. Column names that SQL also uses
as words want quotes: `"at"`, `"on"`.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_marts(), *_made(), *_raw(), ""])


def _marts() -> Iterator[str]:
    marts = staging.marts()
    yield "## Marts\n"
    yield from _table(("mart", "is"), ((f"[{m['name']}](#marts{m['name']})", _cell(_grain(m))) for m in marts))
    for mart in marts:
        key = ", ".join(f"`{column}`" for column in mart["config"]["meta"]["key"])
        yield f"\n### marts.{mart['name']}\n\n{' '.join(mart['description'].split())} Key: {key}.\n"
        columns = ((f"`{c['name']}`", c["data_type"], _cell(c["description"])) for c in mart["columns"])
        yield from _table(("column", "type", "what"), columns)


def _made() -> Iterator[str]:
    """Analysis and quality: tables made by Python, with the shape the module that writes them has."""
    with duckdb.connect() as con:
        load.prepare(con, bundle.load())
        con.execute("INSERT INTO raw.as_of VALUES (NULL, 0)")
        record_quality.apply(con, rules.load())
        history.prepare(con)
        made = con.execute(
            "SELECT table_name, string_agg(column_name, ', ' ORDER BY column_index) FROM duckdb_columns() "
            "WHERE schema_name = 'quality' GROUP BY table_name"
        ).fetchall()
    shapes = dict(made) | {name: ", ".join(analysis_tables.columns(name)) for name in analysis_tables.contract()}
    shapes |= {
        "results": ", ".join([*history.RESULTS, "as_of"]),
        "record_quality": "record_id, revision_id, one per rule",
    }
    yield "\n## Analysis and quality\n"
    rows = (
        (f"`{schema}.{name}`", _cell(text), shapes[name])
        for schema in ("analysis", "quality")
        for name, text in _sources(schema).items()
    )
    yield from _table(("table", "is", "columns"), rows)
    for name, table in analysis_tables.contract().items():
        yield f"\n### analysis.{name}\n"
        columns = ((f"`{c['name']}`", c["data_type"].lower(), _cell(c["description"])) for c in table["columns"])
        yield from _table(("column", "type", "what"), columns)


def _raw() -> Iterator[str]:
    """Raw: what ingestion writes, and one table per section and list of the contract."""
    with duckdb.connect() as con:
        load.prepare(con, bundle.load())
        counts = dict(
            con.execute(
                "SELECT table_name, count(*) FROM duckdb_columns() WHERE schema_name = 'raw' GROUP BY table_name"
            ).fetchall()
        )
    sections = {table.name: staging.grain(table) for table in tables(bundle.load())}
    for title, known in (("what ingestion writes", _sources("raw")), ("the sections of a record", sections)):
        yield f"\n## Raw: {title}\n"
        yield from _table(
            ("table", "is", "columns"),
            ((f"`raw.{name}`", _cell(text), str(counts[name])) for name, text in known.items()),
        )


def _sources(schema: str) -> dict[str, str]:
    written = yaml.safe_load((staging.MODELS / "_sources.yml").read_text(encoding="utf-8"))["sources"]
    return {table["name"]: table["description"] for one in written if one["name"] == schema for table in one["tables"]}


def _grain(mart: dict) -> str:
    """The first sentence of a description."""
    return re.split(r"(?<=\.)\s", " ".join(mart["description"].split()), maxsplit=1)[0]


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |\n|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
