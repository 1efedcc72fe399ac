"""A small published warehouse by hand: the tables the report reads, filled row by row in a test's own words.

Only what the report reads is here. The dbt contracts own the columns; test_report_contract holds this file to them.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import duckdb

from pipelines.analysis import nowcast, series, tables

AS_OF = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
CATEGORIES = ("data_quality_anomaly", "model_performance_regression", "service_degradation", "unknown")

TABLES = {
    "raw.as_of": "as_of timestamptz",
    "raw.revisions": "record_id varchar, revision_id varchar, content_hash varchar",
    "raw.files": "source varchar, path varchar, sha256 varchar, kind varchar, records integer, quarantined integer, "
    "received_at timestamptz, generation bigint",
    "raw.quarantine": "generation bigint, received_at timestamptz, source varchar, path varchar, line integer, "
    "field varchar, code varchar, message varchar, fix varchar, record_id varchar, file_sha256 varchar",
    "quality.findings": "rule varchar, severity varchar, record_id varchar, revision_id varchar, field varchar, "
    "message varchar",
    "marts.incidents": "record_id varchar, revision_id varchar, source varchar, path varchar, title varchar, "
    "record_kind varchar, stage varchar, provenance varchar, category varchar, severity varchar, is_counted boolean, "
    "started_at timestamptz, started_at_precision varchar, started_week varchar, started_week_on date, "
    "is_chronology_faulty boolean, known_at timestamptz",
    "marts.incident_phases": "record_id varchar, phase varchar, basis varchar, minutes double, state varchar, "
    "set_aside_by varchar",
    "marts.causes": "record_id varchar, kind varchar, position integer, code varchar, owner_team varchar",
    "marts.actions": "record_id varchar, position integer, action_id varchar, title varchar, status varchar, "
    "owner_team varchar, due_on date, is_open boolean, days_late integer, lateness varchar, verification varchar, "
    "success_metric varchar",
    "marts.completeness": "record_id varchar, section varchar, asked integer, answered integer, "
    "stated_unknown integer, stated_not_applicable integer, stated_withheld integer, missing integer",
    "intermediate.int_facet_sets": "of_sets bigint",
    "intermediate.int_repeats": "record_id varchar",
    "intermediate.int_series_weeks": "kind varchar, series varchar, week_on date, incidents bigint",
    "intermediate.int_filing_delays": "category varchar, week_on date, delay_days bigint, incidents bigint",
    "raw.exposures": "kind varchar, series varchar, from_on date, exposure double",
    "marts.category_weeks": "category varchar, week varchar, week_on date, is_full boolean, incidents bigint, "
    "near_misses bigint",
}


# What the analysis finds by looking at records themselves: here by hand, in the columns of its contract.
FOUND = ("fault_lines", "fault_line_incidents", "fault_line_names", "prevention", "survival")


class Warehouse:
    """Rows wait in memory so that a test can shuffle the order in which they are inserted."""

    def __init__(self, as_of: datetime = AS_OF):
        self.as_of = as_of
        self.rows: list[tuple[str, dict]] = [("raw.as_of", {"as_of": as_of})]
        self.delays: list[tuple[str, date, int]] = []  # category, Monday, days until filed: one an incident
        self.found: dict[str, list[dict]] = {name: [] for name in FOUND}

    def add(self, table: str, **values) -> None:
        self.rows.append((table, values))

    def file(self, path: str, source: str = "examples", **values) -> None:
        base = {
            "sha256": f"sha-{path}", "kind": "read", "records": 1, "quarantined": 0, "generation": 1,
            "received_at": self.as_of,
        }  # fmt: skip
        self.add("raw.files", source=source, path=path, **{**base, **values})

    def incident(
        self, record_id: str, started: date | None, category: str | None = None, content_hash: str = "a hash", **values
    ) -> None:
        monday = started - timedelta(days=started.weekday()) if started else None
        row = {
            "revision_id": f"{record_id}-r1", "source": "examples", "path": f"{record_id}.yml", "title": record_id,
            "record_kind": "incident", "stage": "published", "provenance": "first_hand", "severity": "sev2",
            "is_counted": True, "started_at_precision": "minute" if started else None, "is_chronology_faulty": False,
            "started_at": datetime(started.year, started.month, started.day, 9, tzinfo=UTC) if started else None,
            "started_week": "{}-W{:02}".format(*started.isocalendar()) if started else None,
            "started_week_on": monday, "known_at": self.as_of,
        }  # fmt: skip
        row = {"record_id": record_id, "category": category, **row, **values}
        self.add("marts.incidents", **row)
        self.add("raw.revisions", record_id=record_id, revision_id=row["revision_id"], content_hash=content_hash)
        self.file(row["path"], row["source"])

    def phase(self, record_id: str, phase: str, basis: str, minutes: float | None, **values) -> None:
        self.add("marts.incident_phases", record_id=record_id, phase=phase, basis=basis, minutes=minutes, **values)

    def cause(self, record_id: str, kind: str, code: str | None, team: str | None = None) -> None:
        self.add("marts.causes", record_id=record_id, kind=kind, position=1, code=code, owner_team=team)

    def action(self, record_id: str, action_id: str, team: str | None, lateness: str, **values) -> None:
        late = {"late_over_30": 45, "late": 9, "on_time": -10}.get(lateness)
        row = {
            "position": 1, "title": f"Action {action_id}", "is_open": lateness not in ("closed", "not_accepted"),
            "status": "accepted", "verification": "not_implemented", "success_metric": None,
            "due_on": self.as_of.date() - timedelta(days=late) if late else None,
            "days_late": late if late and late > 0 else None,
        }  # fmt: skip
        own = {"record_id": record_id, "action_id": action_id, "owner_team": team, "lateness": lateness}
        self.add("marts.actions", **{**own, **row, **values})

    def line(self, line_id: str, record_ids: list[str], looks: int = 900, **values) -> None:
        """A fault line over incidents that are there, as the analysis would have found it."""
        n = len(record_ids)
        row = {
            "line_id": line_id, "rank": len(self.found["fault_lines"]) + 1, "root_cause": "data_drift", "teams": 2,
            "artifact": "feature_store", "incidents": n, "expected": 0.5, "ratio": 2.0 * n, "ratio_low": 1.0 * n,
            "ratio_high": 3.0 * n, "minutes": 1380 * n, "of_minutes": n, "largest_share": 0.31, "looks": looks,
        }  # fmt: skip
        self.found["fault_lines"].append(row | values)
        self.found["fault_line_incidents"] += [
            {"line_id": line_id, "record_id": record_id, "is_counted_here": True} for record_id in record_ids
        ]
        self.add("intermediate.int_facet_sets", of_sets=looks)

    def judged(self, unit: str, verdict: str, **values) -> None:
        """A verdict on an action or on a fault line's last one."""
        self.found["prevention"].append({"unit": unit, "verdict": verdict} | values)

    def named(self, line_id: str, name: str, is_found: bool = True, **values) -> None:
        self.found["fault_line_names"].append({"line_id": line_id, "name": name, "is_found": is_found} | values)

    def build(self, con=None, order=None) -> duckdb.DuckDBPyConnection:
        """Create, fill (in `order` of the rows, if given), count weeks, judge them, see what is still to be filed."""
        con = con or duckdb.connect()
        create(con)
        rows = self.rows if order is None else [self.rows[i] for i in order]
        by_table: dict[str, list[dict]] = {}
        for table, values in rows:
            by_table.setdefault(table, []).append(values)
        for table, batch in by_table.items():
            columns = [part.split()[0] for part in TABLES[table].split(", ")]
            shape = json.dumps([{part.split()[0]: part.split()[1] for part in TABLES[table].split(", ")}])
            values = json.dumps([{name: row.get(name) for name in columns} for row in batch], default=str)
            con.execute(f"insert into {table} select unnest(from_json(?, '{shape}'), recursive := true)", [values])
        self._count_weeks(con)
        if self.delays:
            counted = [(*key, n) for key, n in Counter(self.delays).items()]
            con.executemany("insert into intermediate.int_filing_delays values (?, ?, ?, ?)", counted)
        for name, found in self.found.items():
            shape = dict.fromkeys(tables.columns(name))
            tables.fill(con, name, json.loads(json.dumps([shape | row for row in found], default=str)))
        series.write(con)
        nowcast.write(con)
        return con

    def _count_weeks(self, con) -> None:
        con.execute(
            """
            insert into marts.category_weeks
            with bounds as (
                select min(started_week_on) as first_on, date_trunc('week', $as_of::date)::date as last_on
                from marts.incidents where is_counted
            ),
            spine as (
                select unnest(generate_series(first_on, last_on, interval 7 day))::date as week_on from bounds
            ),
            categories as (select unnest($categories) as category)
            select categories.category, strftime(spine.week_on, '%G-W%V'), spine.week_on,
                spine.week_on + 7 <= $as_of::date, count(record_id) filter (is_counted),
                count(record_id) filter (record_kind = 'near_miss')
            from spine cross join categories
            left join marts.incidents as incidents
                on incidents.started_week_on = spine.week_on
                and coalesce(incidents.category, 'unknown') = categories.category
            group by 1, 2, 3, 4
            """,
            {"as_of": self.as_of.date(), "categories": list(CATEGORIES)},
        )
        con.execute(
            "insert into intermediate.int_series_weeks select 'category', category, week_on, incidents "
            "from marts.category_weeks where incidents > 0"
        )


def create(con) -> None:
    for schema in ("raw", "quality", "intermediate", "marts"):
        con.execute(f"create schema if not exists {schema}")
    for table, columns in TABLES.items():
        con.execute(f"create table {table} ({columns})")
