"""The table of contents: every asset in the order a record passes them, the checks, and what starts a run."""

from __future__ import annotations

import dagster as dg

from pipelines.analysis.assets import analysis
from pipelines.automation import (
    build_warehouse,
    monday_page,
    new_records,
    rebuild_warehouse,
    tidy_runs,
    weekly_report,
)
from pipelines.ingest.assets import raw_records
from pipelines.publish.assets import published_warehouse
from pipelines.quality.assets import record_quality
from pipelines.quality.checks import quality_results
from pipelines.report.assets import weekly_page
from pipelines.resources import Gate, Project, Writer
from pipelines.transform import dbt_models

project = Project()

defs = dg.Definitions(
    assets=[
        raw_records,
        record_quality,
        dbt_models,
        analysis,
        quality_results,
        published_warehouse,
        weekly_page,
    ],
    jobs=[build_warehouse, rebuild_warehouse, weekly_report],
    schedules=[monday_page],
    sensors=[new_records, tidy_runs],
    resources={"project": project, "writer": Writer(project=project), "gate_process": Gate()},
    # one process: the attempt's lock, dbt's parse and the gate's process live in it
    executor=dg.in_process_executor,
)
