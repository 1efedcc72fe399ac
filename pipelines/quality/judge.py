"""Great Expectations in a process of its own: `python -m pipelines.quality.judge`, started by worker.py.

Its import takes 3 to 5 CPU-seconds, so it is done beside the load. Then: folders on stdin, one a line; per folder one
checkpoint over its frames, `answers.json` written into it, its name back on stdout. Here: everything that touches Great
Expectations. Not here: what is expected (suite.json says it), what a failure means (verdicts.py).
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import warnings
from pathlib import Path


def main() -> None:
    """Import at once, then judge folder after folder, up to an empty line; gone as soon as stdin ends: no parent leaves
    an orphan."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a library that prints must not talk into the answers
    folders: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_listen, args=(folders,), daemon=True).start()
    # this process is Great Expectations and nothing of ours, and the deprecations inside it are not ours to mend
    warnings.simplefilter("ignore")
    import great_expectations  # noqa: F401

    while given := folders.get():
        folder = Path(given)
        found = judge(folder)
        unfinished = folder / "answers.json.tmp"
        unfinished.write_text(json.dumps(found), encoding="utf-8")
        unfinished.replace(folder / "answers.json")
        answers.write(f"{folder}\n")
        answers.flush()


def _listen(folders: queue.Queue[str]) -> None:
    for line in sys.stdin:
        folders.put(line.rstrip("\n"))
    os._exit(0)


def judge(folder: Path) -> dict[str, dict]:
    """One checkpoint over the frames of a folder: expectation id → answer."""
    import great_expectations as gx

    job = json.loads((folder / "suite.json").read_text(encoding="utf-8"))
    context = gx.get_context(mode="ephemeral")
    context.enable_analytics(False)
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    source = context.data_sources.add_pandas("gate")
    definitions = [_definition(gx, context, source, folder, name, job) for name in job["kinds"]]
    checkpoint = gx.Checkpoint(
        name="gate",
        validation_definitions=[definition for definition in definitions if definition],
        # without names of index columns it gives back row numbers: one Python loop per failing row less
        result_format={"result_format": "COMPLETE"},
    )
    return {
        each.expectation_config.meta["id"]: _answer(each)
        for result in context.checkpoints.add(checkpoint).run().run_results.values()
        for each in result.results
    }


def _definition(gx, context, source, folder: Path, name: str, job: dict):
    """One frame with the expectations on it."""
    wanted = [
        _class_of(gx, each["expect"])(severity=each["severity"], meta={"id": each["id"]}, **each["arguments"])
        for each in job["expectations"]
        if each["frame"] == name
    ]
    asset = source.add_csv_asset(
        name,
        filepath_or_buffer=str(folder / f"{name}.csv"),
        dtype=job["kinds"][name],
        keep_default_na=False,
        na_values="",
    )
    suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=wanted))
    return context.validation_definitions.add(
        gx.ValidationDefinition(name=name, data=asset.add_batch_definition(name), suite=suite)
    )


def _class_of(gx, name: str):
    return getattr(gx.expectations, "".join(part.capitalize() for part in name.split("_")))


def _answer(result) -> dict:
    """Counts and rows, or the exception: that shows as success=False, a missing column as an empty result too."""
    raised = _exception(result.exception_info or {})
    counts = result.result or {}
    if raised or "element_count" not in counts:
        return {"exception": raised or "Great Expectations gave back an empty result"}
    return {
        "success": bool(result.success),
        "evaluated": counts["element_count"] - (counts.get("missing_count") or 0),
        "failed_rows": sorted(counts.get("unexpected_index_list") or []),
    }


def _exception(info: dict) -> str | None:
    """The message of an exception. One metric's is the info itself, several metrics' are keyed by metric."""
    parts = [info] if "raised_exception" in info else list(info.values())
    raised = [
        part["exception_message"] or "an exception without a message" for part in parts if part["raised_exception"]
    ]
    return str(raised[0]) if raised else None


if __name__ == "__main__":
    main()
