"""When things run: three jobs, Monday's schedule, the sensor for new records, the one that tidies up after runs."""

from collections.abc import Iterator

import dagster as dg

from pipelines import run_history
from pipelines.ingest.find import find, fingerprint
from pipelines.publish import generations
from pipelines.report.assets import weekly_page
from pipelines.resources import Project

build_warehouse = dg.define_asset_job(
    "build_warehouse",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets(weekly_page),
    description=(
        "Read what changed, check it, model it and publish it whole. If it fails, nothing is published: open the step "
        "that failed, its error ends with what to do."
    ),
)
rebuild_warehouse = dg.define_asset_job(
    "rebuild_warehouse",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets("raw_records", weekly_page),
    description="Check, model and publish the raw tables that `faultlines rebuild` has restored; it starts this run.",
)
weekly_report = dg.define_asset_job(
    "weekly_report",
    selection=dg.AssetSelection.assets(weekly_page).without_checks(),
    description=(
        "Write one week's page from the published warehouse. Launch a backfill of `weekly_page` for several weeks. If "
        "a week fails, its error ends with what to do; the other weeks are not touched."
    ),
)

# Monday 06:00 UTC: the week that has just ended
monday_page = dg.build_schedule_from_partitioned_job(
    weekly_report,
    hour_of_day=6,
    name="monday_page",
    description="Monday 06:00 UTC: the page of the week that has just ended. Off until it is switched on.",
)


@dg.sensor(
    job=build_warehouse,
    minimum_interval_seconds=60,
    description="Starts a run when a record file came, changed or went. Off until it is switched on.",
)
def new_records(project: Project) -> Iterator[dg.RunRequest | dg.SkipReason]:
    settings = project.load()
    present = fingerprint(settings, find(settings))
    published = generations.manifest(settings.state)
    if published and published["fingerprint"] == present:
        yield dg.SkipReason("nothing new since the published generation")
    else:
        yield dg.RunRequest(run_key=present)


@dg.sensor(
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Ends runs whose process is gone, which would hold up the queue, and removes old ones. Starts nothing.",
)
def tidy_runs(context: dg.SensorEvaluationContext, project: Project) -> dg.SkipReason:
    died, old = run_history.tidy(context.instance, project.load())
    return dg.SkipReason(f"{died} dead runs ended, {old} old runs removed")
