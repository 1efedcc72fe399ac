"""schemas/blameless.yml: the norms of blameless feedback, and blame_in() and neutral_for() as SQL.

Here: what only looks like blame, taken out before it is looked for. Not here: the words that blame and their neutral
wordings (schemas/rules.yml), the rule that warns (PM505).
"""

from __future__ import annotations

import re
from functools import cache

from pipelines.ingest.readers import yaml_events
from pipelines.settings import SCHEMAS
from pipelines.warehouse import literal

FILE = SCHEMAS / "blameless.yml"


def norms() -> tuple[str, ...]:
    """The norms of blameless feedback, one sentence each, for whoever writes or reviews a record."""
    return tuple(_written()["norms"])


def macros(wordings: dict[str, str]) -> str:
    """SQL: blame_in(text) is the first word that blames, or ''; neutral_for(word) its neutral wording.

    What is no blame is taken out of texts that hold such a word at all: few do, and replacing costs more than looking.
    A map, because DuckDB writes the word out once for each branch of a CASE, and compiles its patterns each time.
    """
    listed = ", ".join(f"{literal(word)}: {literal(neutral)}" for word, neutral in wordings.items())
    # the longest first: RE2 takes the first alternative that fits, and "careless" is inside "carelessness"
    words = "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in sorted(wordings, key=len, reverse=True))
    pattern = literal(rf"\b({words})\b")
    no_blame = literal("|".join(f"(?:{each})" for each in _written()["no_blame"]).replace("{words}", words))
    return (
        f"CREATE OR REPLACE TEMP MACRO blame_in(t) AS CASE WHEN regexp_matches(lower(t), {pattern}) THEN "
        f"regexp_extract(regexp_replace(lower(t), {no_blame}, '…', 'g'), {pattern}, 1) ELSE '' END;"
        rf"CREATE OR REPLACE TEMP MACRO neutral_for(word) AS MAP {{{listed}}}[regexp_replace(word, '[\s-]+', ' ', 'g')]"
    )


@cache
def _written() -> dict:
    return yaml_events.load(FILE.read_text(encoding="utf-8"))
