"""The mappings of mybinder and posthog on invented reports written in their manner; no real document is needed."""

from __future__ import annotations

import pytest

from tests import foreign

STORM = """# 2031-07-01, Cache storm

## Summary

Pages were slow. A colleague looked at a chart.

[link to Gitter incident start](https://gitter.im/a/b?at=1)

## Timeline

All times in PST

### Jul 1 2031 ca. 17:14pm

Start of incident. Pages are slow.

```
2031-07-01 00:46 WARNING
```

### 18:00-18:20 - First report

Somebody writes.

### 2X:XX (not sure)

Investigation begins in earnest.

### 23:10

Investigation starts, and ends.

## Jul 2, 07:13

Incident resolved.

## Lessons learnt

### What went well

List of things that went well. For example,

1. We were alerted to the outage by automated bots before it affected users
2. Backups were there

### What went wrong

- Nobody was told

### Where we got lucky

1. It was night

## Action items

These are only sample subheadings.

### Process improvements

1. Tell everybody (DONE)

### Proxy

- [x] Limit retries ([Issue](https://example.invalid/o/r/issues/7))
- [ ] Limit users

### What went wrong

- The switch was stuck
"""

LOOP = """# Retry Loop - March 3, 2031

**Date:** March 3-4, 2031

**Severity:** Critical

## Summary

A client retried for ever.

Internal post-mortem: <https://example.invalid/p/9>

## Timeline

| Time (UTC) | Event |
|---|---|
| Mar 3, 10:18 PM | A customer reached out to inform us of errors. |
| 11:02 PM | Incident declared |

## Incident Timeline

### March 4, 2031 - Second wave

**Timeline:**

- **05:39 UTC** - Issue mitigated
- **Note:** no status page

## Impact

- At least 4 customers reported errors

## Lessons Learned

### What went well?

✅ **Logs** were there

### What Went Poorly

❌ **Limits** were not

## Remediation

### Immediate Actions (Completed)

1.  **Stop it**
We stopped

- the loop
- the queue

2. **Say so**

### Long-term Improvements (Q4 2031) ([follow](https://example.invalid/o/r/issues/8))

**In progress (next week):**

- Limits. Owner: @kimb
- ✅ Tests [PR](https://example.invalid/o/r/pull/9)

## What should you do?

Upgrade.
"""

ATTACK = """# Attack

At 4:11 AM UTC on November 24th, packages were replaced. It began earlier.

By 9:30 AM UTC, they were gone.

At 5:40PM on November 18th, somebody opened a request.
"""


@pytest.fixture(scope="module")
def storm() -> dict:
    return foreign.written("mybinder", **{"2031-07-01-cache-storm": STORM})["2031-07-01-cache-storm"]


@pytest.fixture(scope="module")
def loop() -> dict:
    return foreign.written("posthog", **{"2031-03-03-retry loop": LOOP})["2031-03-03-retry-loop"]


def test_a_day_in_one_heading_holds_for_the_clocks_below_it_and_pst_is_the_pacific_clock(storm: dict) -> None:
    assert [event.get("at") for event in storm["timeline"]] == [
        "2031-07-01T17:14-07:00",
        "2031-07-01T18:00-07:00",
        "2031-07-01",
        "2031-07-01T23:10-07:00",
        "2031-07-02T07:13-07:00",
    ]
    assert [event.get("estimated") for event in storm["timeline"]] == [True, None, None, None, None]


def test_an_event_is_its_label_and_all_that_stands_below_it(storm: dict) -> None:
    assert [event["event"] for event in storm["timeline"][:3]] == [
        "Start of incident. Pages are slow.\n\n```\n2031-07-01 00:46 WARNING\n```",
        "[18:00-18:20] First report\n\nSomebody writes.",
        "[2X:XX (not sure)] Investigation begins in earnest.",
    ]


def test_turning_points_are_those_the_report_names(storm: dict) -> None:
    assert storm["chronology"] == {
        "impact_started_at": "2031-07-01T17:14-07:00",
        "detected_at": "2031-07-01T18:00-07:00",
        "acknowledged_at": "2031-07-01T23:10-07:00",
        "resolved_at": "2031-07-02T07:13-07:00",
    }


def test_lessons_are_sorted_as_the_report_sorts_them_without_the_template_s_examples(storm: dict) -> None:
    assert storm["lessons"] == {
        "went_well": ["Backups were there"],
        "went_wrong": ["Nobody was told", "The switch was stuck"],
        "lucky": ["It was night"],
    }


