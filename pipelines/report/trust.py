"""How far to trust the page, and what it cannot say: both computed from the data (Q5, Q7, Q11–Q16, Q21, Q24).

Belongs here: the honest half of the page. A line appears because a count says so, not because somebody remembered.
"""

from datetime import date, datetime

from pipelines.report import filing, weeks
from pipelines.report.print_forms import count, plain, words
from pipelines.report.sentences import say

SHOWN = 4  # reasons, rules and sections; the query names the rest
SHOWN_SOURCES = 6


def section(rows: dict[str, list[dict]]) -> dict:
    """From the rows of every figure, by its query."""
    (totals,), completeness, findings, quarantine, sources = (rows[f"Q{n}"] for n in (7, 11, 12, 13, 14))
    files, held_back = (sum(row[key] for row in sources) for key in ("files", "quarantined_files"))
    said = []
    if totals["incidents"]:
        said.append(say("category_share", n=totals["with_category"], count=count(totals["incidents"], "incident")))
    if totals["records"]:
        if totals["newest_on"]:
            said.append(say("newest", day=weeks.day(date.fromisoformat(totals["newest_on"]))))
        said += filing.trust(rows["Q21"])
        said += _completeness(completeness)
        said.append(_findings(findings, totals))
    if totals["faulty_chronology"]:
        said.append(say("faulty", count=count(totals["faulty_chronology"], "record")))
    said.append(_quarantine(quarantine, held_back, files))
    said += _names(rows["Q24"])
    return {
        "sentences": said,
        "counts": {key: totals[key] for key in ("records", "incidents", "near_misses", "other_kinds", "with_category")},
        "quarantine": [
            {"code": plain(row["code"]), "files": row["files"], "faults": row["faults"], "fix": plain(row["fix"])}
            for row in quarantine[:SHOWN]
        ],
        "quarantine_more": _more(quarantine, SHOWN, "Q13"),
        "findings": [
            {name: plain(row[name]) for name in ("rule", "severity")}
            | {name: row[name] for name in ("findings", "records")}
            for row in findings[:SHOWN]
        ],
        "findings_more": _more(findings, SHOWN, "Q12"),
        "sources": [_source(row) for row in sources[:SHOWN_SOURCES]],
        "sources_more": _more(sources, SHOWN_SOURCES, "Q14"),
        "queries": ["Q7", "Q11", "Q12", "Q13", "Q14", "Q21", "Q24"],
    }


def _completeness(rows: list[dict]) -> list[str]:
    asked, answered, stated = (sum(row[key] for row in rows) for key in ("asked", "answered", "stated_without_value"))
    if not asked:
        return []
    said = [say("completeness", answered=f"{answered:,}", asked=f"{asked:,}", stated=f"{stated:,}")]
    lacking = [row for row in rows if row["missing"]]
    lacking.sort(key=lambda row: (-row["missing"] / row["asked"], row["section"]))
    if lacking:
        names = [f"{words(row['section'])} ({row['answered']:,} of {row['asked']:,})" for row in lacking[:SHOWN]]
        said.append(say("least_complete", sections=", ".join(names)))
    return said


def _findings(rows: list[dict], totals: dict) -> str:
    if not rows:
        return say("no_findings")
    return say(
        "findings",
        count=count(sum(row["findings"] for row in rows), "finding"),
        records=f"{totals['with_findings']:,}",
        all=count(totals["records"], "record"),
    )


def _quarantine(rows: list[dict], held_back: int, files: int) -> str:
    if rows:
        return say("quarantine", files=f"{held_back:,}", count=count(files, "file"))
    return say("no_quarantine", count=count(files, "file")) if files else say("no_files")


def _names(lost: list[dict]) -> list[str]:
    if not lost:
        return []
    named = [f"{row['line_id']} ({plain(row['name'], 60)})" for row in lost[:SHOWN]]
    more = [say("names_more", n=len(lost) - SHOWN)] if len(lost) > SHOWN else []
    return [say("names_lost", names=", ".join(named + more))]


def _source(row: dict) -> dict:
    kept = ("files", "ignored", "quarantined_files", "records", "incidents")
    last = row["last_received"]
    return {
        "source": plain(row["source"], 60),
        **{key: row[key] for key in kept},
        "last_received": weeks.instant(datetime.fromisoformat(last)) if last else None,
    }


def _more(rows: list, shown: int, query: str) -> str | None:
    return say("more", n=len(rows) - shown, query=query) if len(rows) > shown else None


def banner(totals: dict) -> str | None:
    """A page made from invented records must say so where nobody can miss it."""
    if not totals["synthetic"]:
        return None
    name = "synthetic_all" if totals["synthetic"] == totals["records"] else "synthetic_some"
    return say(name, n=f"{totals['synthetic']:,}", count=count(totals["records"], "record"))


def cannot_say(totals: dict, phases: list[dict], stated: dict, fixes: list[dict], by_age: list[dict]) -> list[str]:
    """Gaps first, each with its size; then what holds for every page."""
    incidents = totals["incidents"]
    said = []
    if incidents:
        said += _about_incidents(totals, {row["phase"]: row["known"] for row in phases}, stated["with_root_cause"])
    if stated["actions"]:
        all_actions = count(stated["actions"], "action")
        for name in ("status", "team", "due_date", "success_metric"):
            key = f"with_{name}"
            if stated[key] < stated["actions"]:
                said.append(say(f"cannot_{name}", n=f"{stated['actions'] - stated[key]:,}", count=all_actions))
    checked = {row["verification"]: row["actions"] for row in fixes if row["verification"] != "not_implemented"}
    if checked.get("unverified"):
        implemented = count(sum(checked.values()), "action")
        said.append(say("cannot_unverified", n=f"{checked['unverified']:,}", count=implemented))
    if totals["imported"]:
        said.append(say("cannot_imported", n=f"{totals['imported']:,}", count=count(totals["records"], "record")))
    if not by_age:
        said.append(say("cannot_late_filing"))
    return said + [say("cannot_exposure"), say("cannot_why")]


def _about_incidents(totals: dict, known: dict[str, int], with_root_cause: int) -> list[str]:
    incidents = totals["incidents"]
    every = count(incidents, "incident")
    said = []
    if totals["with_category"] < incidents:
        said.append(say("cannot_category", n=f"{incidents - totals['with_category']:,}", count=every))
    if totals["with_week"] < incidents:
        said.append(say("cannot_start", n=f"{incidents - totals['with_week']:,}", count=every))
    for phase in ("detect", "acknowledge", "mitigate", "resolve"):
        if not known.get(phase):
            said.append(say("cannot_phase", phase=phase))
        elif known[phase] < incidents:
            said.append(say("cannot_phase_part", phase=phase, n=f"{known[phase]:,}", count=every))
    if not totals["with_severity"]:
        said.append(say("cannot_no_severity"))
    elif totals["with_severity"] < incidents:
        said.append(say("cannot_severity", n=f"{incidents - totals['with_severity']:,}", count=every))
    if not with_root_cause:
        said.append(say("cannot_no_root_cause"))
    elif with_root_cause < incidents:
        said.append(say("cannot_root_cause", n=f"{incidents - with_root_cause:,}", count=every))
    return said
