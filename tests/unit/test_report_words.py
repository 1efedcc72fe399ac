"""How the page speaks: counts and never causes, one home for each sentence, weeks and numbers as people write them."""

import re
from datetime import date
from pathlib import Path

import pytest

from pipelines.report import print_forms, sentences, weeks

CAUSAL = r"\b(because|caused?s?|due to|led to|leads? to|result(ed|s)? (in|from)|thanks to|owing|drove|driven|root of)\b"


def test_no_sentence_states_a_cause():
    for name, template in sentences.TEMPLATES.items():
        said = re.sub("root cause|due date|contributing factor", "", template)
        assert not re.search(CAUSAL, said, flags=re.IGNORECASE), name
        assert "%s" not in template
        assert "↑" not in template


def test_every_sentence_is_said_somewhere_and_nothing_else_is():
    report = Path(sentences.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in report.glob("*.py") if path.name != "sentences.py")
    said = set(re.findall(r'say\(\s*f?"([a-z0-9_{}]+)"', code)) | {"synthetic_all", "synthetic_some"}
    built = {f"cannot_{part}" for part in ("status", "team", "due_date", "success_metric")}
    assert {name for name in said if "{" in name} == {"cannot_{name}"}
    assert {name for name in said if "{" not in name} | built == set(sentences.TEMPLATES)


def test_a_sentence_without_its_value_is_an_error():
    with pytest.raises(KeyError):
        sentences.say("so_far", number=47)


@pytest.mark.parametrize("week", ["2026-W47", "2026-W53", "2020-W01"])
def test_a_week_of_the_calendar_is_read(week):
    assert "{}-W{:02}".format(*weeks.monday(week).isocalendar()) == week


@pytest.mark.parametrize(
    "week", ["2025-W53", "2026-W00", "2026-W54", "2026-W7", "2026-w47", "٢٠٢٦-W47", "2026-47", "0000-W01", ""]
)
def test_what_the_calendar_does_not_hold_is_refused_with_the_way_to_write_it(week):
    with pytest.raises(ValueError, match="write it as 2026-W47"):
        weeks.monday(week)


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (date(2026, 11, 16), "16–22 November 2026"),
        (date(2026, 11, 30), "30 November – 6 December 2026"),
        (date(2020, 12, 28), "28 December 2020 – 3 January 2021"),
    ],
)
def test_a_span_takes_no_more_months_and_years_than_it_needs(first, words):
    assert weeks.span(first) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (None, "–"),
        (0, "0 min"),
        (119.4, "119 min"),
        (120, "2.0 h"),
        (2879, "48.0 h"),
        (2880, "2.0 d"),
        (146160, "102 d"),
    ],
)
def test_a_duration_is_written_in_one_unit(minutes, words):
    assert print_forms.duration(minutes) == words


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("a\u0000b\u202ec", "abc"),
        (" a\n\tb ", "a b"),
        ("x" * 200, "x" * 119 + "…"),
        (None, ""),
        ("{{ 7*7 }}", "{{ 7*7 }}"),
    ],
)
def test_others_words_become_one_printable_line(written, printed):
    assert print_forms.plain(written) == printed
