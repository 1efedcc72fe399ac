"""The parts of the bench that measure nothing: order of models, nesting of times, ratios, what is compared."""

import pkgutil

from benchmarks import compiled, hostile, presence, results, spans
from benchmarks.measure import Measured, measured
from benchmarks.stages import Stage, nested
from pipelines.contract import bundle
from pipelines.contract.tables import tables
from pipelines.ingest import leaves


def test_every_part_that_is_timed_is_a_function_of_the_product() -> None:
    assert all(callable(pkgutil.resolve_name(dotted)) for dotted in {**spans.PARTS, **spans.INSIDE_DBT})


def test_models_come_after_what_they_read_and_those_pasted_into_others_are_left_out() -> None:
    def node(name: str, kind: str, *needs: str) -> dict:
        return {
            "resource_type": "model", "name": name, "schema": "marts", "relation_name": name, "compiled_code": "",
            "config": {"materialized": kind}, "depends_on": {"nodes": list(needs)},
        }  # fmt: skip

    nodes = {"a": node("a", "table", "b"), "b": node("b", "ephemeral", "c"), "c": node("c", "view", "source.x")}
    assert [(one["name"], one["kind"]) for one in compiled.in_order(nodes)] == [("c", "VIEW"), ("a", "TABLE")]


def test_a_stage_lies_in_the_shortest_one_around_it_and_the_rest_is_what_no_part_explains() -> None:
    job, step, part = Stage("job", 1, 8), Stage("step", 2, 4), Stage("part", 3, 1)
    whole = nested(Stage("run", 0, 10), [part, job, Stage("later", 9.5, 0.25), step])
    assert [stage.name for stage in whole.parts] == ["job", "later"]
    assert job.parts == [step] and step.parts == [part]
    assert (whole.rest, job.rest, step.rest) == (1.75, 4, 3)


def test_a_ratio_is_the_median_of_the_rounds_own_ratios() -> None:
    ours, theirs = ([Measured(wall, 0, 0, 0, "") for wall in walls] for walls in ((2, 30, 8), (1, 10, 2)))
    assert results.ratios(ours, theirs, lambda one: one.wall) == 3


def test_a_tree_of_processes_is_measured_with_its_children() -> None:
    child = "x = bytearray(90_000_000); import time; time.sleep(0.5); sum(range(3_000_000))"
    words = ["sh", "-c", f"python3 -c '{child}' & python3 -c '{child}'; wait; echo said"]
    found = measured(words)
    assert found.said == "said\n"
    assert found.peak > 180_000_000 > found.largest > 90_000_000
    assert found.cpu > 0.02 and found.wall > 0.5


def test_the_baseline_notes_the_fields_of_the_contract_by_their_own_numbers() -> None:
    schema = bundle.load()
    paths = {presence.path_of(table, column.keys) for table in tables(schema) for column in table.columns}
    assert paths <= set(leaves.plan(schema).names.values())


def test_a_copy_and_a_conflict_are_no_faults_and_every_other_family_has_a_code() -> None:
    families = hostile.FAMILIES | hostile.LARGE
    assert {one.outcome for one in families.values() if not one.code} == {"duplicate", "conflicted"}
    assert {one.outcome for one in families.values() if one.code} == {"quarantined"}
