"""Every macro a mapping may use, alone: the examples of examples/sources/README.md, and the cases people write."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest.find import FoundFile
from pipelines.ingest.mapping import documents, tables
from pipelines.ingest.readers import markdown
from pipelines.settings import Source
from pipelines.warehouse import literal

README = Path(__file__).parents[2] / "examples/sources/README.md"
FENCE = re.compile(r"^```markdown\n(.*?)^```$", re.DOTALL | re.MULTILINE)
Ask = Callable[[str], object]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Evaluates a call on the README's sample document, as JSON; `data` is its sample of JSON."""
    folder = tmp_path_factory.mktemp("macros")
    (folder / "PM-7.md").write_text(FENCE.search(README.read_text())[1])
    words = {"severity": {"Critical": "sev1"}}
    source = Source("tried", folder, "*", "markdown", words=words)
    file = FoundFile("tried", "PM-7.md", folder / "PM-7.md", "", 0, ignored=False)
    (data,) = re.findall(r"^```json\n(.*?)^```$", README.read_text(), re.DOTALL | re.MULTILINE)
    with tables.opened(source, folder) as connection:
        (found,) = [*documents.declare(connection, source, [file], folder), file]
        (batch,) = documents.load(connection, source, [found])
        connection.execute(f"INSERT INTO _chosen VALUES ({batch.units[0].number})")
        connection.execute(f"CREATE VIEW asked AS SELECT *, {literal(data)}::JSON AS data FROM documents")
        yield lambda call: json.loads(connection.execute(f"SELECT to_json({call}) FROM asked").fetchone()[0] or "null")


def _examples() -> list[tuple[str, str]]:
    _, blocks = markdown.read("README.md", README.read_bytes())
    rows = [
        block["cells"] for block in blocks if block["kind"] == "row" and block["trail"][-1].startswith("The macros")
    ]
    return [(call, gives) for call, gives in rows if "(" in call]


@pytest.mark.parametrize(("call", "gives"), _examples())
def test_the_readme_tells_the_truth_about(ask: Ask, call: str, gives: str) -> None:
    assert ask(call) == json.loads(gives)


def test_every_macro_meant_for_mappings_has_an_example_in_the_readme() -> None:
    shown = set(re.findall(r"[a-z_]+(?=\()", " ".join(call for call, _ in _examples())))
    written = "".join(path.read_text() for path in tables.MACROS.glob("*.sql"))
    assert set(re.findall(r"^CREATE MACRO ([a-z]\w*)", written, re.MULTILINE)) - shown == set()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("371 minutes", 371), ("54 hours 10 minutes", 3250), ("4h 12m", 252), ("4h12m", 252), ("279 minutes [^3]", 279),
        ("19 hours 43 minutes.", 1183), ("11 Days", 15840), ("0 minutes", 0), (" 5 minutes", 5), ("1 day 2 h", 1560),
        ("90 min", 90), ("1.5 hours", 90), ("1,5 hours", 90), ("1,415 minutes", 1415), ("90 seconds", 1.5),
        ("about 2 hours", 120), ("~ 20 min", 20), ("2 hours and 5 minutes", 125), ("1:30:00", 90), ("1:30 h", 90),
        ("1 week", 10080), ("approximately nine hours", 540), ("Two hours and five minutes", 125),
    ],
)  # fmt: skip
def test_a_duration_is_read_as_people_write_it(ask: Ask, text: str, minutes: float) -> None:
    assert ask(f"duration_minutes('{text}')") == minutes
    assert ask(f"duration('{text}')") == minutes


@pytest.mark.parametrize(
    "text",
    ["?", "N/A", "", " ", "XXX", "371", "1:30", "3-4 hours", "5 minutes, 10 minutes", "10 minutes 3 hours",
     "> 5 minutes", "up to 2 hours", "less than 5 minutes", "2 months", "minutes", "5 apples", "an hour", "none"],
)  # fmt: skip
def test_a_duration_that_is_not_sure_is_no_number(ask: Ask, text: str) -> None:
    assert ask(f"duration_minutes('{text}')") is None


def test_an_author_s_own_word_becomes_a_state_and_a_blank_or_placeholder_does_not(ask: Ask) -> None:
    words = ["?", "N/A", "n/a", "unknown", "not applicable", "redacted", "", "XXX", "tbd", "5 minutes"]
    states = [
        "unknown",
        "not_applicable",
        "not_applicable",
        "unknown",
        "not_applicable",
        "withheld",
        None,
        None,
        None,
        None,
    ]
    assert [ask(f"duration_state('{word}')") for word in words] == states


