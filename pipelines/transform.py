"""Dagster's view of the dbt models: one `@dbt_assets`, run in this process, each model an asset, each test a check."""

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from pipelines import models, prepare
from pipelines.failures import in_plain_words
from pipelines.publish.generations import Attempt
from pipelines.resources import Project, Writer
from pipelines.settings import DBT_PROJECT
from pipelines.warehouse import connect

# Numbered, so that the UI lists all groups in the order in which a record passes them. Staging is asked for and never
# shown (its models are pasted into their readers), so that it has no number of its own.
GROUPS = {
    "raw": "1_ingest",
    "quality": "2_rules",
    "staging": "3_intermediate",
    "intermediate": "3_intermediate",
    "marts": "4_marts",
    "analysis": "5_analysis",
}


class Layers(DagsterDbtTranslator):
    """An asset is named as its model and grouped by its layer."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        meta = dbt_resource_props.get("config", {}).get("meta", {}).get("dagster", {})
        return dg.AssetKey(meta.get("asset_key") or [dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return GROUPS[dbt_resource_props["fqn"][1]]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Its own, or the comment its SQL begins with."""
        return dbt_resource_props.get("description") or _first_comment(dbt_resource_props["raw_code"])

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        path = str(DBT_PROJECT / dbt_resource_props["original_file_path"])
        code = dg.CodeReferencesMetadataValue(code_references=[dg.LocalFileCodeReference(file_path=path)])
        return {**super().get_metadata(dbt_resource_props), "dagster/code_references": code}

    def get_asset_check_spec(self, asset_spec: Any, manifest: Any, unique_id: str, project: Any) -> Any:
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return spec and spec._replace(description=_first_comment(manifest["nodes"][unique_id]["raw_code"]))

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return ["team:faultlines"]


def _first_comment(sql: str) -> str:
    """What a model or test says of itself: its first sentence says what a row is."""
    lines = takewhile(lambda line: line.startswith("--"), sql.strip().splitlines())
    return " ".join(line.removeprefix("--").strip() for line in lines)


@dbt_assets(
    manifest=prepare.manifest(),
    dagster_dbt_translator=Layers(settings=DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True)),
    exclude="resource_type:unit_test",
)
def dbt_models(
    context: dg.AssetExecutionContext, project: Project, writer: Writer
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Intermediate models and marts as known at raw.as_of; a failed model or data test stops the run here."""
    settings = project.load()
    with in_plain_words():
        results = models.build(settings.state, Attempt.load(settings).is_full)
    keys = {key.path[-1]: key for key in context.selected_asset_keys}
    checks = {key.name: key for key in context.selected_asset_check_keys}
    with connect(settings.warehouse) as con:
        rows = _row_counts(con)
    for result in results:
        name = result.unique_id.split(".")[2]
        if name in keys and result.unique_id.startswith("model."):
            count = {"dagster/row_count": rows[name]} if name in rows else {}
            yield dg.MaterializeResult(asset_key=keys[name], metadata=count | {"seconds": result.seconds})
        elif name in checks:
            yield dg.AssetCheckResult(
                asset_key=checks[name].asset_key,
                check_name=name,
                passed=True,
                metadata={"failures": result.failures or 0},
            )


def _row_counts(con: Any) -> dict[str, int]:
    marts = con.execute("SELECT table_name, estimated_size FROM duckdb_tables() WHERE schema_name = 'marts'").fetchall()
    return dict(marts)
