"""A project with a history: several deliveries of native, mapped and zipped sources, with all that can befall a record.

Here: the deliveries, each one `project.ingest()` or the run a test chooses. Not here: assertions.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
import yaml

from tests.projects import NATIVE, Project, record

TICKETS = {
    "name": "tickets",
    "glob": "${TICKETS}/*.csv",
    "reader": "csv",
    "mapping": "tickets.sql",
    "group_by": "ticket",
    "lookups": ["teams.csv"],
    "word_files": ["severities.csv"],
}
ZIPPED = {"name": "zipped", "glob": "zips/*.zip", "reader": "native", "time_zone": "UTC", "ignore": ["*.txt"]}
SQL = """
SELECT ticket AS id, path, min(item) AS item,
  {title: arg_min(rows.title, item), severity: our_word('severity', arg_min(severity, item)),
   scope: {summary: arg_min(teams.long_name, item)}} AS record
FROM rows LEFT JOIN teams ON teams.team = rows.team GROUP BY ticket, path
"""
FILES = {
    "tickets.sql": SQL,
    "teams.csv": "team,long_name\na,Team Alder\nb,Team Birch\n",
    "severities.csv": "field,written,word\nseverity,High,sev1\n",
    "tickets/2026.csv": "ticket,title,severity,team\nT-1,Scores late,High,a\nT-1,Scores late,High,a\nT-2,Empty,Odd,b\n",
}


def zipped(members: dict[str, dict | str]) -> bytes:
    """A zip with these files."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content if isinstance(content, str) else yaml.safe_dump(content))
    return kept.getvalue()


def deliver_all(project: Project, monkeypatch: pytest.MonkeyPatch, take: Callable[[], object]) -> None:
    """Five deliveries, an hour apart, each taken by `take`."""
    monkeypatch.setenv("TICKETS", "tickets")
    for hour, change in enumerate((_first, _edits, _redeclared, _nothing, _returns), 6):
        monkeypatch.setenv("FAULTLINES_NOW", f"2026-11-16T{hour:02d}:00:00Z")
        change(project)
        take()


def _place(project: Project, name: str, content: str | bytes) -> None:
    path = project.home / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _first(project: Project) -> None:
    project.declare([NATIVE, TICKETS, ZIPPED])
    for name, content in FILES.items():
        _place(project, name, content)
    for number in range(4):
        project.write(f"{number}.yml", record(number))
    project.write("bad.yml", "id: [")
    _place(project, "zips/old.zip", zipped({"a/7.yml": record(7), "b/8.yml": record(8), "b/note.txt": "no record"}))
    _place(project, "zips/torn.zip", zipped({"a/9.yml": record(9)})[:-9])


def _edits(project: Project) -> None:
    project.write("0.yml", record(0, title="Scores were late"))
    project.write("1.yml", "id: INC-2026-00001\nseverity: high\n")  # what was known stays
    (project.home / "records" / "2.yml").unlink()
    project.write("late.yml", record(20, recorded_at="2026-02-01T00:00:00Z"))
    project.write("3 again.yml", record(3))
    project.write("0 otherwise.yml", record(0, title="Scores were wrong"))
    _place(project, "zips/old.zip", zipped({"a/7.yml": record(7, severity="sev1"), "c/10.yml": record(10)}))


def _redeclared(project: Project) -> None:
    """The mapping, its lists and a source's name are not what they were: the earlier readings are not touched."""
    trusted = NATIVE | {"name": "renamed", "trusted_times": True}
    project.declare([trusted, TICKETS | {"words": {"severity": {"Odd": "sev3"}}}, ZIPPED | {"least_share_kept": 0.1}])
    _place(project, "tickets.sql", SQL.replace("arg_min(rows.title, item)", "'Ticket: ' || arg_min(rows.title, item)"))
    _place(project, "teams.csv", "team,long_name\na,Team Ash\n")


def _nothing(project: Project) -> None:
    """A run that finds no change, as the first one of a week."""


def _returns(project: Project) -> None:
    project.write("2.yml", record(2))
    project.write("1.yml", record(1, severity="sev2"))
    _place(project, "zips/torn.zip", zipped({"a/9.yml": record(9)}))
    (project.home / "records" / "late.yml").unlink()
