"""The mappings of mybinder and posthog on the real reports they were written for (never copied into the project).

Run with `-s` to see the table of the acceptance figures. Where the reports are absent these tests skip, saying so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.ingest import times
from pipelines.ingest.validate import Contract
from tests import foreign

pytestmark = pytest.mark.usefixtures("shared_data")
WORD = re.compile(r"[^\W_]{2,}")
POINTS = ("introduced_at", "impact_started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at")
# Fields whose words are the mapping's or the vocabularies', not the author's.
OURS = {"id", "at", "source_system", "url", "uri", "ticket", "system", "severity", "detection_source", "record_kind",
        "status", "responsibility", *POINTS}  # fmt: skip
SOURCES = ("mybinder", "posthog")


def _points(source: str) -> dict[str, dict[str, str]]:
    chronologies = {name: record.get("chronology", {}) for name, record in foreign.records(source).items()}
    found = {name: {point: said[point] for point in POINTS if point in said} for name, said in chronologies.items()}
    return {name: points for name, points in found.items() if points}


def _stated(source: str) -> dict[str, tuple]:
    said = {name: record.get("chronology", {}).get("stated") for name, record in foreign.records(source).items()}
    return {
        name: (stated.get("time_to_detect_minutes"), stated.get("time_to_resolve_minutes"))
        for name, stated in said.items()
        if stated
    }


@pytest.mark.parametrize(
    ("source", "figures"),
    [
        ("mybinder", {"records": 23, "events": 199, "timed": 194, "actions": 124, "done": 6}),
        ("posthog", {"records": 7, "events": 75, "timed": 73, "actions": 70, "done": 20}),
    ],
)
def test_every_report_is_one_record_with_its_events_and_actions(source: str, figures: dict[str, int]) -> None:
    found = foreign.records(source)
    print("\n| record | events | timed | actions | done | causes |\n|" + "---|" * 6)
    total = Counter(records=len(found))
    for name, record in found.items():
        events, actions = record.get("timeline", []), record["actions"]
        causes = sum(len(record.get(kind, [])) for kind in ("triggers", "root_causes", "contributing_factors"))
        row = {
            "events": len(events),
            "timed": sum("T" in event.get("at", "") for event in events),
            "actions": len(actions),
            "done": sum(action.get("status") == "done" for action in actions),
        }
        total.update(row)
        print(f"| {name} | {' | '.join(map(str, row.values()))} | {causes} |")
    assert total == figures


def test_the_pacific_clock_of_a_report_is_that_of_its_merges_and_chat_links() -> None:
    found = foreign.records("mybinder")
    merged = {event["event"]: event["at"] for event in found["2017-09-27-hub-403"]["timeline"]}
    assert merged["The PR has been merged and deployed, bringing the outage to an end."] == "2017-09-27T15:25-07:00"
    firsts = {name: record["timeline"][0]["at"] for name, record in found.items()}
    assert firsts["2018-03-31-server-start-fail"] == "2018-03-31T15:47-07:00"
    assert firsts["2018-07-30-jupyterlab-build-cpu-saturate"] == "2018-07-30T11:20-07:00"
    assert firsts["2020-07-09-simultaneous-launches-scipy"] == "2020-07-09T07:30-07:00"
    assert firsts["2017-11-30-oom-proxy"] == "2017-11-30T16:22-08:00"


def test_days_written_without_their_year_or_outside_the_timeline_are_found() -> None:
    swamped = foreign.records("mybinder")["2018-02-20-jupyterlab-announcement"]["timeline"]
    assert [event["at"] for event in swamped[-5:]] == [
        "2018-02-21T13:00+01:00",
        "2018-02-21T15:15+01:00",
        "2018-02-21T16:20+01:00",
        "2018-02-22T07:13+01:00",
        "2018-02-22T07:18+01:00",
    ]
    flooded = foreign.records("mybinder")["2018-04-18-cull-flood"]["timeline"]
    assert flooded[1]["at"] == "2018-04-18T13:30+02:00" and flooded[1]["estimated"] is True
    assert flooded[-1]["at"] == "2018-04-19T11:58+02:00"
    assert foreign.records("posthog")["2025-10-21-feature-flags-recurring-outages"]["timeline"][-1]["at"] == (
        "2025-10-30T05:39Z"
    )


def test_turning_points_of_mybinder_are_those_the_reports_name() -> None:
    assert _points("mybinder") == {
        "2017-09-27-hub-403": {"resolved_at": "2017-09-27T15:25-07:00"},
        "2017-10-17-cluster-full": {"acknowledged_at": "2017-10-17T08:47-07:00"},
        "2017-11-30-oom-proxy": {
            "acknowledged_at": "2017-11-30T16:59-08:00", "resolved_at": "2017-11-30T17:21-08:00"},
        "2018-01-04-failed-staging-deploy": {"acknowledged_at": "2018-01-04T08:03-08:00"},
        "2018-01-17-ubuntu-upgrade": {"resolved_at": "2018-01-17T18:57-08:00"},
        "2018-02-22-nginx-down": {"resolved_at": "2018-02-22T16:35-08:00"},
        "2018-03-13-PVC-hub-locked": {"detected_at": "2018-03-13T07:28+01:00"},
        "2018-03-26-no-space-left": {"acknowledged_at": "2018-03-26T15:00+02:00"},
        "2018-03-31-server-start-fail": {"detected_at": "2018-03-31T15:47-07:00"},
        "2018-04-18-cull-flood": {"acknowledged_at": "2018-04-18T14:29+02:00"},
        "2018-07-08-podsnips-aplenty": {"acknowledged_at": "2018-07-08T23:25+02:00"},
        "2019-03-24-r2d-upgrade": {
            "impact_started_at": "2019-03-24T08:54+01:00", "resolved_at": "2019-03-25T07:01+01:00"},
        "2019-04-03-ingress-cordoned": {
            "impact_started_at": "2019-04-03T12:50+02:00", "acknowledged_at": "2019-04-03T13:28+02:00",
            "resolved_at": "2019-04-03T13:29+02:00"},
        "2020-07-09-simultaneous-launches-scipy": {
            "detected_at": "2020-07-09T07:30-07:00", "resolved_at": "2020-07-09T07:42-07:00"},
        "2022-01-27-prime-version": {"acknowledged_at": "2022-01-28T09:00+01:00"},
        "2022-06-02-pod-limit": {
            "impact_started_at": "2022-06-02T10:00+01:00", "detected_at": "2022-06-02T21:00+01:00",
            "resolved_at": "2022-06-02T21:24+01:00"},
    }  # fmt: skip


def test_turning_points_of_posthog_are_those_the_reports_state() -> None:
    assert _points("posthog") == {
        "2024-02-28-decide-is-down": {"impact_started_at": "2024-02-28T15:30Z", "resolved_at": "2024-02-28T18:10Z"},
        "2025-09-29-flags-is-down": {
            "impact_started_at": "2025-09-29T16:58Z", "acknowledged_at": "2025-09-29T17:25Z",
            "resolved_at": "2025-09-29T18:46Z"},
        "2025-10-03-surveys-sdk-bug": {
            "impact_started_at": "2025-10-03T10:45Z", "detected_at": "2025-10-03T14:59Z",
            "mitigated_at": "2025-10-03T16:11Z", "resolved_at": "2025-10-03T16:11Z"},
        "2025-10-21-feature-flags-recurring-outages": {"impact_started_at": "2025-10-21T21:45Z"},
        "2025-11-15-persons-db-migration": {
            "impact_started_at": "2025-11-11T16:02Z", "mitigated_at": "2025-11-14T15:02Z",
            "resolved_at": "2025-11-15T06:20Z"},
        "2025-11-26-shai-hulud-attack": {
            "introduced_at": "2025-09-11", "impact_started_at": "2025-11-24T04:11Z",
            "mitigated_at": "2025-11-24T09:30Z"},
        "2026-01-17-replay-sdk-fetch-wrapper-incident": {
            "impact_started_at": "2026-01-14", "detected_at": "2026-01-14T10:18Z", "resolved_at": "2026-01-19"},
    }  # fmt: skip


def test_a_stated_duration_is_a_number_only_where_it_is_sure() -> None:
    assert _stated("mybinder") == {
        "2017-09-27-hub-403": (None, 110),
        "2018-02-12-launch-fail": (None, None),  # nearly an hour
        "2018-02-20-jupyterlab-announcement": (None, None),  # unusable for 1h50m, unstable for a day
        "2018-03-26-no-space-left": (None, 20),
        "2018-07-08-podsnips-aplenty": (300, 300),
        "2019-03-24-r2d-upgrade": (None, None),  # most of Sunday
        "2019-04-03-ingress-cordoned": (40, 40),
        "2022-01-27-prime-version": (180, 540),
        "2022-06-02-pod-limit": (660, 540),
    }
    assert _stated("posthog") == {
        "2024-02-28-decide-is-down": (None, 180),
        "2025-09-29-flags-is-down": (None, 108),
        "2025-10-03-surveys-sdk-bug": (254, 326),
        "2025-10-21-feature-flags-recurring-outages": (None, None),  # over 14 hours
    }


def test_the_template_s_examples_and_misplaced_lessons_are_no_lessons_and_no_actions() -> None:
    found = foreign.records("mybinder")
    assert len(found["2018-07-08-podsnips-aplenty"]["lessons"]["went_well"]) == 2
    assert len(found["2018-03-31-server-start-fail"]["lessons"]["went_wrong"]) == 3
    assert len(found["2018-03-31-server-start-fail"]["actions"]) == 3
    assert Counter(len(record.get("lessons", {}).get("lucky", [])) for record in found.values())[0] == 16


def test_unknown_stands_only_where_the_author_wrote_it() -> None:
    unknown = [
        (name, path) for source in SOURCES for name, record in foreign.records(source).items()
        for path, text in _texts(record) if text in ("unknown", "not_applicable", "withheld")
    ]  # fmt: skip
    assert unknown == [("2018-03-26-no-space-left", "description")]


@pytest.mark.parametrize("source", SOURCES)
def test_every_lookup_finds_what_it_names(source: str) -> None:
    """A row whose words are in no report gives nothing and would not be missed."""
    found = foreign.records(source)
    names = {path.stem for path in foreign.SOURCES.glob(f"{source}_*.csv")}
    assert names == {Path(name).stem for name in foreign.declared(source)["lookups"]}
    causes = (foreign.SOURCES / f"{source}_causes.csv").read_text().splitlines()[1:]
    kinds = ("triggers", "root_causes", "contributing_factors")
    told = [cause for record in found.values() for kind in kinds for cause in record.get(kind, [])]
    assert all(cause.get("description") for cause in told)
    assert len(told) == len(causes) + {"mybinder": 0, "posthog": 5}[source]  # two rows stand for three and four bullets


@pytest.mark.parametrize("source", SOURCES)
def test_no_word_of_a_record_is_invented(source: str) -> None:
    documents, blocks = foreign.read(source)
    by_id = {re.sub(r"\s+", "-", document["file_name"].removesuffix(".md")): document for document in documents}
    for name, record in foreign.records(source).items():
        document = by_id[name]
        own = [block["text"] for block in blocks if block["path"] == document["path"]]
        written = set(WORD.findall(" ".join([*own, document["file_name"]])))
        used = {word for path, text in _texts(record) if path not in OURS for word in WORD.findall(text)}
        assert (name, used - written - {"unknown"}) == (name, set())


@pytest.mark.parametrize("source", SOURCES)
def test_every_mapped_report_fits_the_contract_and_has_no_time_without_a_zone(source: str) -> None:
    contract = Contract(bundle.load())
    imported = {"schema_version": "1.1", "stage": "imported", "provenance": "imported"}
    for name, record in foreign.records(source).items():
        typed = contract.typed(imported | record)
        assert (name, contract.faults(typed, dict)) == (name, [])
        assert (name, times.unplaced(typed, contract.schema, None, dict)) == (name, [])


@pytest.mark.parametrize("source", SOURCES)
def test_a_report_mapped_alone_is_the_same_record(source: str) -> None:
    documents, _ = foreign.read(source)
    for document in documents[::5]:
        ((name, record),) = foreign.records(source, document["path"]).items()
        assert record == foreign.records(source)[name]


def _texts(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a record with the name of its field."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part, path)
    elif isinstance(value, str):
        yield path, value
