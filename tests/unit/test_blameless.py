"""Blame draws a warning with a neutral wording; whoever speaks of blame without blaming draws none."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pytest

from pipelines.quality import blameless, rules

WORDINGS = rules.load().wordings


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(blameless.macros(WORDINGS))
    return con


def blamed(con: duckdb.DuckDBPyConnection, texts: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """The word that blames and its neutral wording, for each text; one statement, since each compiles the patterns."""
    found = con.execute("SELECT t, blame_in(t), neutral_for(blame_in(t)) FROM (SELECT unnest(?) AS t)", [list(texts)])
    return {text: (word, neutral) for text, word, neutral in found.fetchall()}


def test_each_word_that_blames_is_found_and_has_its_neutral_wording(con: duckdb.DuckDBPyConnection) -> None:
    said = {f"In short: {word.upper().replace(' ', '-', 1)} at 06:40.": neutral for word, neutral in WORDINGS.items()}
    assert {text: neutral for text, (_, neutral) in blamed(con, said).items()} == said


BLAME = [
    "The root cause was human error.",
    "A human-error in the deploy step",
    "The on-call was careless and the engineer should have known better.",
    "The check was not run. Human error again",
    "No alert fired; sloppy work by the team",
    'The "stable" build was broken by the operator\'s carelessness',
    "They were to blame for the outage",
    "The vendor failed to follow the runbook",
]


def test_blame_is_found_in_a_sentence(con: duckdb.DuckDBPyConnection) -> None:
    assert [text for text, (word, _) in blamed(con, BLAME).items() if not word] == []


NO_BLAME = [
    "The review was blameless, and the culture blame-free",
    "Nobody is to blame",
    "No one was to blame for it",
    "This was not human error but a missing check",
    "It wasn't carelessness",
    "It was more than a human error",
    "We look at the form instead of human error",
    'The course "Human error in operations" was moved',
    "The ticket was closed as “human error”",
    "The label `operator error` was removed",
    "Their fault tolerance was tested by fault injection",
    "The model is below the human error rate",
    "User error messages rose to 4 %",
    "The fat-finger check let 10,000 through",
    "Smoothing by stupid backoff",
    "The job failed to start, the probe should have caught it, the parser ignored the column",
    "A segmentation fault in the forget gate; lazy loading was off; the culprit was a cache",
]


def test_whoever_does_not_blame_is_not_warned(con: duckdb.DuckDBPyConnection) -> None:
    assert [text for text, (word, _) in blamed(con, NO_BLAME).items() if word] == []


def test_no_norm_and_no_neutral_wording_blames(con: duckdb.DuckDBPyConnection) -> None:
    assert len(blameless.norms()) > 5
    said = blamed(con, (*blameless.norms(), *WORDINGS.values()))
    assert [text for text, (word, _) in said.items() if word] == []
