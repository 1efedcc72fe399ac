"""Every model as dbt compiled it, in an order in which each can be built: what plain DuckDB is given for the marts.

Here: dbt's compile over an empty warehouse, its manifest read. Not here: running the SQL (plain.py). A model that is
built in steps compiles to the whole of it (`--full-refresh`).
"""

from __future__ import annotations

import json
import sys
from graphlib import TopologicalSorter
from pathlib import Path

from benchmarks.measure import ROOT, measured

PROJECT = str(ROOT / "dbt_project")


def write(scratch: Path) -> Path:
    """A JSON file with the models that leave something in the warehouse."""
    from pipelines import prepare

    prepare.manifest()  # staging's contracts, from which section macros take their columns
    (scratch / "work").mkdir(parents=True, exist_ok=True)
    where = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target-path", str(scratch / "target")]
    dbt = f"import os; os.chdir({str(scratch)!r}); from dbt.cli.main import cli; cli()"
    measured([sys.executable, "-c", dbt, "--quiet", "--log-level-file", "none", "compile", "--full-refresh", *where])
    manifest = json.loads((scratch / "target" / "manifest.json").read_text())
    found = scratch / "models.json"
    found.write_text(json.dumps(in_order(manifest["nodes"])))
    return found


def in_order(nodes: dict[str, dict]) -> list[dict]:
    """name, relation, kind (TABLE or VIEW) and SQL of each model, its inputs before it."""
    models = {key: node for key, node in nodes.items() if node["resource_type"] == "model"}
    needs = {key: [one for one in node["depends_on"]["nodes"] if one in models] for key, node in models.items()}
    ordered = (models[key] for key in TopologicalSorter(dict(sorted(needs.items()))).static_order())
    return [
        {
            "name": node["name"],
            "schema": node["schema"],
            "relation": node["relation_name"],
            "kind": "VIEW" if node["config"]["materialized"] == "view" else "TABLE",
            "sql": node["compiled_code"],
        }
        for node in ordered
        if node["config"]["materialized"] != "ephemeral"  # pasted into its readers
    ]


if __name__ == "__main__":
    print(write(Path(sys.argv[1]).resolve()))