@pytest.mark.parametrize(
    ("text", "words", "minutes"),
    [
        ("unusable for about 1h50m, and unstable for ~1 day", "unusable for", 110),
        ("unusable for about 1h50m, and unstable for ~1 day", "unstable for", 1440),
        ("an outage lasting 1 hour and 48 minutes, from 16:58", "lasting", 108),
        ("Detection delay: 4 hours 14 minutes", "Detection delay", 254),
        ("it took a long time (five hours) to see", "a long time (", 300),
        ("It lasted over 14 hours", "lasted", None),
        ("It lasted 10-30 minutes", "lasted", None),
        ("It lasted nearly an hour", "lasted", None),
        ("It lasted 2 months", "lasted", None),
        ("It lasted until noon, 2 hours", "lasted", None),
        ("It took 2 hours", "lasted", None),
    ],
)
def test_a_duration_in_prose_is_the_one_that_follows_its_words(
    ask: Ask, text: str, words: str, minutes: float | None
) -> None:
    assert ask(f"duration_after('{text}', '{words}')") == minutes


def test_an_absent_duration_is_absent(ask: Ask) -> None:
    assert ask("[duration(NULL), duration_state(NULL)]") == [None, None]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2020-01-20 13:50", "2020-01-20T13:50+01:00"),
        ("2020-10-06 09:00 - 11:00", "2020-10-06T09:00+02:00"),
        ("2020-10-06 09:00-11:00", "2020-10-06T09:00+02:00"),
        ("~2025-03-03 19:30", "2025-03-03T19:30+01:00"),
        ("2020-11-17 10:45~", "2020-11-17T10:45+01:00"),
        ("2024-04-09 8:40", "2024-04-09T08:40+02:00"),
        ("2022-08-03 12:26-12:??", "2022-08-03T12:26+02:00"),
        ("2021-12-10   15:40", "2021-12-10T15:40+01:00"),
        ("2020-01-20 1:05 pm", "2020-01-20T13:05+01:00"),
        ("2020-01-20 12:05 am", "2020-01-20T00:05+01:00"),
        ("2020-01-20 16h30", "2020-01-20T16:30+01:00"),
        ("2017-11-30 16:22 PST", "2017-11-30T16:22-08:00"),
        ("2021-05-30 08:13 UTC+2", "2021-05-30T08:13+02:00"),
        ("2021-05-30T08:13:05+0530", "2021-05-30T08:13:05+05:30"),
        ("2021-04-14T7:30:00-00:00", "2021-04-14T07:30:00Z"),
        ("2021-05-30T08:13Z", "2021-05-30T08:13Z"),
        ("2020-10-06 09:00:00-11:00:00", "2020-10-06T09:00:00+02:00"),
        ("2021-05-30 08:13:05+00", "2021-05-30T08:13:05Z"),
        ("2021-05-30 08:13:05.25-03", "2021-05-30T08:13:05-03:00"),
        ("20:13 on 3rd of May, 2021", "2021-05-03T20:13+02:00"),
    ],
)  # fmt: skip
def test_a_time_is_read_with_the_zone_beside_it_or_else_the_one_given(ask: Ask, text: str, at: str) -> None:
    assert ask(f"instant('{text}', '{text}', 'Europe/Copenhagen')") == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2021-12-10", "2021-12-10"), ("2019-12-03 --:--", "2019-12-03"), ("2021-09-10 HH:mm", "2021-09-10"),
        ("2024-03-13 14:??", "2024-03-13"), ("2024-03-13 25:10", "2024-03-13"), ("2024-03-13 12:00 IST", "2024-03-13"),
        ("2022-05-?? HH:mm", None), ("2021/22-??-?? HH:mm", None), ("20202-01-16 12:00", None),
        ("20xx-MM-DD HH:mm", None),
        ("2022-02-30 10:00", None), ("01/02/2018 10:00", None), ("", None), ("10:00", None),
    ],
)  # fmt: skip
def test_a_placeholder_fills_nothing_in(ask: Ask, text: str, at: str | None) -> None:
    assert ask(f"instant('{text}', '{text}', 'UTC')") == at


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Oct 29", "2025-10-29"), ("22:30 UTC (Oct 29)", "2025-10-29"), ("October 29-30, 2025", "2025-10-29"),
        ("19. August, 11:00", "2025-08-19"), ("11th of September", "2025-09-11"), ("November 24th", "2025-11-24"),
        ("Jan 2", "2026-01-02"), ("Jan 2, 2019", "2019-01-02"), ("April 19", None), ("2X:XX", None), ("Oct 32", None),
        ("node 3 may fail", None), ("10:18 Nov", None), ("Novembers 4", None), ("", None),
    ],
)  # fmt: skip
def test_a_day_without_its_year_is_the_one_nearest_to_the_day_given(ask: Ask, text: str, day: str | None) -> None:
    assert ask(f"day_near('{text}', '2025-10-21')") == day


def test_a_day_without_its_year_is_none_where_no_day_is_given(ask: Ask) -> None:
    assert ask("[day_near('Oct 29', NULL), day_near('Oct 29 2025', NULL)]") == [None, "2025-10-29"]


def test_the_half_of_the_day_may_be_said_twice_and_not_contradicted(ask: Ask) -> None:
    clocks = [ask(f"clock_in('{text}')") for text in ("17:14pm", "17:14 am", "7:01am", "12:00 PM")]
    assert clocks == ["17:14", None, "07:01", "12:00"]