def test_a_tick_is_done_an_empty_box_is_nothing_and_a_ticket_is_kept(storm: dict) -> None:
    assert storm["actions"] == [
        {"id": "A1", "title": "Tell everybody (DONE)", "status": "done"},
        {
            "id": "A2",
            "title": "Proxy: Limit retries (Issue (https://example.invalid/o/r/issues/7))",
            "status": "done",
            "change_control": {"ticket": "https://example.invalid/o/r/issues/7"},
        },
        {"id": "A3", "title": "Proxy: Limit users"},
    ]


def test_the_link_to_the_talk_is_a_reference_and_nothing_is_added_to_the_record(storm: dict) -> None:
    assert storm["external_references"] == [{"system": "gitter.im", "url": "https://gitter.im/a/b?at=1"}]
    assert set(storm) == {
        "id", "title", "source_system", "url", "external_references", "chronology", "timeline", "actions",
        "communication", "lessons",
    }  # fmt: skip


def test_times_of_a_table_of_bullets_and_of_the_head_of_a_report_find_their_day(loop: dict) -> None:
    assert [(event["at"], event["event"]) for event in loop["timeline"]] == [
        ("2031-03-03T22:18Z", "A customer reached out to inform us of errors."),
        ("2031-03-03T23:02Z", "Incident declared"),
        ("2031-03-04T05:39Z", "Issue mitigated"),
    ]
    assert loop["chronology"] == {
        "impact_started_at": "2031-03-03",
        "detected_at": "2031-03-03T22:18Z",
        "acknowledged_at": "2031-03-03T23:02Z",
        "mitigated_at": "2031-03-04T05:39Z",
        "resolved_at": "2031-03-04",
    }


def test_a_severity_is_mapped_by_its_word_and_the_word_stays_to_be_read(loop: dict) -> None:
    assert loop["severity"] == "sev1"
    assert "Severity: Critical" in loop["communication"]["executive_summary"]
    other = foreign.written("posthog", **{"2031-03-03-x": LOOP.replace("Critical", "Grave")})["2031-03-03-x"]
    assert "severity" not in other


def test_bullets_below_a_numbered_measure_belong_to_it_and_an_owner_is_a_person(loop: dict) -> None:
    assert [(action["title"], action.get("status")) for action in loop["actions"]] == [
        ("Immediate Actions (Completed): Stop it We stopped\n- the loop\n- the queue", "done"),
        ("Immediate Actions (Completed): Say so", "done"),
        ("Long-term Improvements (Q4 2031), In progress (next week): Limits.", "in_progress"),
        (
            "Long-term Improvements (Q4 2031), In progress (next week): Tests PR (https://example.invalid/o/r/pull/9)",
            "done",
        ),
    ]
    assert [action.get("change_control") for action in loop["actions"][2:]] == [
        {"ticket": "https://example.invalid/o/r/issues/8"},
        {"ticket": "https://example.invalid/o/r/pull/9"},
    ]
    assert loop["participants"] == [{"person": "kimb", "responsibility": "Owner of A3"}]


def test_impact_lessons_and_advice_stand_in_their_fields(loop: dict) -> None:
    customers = {"who": "customers", "min": 4}
    assert loop["scope"] == {"summary": "- At least 4 customers reported errors", "affected": [customers]}
    assert loop["lessons"] == {"went_well": ["Logs were there"], "went_wrong": ["Limits were not"]}
    assert loop["communication"]["product_implications"] == "Upgrade."
    assert loop["external_references"] == [{"system": "example.invalid", "url": "https://example.invalid/p/9"}]
    assert loop["url"].endswith("/HEAD/2031-03-03-retry%20loop.md")


def test_a_clock_in_prose_without_a_zone_is_a_day() -> None:
    record = foreign.written("posthog", **{"2031-11-26-attack": ATTACK})["2031-11-26-attack"]
    assert [event["at"] for event in record["timeline"]] == ["2031-11-24T04:11Z", "2031-11-24T09:30Z", "2031-11-18"]


def test_a_report_without_any_heading_is_a_record() -> None:
    record = foreign.written("posthog", **{"2031-02-28-flags are down": "Flags were down.\n"})
    assert record["2031-02-28-flags-are-down"]["title"] == "flags are down"
    assert record["2031-02-28-flags-are-down"]["communication"] == {"executive_summary": "Flags were down."}
