"""The mappings of dfds and jenkins on the real documents they were written for (never copied into the project).

Run with `-s` to see the table of the acceptance figures. Where the documents are absent these tests skip, saying so.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from pipelines.contract import bundle
from pipelines.ingest import times
from pipelines.ingest.mapping import Mapped
from pipelines.ingest.validate import Contract
from tests import foreign
from tests.foreign import DATA, SOURCES
from tests.mapped import map_paths

DFDS = sorted((DATA / "dfds-postmortems").glob("PM2*"))
pytestmark = pytest.mark.usefixtures("shared_data")
WORD = r"[^\W_]{2,}"


@pytest.fixture(scope="module")
def dfds_read() -> foreign.Read:
    return foreign.read("dfds")


@pytest.fixture(scope="module")
def jenkins_read() -> foreign.Read:
    return foreign.read("jenkins")


@pytest.fixture(scope="module")
def dfds() -> dict[str, dict]:
    return foreign.records("dfds")


@pytest.fixture(scope="module")
def jenkins() -> dict[str, dict]:
    return foreign.records("jenkins")


def _timed(record: dict) -> int:
    return sum("T" in event.get("at", "") for event in record["timeline"])


def test_every_dfds_post_mortem_is_one_record_with_its_events_actions_and_stated_times(dfds: dict[str, dict]) -> None:
    print("\n| record | events | timed | actions | time to detection | time to recovery | as written |\n|" + "---|" * 7)
    for name, record in dfds.items():
        said = record.get("chronology", {}).get("stated", {})
        detect, resolve = (said.get(f"time_to_{phase}_minutes", "absent") for phase in ("detect", "resolve"))
        words = " / ".join(said.get(f"time_to_{phase}_text", "–") for phase in ("detect", "resolve"))
        counts = f"{len(record['timeline'])} | {_timed(record)} | {len(record['actions'])}"
        print(f"| {name} | {counts} | {detect} | {resolve} | {words} |")
    assert len(dfds) == 39
    assert sum(_timed(record) >= 2 for record in dfds.values()) == 37
    assert sum(len(record["actions"]) for record in dfds.values()) == 127


def test_stated_times_are_read_or_absent_for_the_right_reason(dfds: dict[str, dict]) -> None:
    stated = {name: record.get("chronology", {}).get("stated", {}) for name, record in dfds.items()}
    assert [name for name, said in stated.items() if not said] == [
        "PM2019-009",
        "PM2019-010",
        "PM2019-011",
    ]  # no Stats at all
    detect = {name: said.get("time_to_detect_minutes") for name, said in stated.items() if said}
    resolve = {name: said.get("time_to_resolve_minutes") for name, said in stated.items() if said}
    assert [name for name, value in detect.items() if value == "unknown"] == [
        "PM2020-001",
        "PM2020-003",
        "PM2020-004",
        "PM2020-006",
    ]
    assert [name for name, value in detect.items() if value == "not_applicable"] == ["PM2021-011", "PM2022-006"]
    assert [name for name, value in resolve.items() if value == "unknown"] == ["PM2020-001", "PM2020-003", "PM2020-006"]
    assert [name for name, value in resolve.items() if value == "not_applicable"] == [
        "PM2021-011",
        "PM2022-005",
        "PM2022-006",
    ]
    assert None not in [*detect.values(), *resolve.values()]
    assert (detect["PM2022-005"], detect["PM2022-004"], resolve["PM2022-009"], resolve["PM2022-001"]) == (
        15840,
        1183,
        3250,
        279,
    )


def test_a_stated_time_keeps_its_caveats(dfds: dict[str, dict]) -> None:
    assert "[^3]: We had 3 incidents in one day" in dfds["PM2022-001"]["chronology"]["stated"]["time_to_resolve_text"]
    assert "full KIAM outage" in dfds["PM2020-009"]["chronology"]["stated"]["time_to_resolve_text"]


def test_turning_points_are_taken_only_where_the_source_labels_them(dfds: dict[str, dict]) -> None:
    points = {
        name: {point: at for point, at in record.get("chronology", {}).items() if point != "stated"}
        for name, record in dfds.items()
    }
    assert {name: found for name, found in points.items() if found} == {
        "PM2021-005": {"resolved_at": "2021-06-22T08:46Z"},
        "PM2021-006": {"resolved_at": "2021-06-30T10:04Z"},
        "PM2021-007": {"impact_started_at": "2021-07-02T07:32Z", "resolved_at": "2021-07-02T07:42Z"},
        "PM2022-001": {"detected_at": "2022-01-25T10:21Z", "resolved_at": "2022-01-25T15:00Z"},
        "PM2022-003": {"detected_at": "2022-02-08T12:05Z", "resolved_at": "2022-02-08T12:48Z"},
        "PM2022-004": {"detected_at": "2022-02-09T08:03Z", "resolved_at": "2022-02-09T08:40Z"},
    }


def test_an_event_without_a_sure_day_is_kept_without_a_time(dfds: dict[str, dict]) -> None:
    without = {name: [e["event"] for e in record["timeline"] if "at" not in e] for name, record in dfds.items()}
    assert {name: len(events) for name, events in without.items() if events} == {
        "PM2020-003": 5,
        "PM2022-004": 1,
        "PM2022-006": 2,
    }
    assert "[2022-05-?? HH:mm] Detected on unknown date in May" in without["PM2022-006"]
    assert not any(
        "Short event description" in event["event"] for record in dfds.values() for event in record["timeline"]
    )


def test_dates_alone_estimates_and_ranges_stay_what_they_are(dfds: dict[str, dict]) -> None:
    events = [event for record in dfds.values() for event in record["timeline"]]
    assert sum("at" in event and "T" not in event["at"] for event in events) == 13
    assert [event["at"] for event in events if event.get("estimated")] == [
        "2020-11-17T10:45+01:00",
        "2025-03-03T19:30Z",
    ]
    assert {
        "at": "2020-10-06T09:00+01:00",
        "event": "[2020-10-06 09:00 - 11:00] Ongoing investigation and troubleshooting to find root cause",
    } in events


def test_attendees_are_persons_one_each(dfds: dict[str, dict]) -> None:
    people = {name: [one["person"] for one in record.get("participants", [])] for name, record in dfds.items()}
    assert people["PM2025-002"] == ["RF", "SC", "AN", "MN", "EC", "SP", "SD", "AF"]
    assert people["PM2021-004"] == ["RF", "PW", "RR", "AN", "EC"]
    assert people["PM2021-003"] == ["rifis", "wicar"]
    assert "PM2020-001" in people
    assert people["PM2020-001"] == []


def test_what_dfds_does_not_say_is_absent(dfds: dict[str, dict]) -> None:
    told = {"id", "title", "source_system", "url", "record_kind", "chronology", "timeline", "contributing_factors",
            "actions", "participants", "communication", "lessons"}  # fmt: skip
    assert set().union(*dfds.values()) == told
    assert set().union(*(factor for record in dfds.values() for factor in record.get("contributing_factors", []))) == {
        "id",
        "description",
    }
    assert Counter(action.get("status") for record in dfds.values() for action in record["actions"]) == {
        None: 126,
        "done": 1,
    }
    assert [name for name, record in dfds.items() if "record_kind" in record] == ["PM2021-011", "PM2022-005"]


def test_every_jenkins_record_is_mapped_and_maintenance_told_from_incidents(jenkins: dict[str, dict]) -> None:
    kinds = Counter(record["record_kind"] for record in jenkins.values())
    print(f"\njenkins: {len(jenkins)} records, {dict(kinds)}")
    print(f"severities: {dict(Counter(record['severity'] for record in jenkins.values()))}")
    assert len(jenkins) == 297
    assert kinds == {"maintenance": 204, "incident": 92, "false_positive": 1}
    told = {
        "2023-09-02-ci.jenkins.io-maintenance": "incident",  # an update that did not complete
        "2023-12-13-ci.jenkins.io-outage": "incident",  # titled maintenance
        "2024-05-02-ci.jenkins.io-outage": "maintenance",  # named an outage, plugin updates
        "2021-11-05-archives-jenkins-io-maintenance": "maintenance",  # titled unreachable, a planned restart
        "2023-01-24-ci-down": "maintenance",
        "2024-06-05-RPU-trusted": "incident",
        "2020-11-12-get-jenkins-io": "incident",
        "2020-06-13-maintenance-window": "maintenance",
        "2023-12-15-artifactory-changes": "maintenance",
    }
    assert {name: jenkins[name]["record_kind"] for name in told} == told


def test_the_eight_that_end_before_they_start_stay_as_written(jenkins: dict[str, dict]) -> None:
    spans = {}
    for name, record in jenkins.items():
        start, end = (
            datetime.fromisoformat(record["chronology"][point]) for point in ("impact_started_at", "resolved_at")
        )
        spans[name] = end.replace(tzinfo=end.tzinfo or UTC) - start.replace(tzinfo=start.tzinfo or UTC)
    assert sum(span.total_seconds() < 0 for span in spans.values()) == 8
    assert sum(span.total_seconds() == 0 for span in spans.values()) == 2
    assert round(max(spans.values()).total_seconds() / 86400, 1) == 101.5


def test_times_without_a_zone_are_left_to_the_source_s_declaration(jenkins: dict[str, dict]) -> None:
    starts = [record["chronology"]["impact_started_at"] for record in jenkins.values()]
    assert Counter("Z" if start.endswith("Z") else start[19:] for start in starts) == {"Z": 286, "-05:00": 1, "": 10}


def test_services_are_spelt_one_way(jenkins: dict[str, dict]) -> None:
    services = {service for record in jenkins.values() for service in record.get("scope", {}).get("services", [])}
    assert "release.ci.jenkins.io" in services
    assert not services & {"release..ci.jenkins.io", "cert.ci.jenkin.io", "nothing", ""}


def test_a_timeline_in_denver_time_ends_when_the_record_does(jenkins: dict[str, dict]) -> None:
    record = jenkins["2021-05-29-no-aci-agents-for-ci-jenkins-io"]
    assert record["timeline"][-1]["at"] == "2021-05-29T20:09-06:00"
    assert record["chronology"]["resolved_at"] == "2021-05-30T02:11:06Z"


@pytest.mark.parametrize(("source", "zone"), [("dfds", None), ("jenkins", "UTC")])
def test_every_mapped_record_fits_the_contract(request: pytest.FixtureRequest, source: str, zone: str | None) -> None:
    contract = Contract(bundle.load())
    imported = {"schema_version": "1.1", "stage": "imported", "provenance": "imported"}
    for name, record in request.getfixturevalue(source).items():
        typed = contract.typed(imported | record)
        assert (name, contract.faults(typed, dict)) == (name, [])
        assert (name, times.unplaced(typed, contract.schema, zone, dict)) == (name, [])


@pytest.mark.parametrize("source", ["dfds", "jenkins"])
def test_the_reader_loses_no_word_of_a_real_document(request: pytest.FixtureRequest, source: str) -> None:
    documents, blocks = request.getfixturevalue(f"{source}_read")
    read = Counter()
    for block in blocks:
        read.update((block["path"], word) for word in re.findall(WORD, block["text"]))
    for document in documents:
        # Left out on purpose: comments, addresses (relative ones lead nowhere), names of code fences, pictures.
        body = re.sub(
            r"<!--.*?-->|\]\([^)]*\)|^\[[^\]^]+\]:.*$|^```\w+|\]\[[^\]]*\]|<br>",
            " ",
            document["text"],
            flags=re.DOTALL | re.MULTILINE,
        )
        written = Counter(re.findall(WORD, body.replace("&amp;", "&").replace("\\", "")))
        assert {word for word, count in written.items() if read[document["path"], word] < count} == set(), document[
            "path"
        ]


def test_the_mappings_give_the_same_records_one_document_at_a_time(dfds: dict[str, dict]) -> None:
    some: list[Mapped] = []
    for path in DFDS[::13]:
        mapped, faults = map_paths(SOURCES / "dfds.sql", [path], lookups=(SOURCES / "dfds_kinds.csv",))
        some += mapped
        assert faults == []
    assert {row.id: row.record for row in some} == {row.id: dfds[row.id] for row in some}
    assert len(some) == 3


def test_a_template_taken_for_a_record_is_quarantined_and_not_counted() -> None:
    (template,) = (DATA / "dfds-postmortems").glob("*template.md")
    mapped, ((path, fault),) = map_paths(SOURCES / "dfds.sql", [template], lookups=(SOURCES / "dfds_kinds.csv",))
    assert (mapped, path, fault.code) == ([], template.name, "PM054")