def test_a_written_day_holds_until_the_next_one(ask: Ask) -> None:
    entries = ", ".join(
        f"{{'when': '{when}', 'event': {event}, 'line': {line}}}"
        for line, (when, event) in enumerate(
            [
                ("10:00", "'a'"),
                ("Oct 29", "NULL"),
                ("22:30 PST", "'b'"),
                ("~05:39-06:00 (Oct 30)", "'c'"),
                ("06:10", "'d'"),
            ]
        )
    )
    assert ask(f"dated([{entries}], 'UTC', '2025-10-21')") == [
        {"at": "2025-10-21T10:00Z", "event": "a", "estimated": None, "line": 0},
        {"at": "2025-10-29T22:30-08:00", "event": "b", "estimated": None, "line": 2},
        {"at": "2025-10-30T05:39Z", "event": "[~05:39-06:00 (Oct 30)] c", "estimated": True, "line": 3},
        {"at": "2025-10-30T06:10Z", "event": "d", "estimated": None, "line": 4},
    ]


def test_links_end_before_the_point_of_the_sentence_and_tickets_are_issues_and_pull_requests(ask: Ask) -> None:
    text = "(PR (https://a.invalid/o/r/pull/5)). See https://a.invalid/x?q=1&r=2, https://a.invalid/o/r/issues/7."
    assert ask(f"links_in('{text}')") == [
        "https://a.invalid/o/r/pull/5",
        "https://a.invalid/x?q=1&r=2",
        "https://a.invalid/o/r/issues/7",
    ]
    assert ask(f"tickets_in('{text} {text}')") == ["https://a.invalid/o/r/pull/5", "https://a.invalid/o/r/issues/7"]


def test_a_tick_is_a_mark_and_not_the_word_done(ask: Ask) -> None:
    marked = ["[x] a", "[X] a", "✅ a", "a (DONE)", "a (done).", "[ ] a", "a is done", "not (done) yet", "a"]
    assert [ask(f"tick_in('{text}')") for text in marked] == [True, True, True, True, True, False, None, None, None]
    assert [ask(f"without_tick('{text}')") for text in ("[ ] a", "❌ a", "a ✅")] == ["a", "a", "a ✅"]


def test_cet_is_a_fixed_offset_and_a_place_has_summer_time(ask: Ask) -> None:
    zones = ("CET", "Europe/Copenhagen", "UTC", "GMT+2", "-05:00", "America/St_Johns")
    offsets = ["+01:00", "+02:00", "+00:00", "+02:00", "-05:00", "-02:30"]
    assert [ask(f"zone_offset('{zone}', '2021-07-01', '10:00')") for zone in zones] == offsets


def test_a_zone_that_does_not_exist_is_an_error_and_not_a_guess(ask: Ask) -> None:
    with pytest.raises(duckdb.Error, match="Mars/Olympus"):
        ask("instant('2021-07-01', '10:00', 'Mars/' || 'Olympus')")


@pytest.mark.parametrize(
    ("bullet", "when", "event"),
    [
        ("16:37 Denver - Restarted", "16:37 Denver", "Restarted"),
        ("2021-05-30T08:13 - Blocked", "2021-05-30T08:13", "Blocked"),
        ("[16:58–18:46 UTC] – broke", "16:58–18:46 UTC", "broke"),
        ("2020-11-23: Azure is looking", "2020-11-23", "Azure is looking"),
        ("16:37 Restart begins", "16:37", "Restart begins"),
        ("22:30 UTC (Oct 29) - Reported", "22:30 UTC (Oct 29)", "Reported"),
        ("5 nodes - bad", None, "5 nodes - bad"),
        ("Review: 3 of them", None, "Review: 3 of them"),
    ],
)
def test_a_bullet_gives_its_time_and_its_event(ask: Ask, bullet: str, when: str | None, event: str) -> None:
    assert ask(f"time_and_event('{bullet}')") == {"when": when, "event": event}


def test_what_a_written_time_says_beyond_what_was_read_is_noticed(ask: Ask) -> None:
    more = [
        "2020-10-06 09:00 - 11:00", "2024-03-13 14:??", "20202-01-16 12:00", "2022-05-?? HH:mm", "17:00-18:00", "2X:XX",
    ]  # fmt: skip
    no_more = [
        "2020-01-20 13:50",
        "2021-09-10 HH:mm",
        "2019-12-03 --:--",
        "10:45~",
        "2021-04-14T07:30:00-00:00",
        "16:37 UTC",
        "Sep 27 2017 13:06",
        "19. April, 11:00",
    ]
    assert [ask(f"_says_more('{written}')") for written in more + no_more] == [True] * len(more) + [False] * len(
        no_more
    )


@pytest.mark.parametrize(
    ("heading", "key"),
    [("Contributing Factors (findings)", "contributing factors"), ("1. Summary:", "summary"),
     ("2.1 Timeline", "timeline"), ("  Lessons   ", "lessons"), ("2021 review", "2021 review"),
     ("(x)", "(x)"), ("What happened?", "what happened?")],
)  # fmt: skip
def test_a_heading_is_known_without_what_varies(ask: Ask, heading: str, key: str) -> None:
    assert ask(f"heading_key('{heading}')") == key
