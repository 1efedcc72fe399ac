"""The facts of one page: every figure from a named query over a published warehouse, in one dict, in the same bytes.

Belongs here: running the queries, putting the parts together, the snapshot, the one way to print JSON.
Does not belong here: the machine, the clock, a generation or a path; wording (sentences); positions (the renderers).
"""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta

from pipelines.report import changes, durations, fixes, lines, queries, trust, verdict, weeks, work

FORMAT = "1"


def build(con, week: str, as_of: datetime, code_version: str) -> dict:
    """The facts for an ISO week from a connection to a warehouse that shows the state known on `as_of`.

    A warehouse of another instant is refused: a page must not claim one moment and count another.
    """
    _hold_to_instant(con, as_of)
    figures, rows = {}, {}
    for name, query in queries.catalogue().items():
        _, columns, found = queries.run(con, name, week, as_of)
        rows[name] = [dict(zip(columns, row, strict=True)) for row in found]
        figures[name] = {
            "title": query.title,
            "question": query.question,
            "parameters": queries.parameters(query, week, as_of),
            "rows": len(found),
            "sha256": queries.result_hash(columns, found),
        }
    return {"format": FORMAT, **_page(rows, week, as_of, code_version), "figures": figures}


def _hold_to_instant(con, as_of: datetime) -> None:
    (micros,) = con.execute("select epoch_us(as_of) from raw.as_of").fetchone()
    if micros != round(as_of.astimezone(UTC).timestamp() * 1_000_000):
        shown = datetime.fromtimestamp(micros / 1_000_000, UTC).isoformat()
        raise ValueError(f"this warehouse shows what was known on {shown}, not on {as_of.isoformat()}")


def _page(rows: dict[str, list[dict]], week: str, as_of: datetime, code_version: str) -> dict:
    first = weeks.monday(week)
    last = first + timedelta(days=6)
    today = as_of.astimezone(UTC).date()
    totals, stated = rows["Q7"][0], rows["Q16"][0]
    cards = changes.cards(rows["Q1"], rows["Q2"], rows["Q20"], week)
    recent = totals["incidents_52_weeks"]
    return {
        "page": _heading(rows["Q17"][0], week, first, as_of, code_version),
        "banner": trust.banner(totals),
        "verdict": verdict.verdict(cards, rows["Q1"], week, first <= today) | {"query": "Q1"},
        "decisions": work.decisions(rows["Q8"], rows["Q4"]),
        "changes": {"cards": cards, "note": changes.note(cards), "queries": ["Q1", "Q2", "Q20"]},
        "lines": lines.section(rows["Q18"], rows["Q19"][0], totals["incidents"]),
        "causes": work.causes(rows["Q3"], totals, last),
        "actions": work.actions(rows["Q4"], today),
        "fixes": fixes.section(rows["Q5"], rows["Q22"], rows["Q23"][0]),
        "durations": durations.section(rows["Q6"], rows["Q10"], recent, last),
        "ahead": work.ahead(rows["Q9"], rows["Q4"], today),
        "trust": trust.section(rows),
        "cannot_say": {
            "sentences": trust.cannot_say(totals, rows["Q15"], stated, rows["Q5"], rows["Q21"]),
            "queries": ["Q5", "Q7", "Q15", "Q16", "Q21"],
        },
        "reproduce": _reproduce(week, as_of),
    }


def _heading(known: dict, week: str, first: date, as_of: datetime, code_version: str) -> dict:
    return {
        "title": f"Incident summary, week {weeks.number(week)}",
        "week": week,
        "dates": weeks.span(first),
        "as_of": queries.instant(as_of),
        "as_of_text": weeks.instant(as_of),
        "snapshot": snapshot(known, code_version),
        "code_version": code_version,
    }


def snapshot(known: dict, code_version: str) -> str:
    """What the page was made from: the revision known of each record, as one hash, and the code that read them."""
    return hashlib.sha256(f"{code_version}\n{known['content_hashes_sha256']}".encode()).hexdigest()


def _reproduce(week: str, as_of: datetime) -> dict:
    instant = queries.instant(as_of)
    return {
        "page": f"faultlines report weekly --week {week} --as-of {instant}",
        "figure": f"faultlines report query Q1 --week {week} --as-of {instant}",
    }


def to_bytes(facts: dict) -> bytes:
    """Sorted keys, two spaces, one newline at the end: the only spelling of facts.json."""
    return (json.dumps(facts, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()
