"""Warehouses in the situations a page must bear: a signal, a quiet week, nothing, one incident, many and long names."""

from datetime import date, timedelta
from random import Random

from tests.unit.mart_fixture import Warehouse

WEEK = "2026-W47"
MONDAY = date(2026, 11, 16)
CODES = (
    "data_drift", "missing_data_contract", "upstream_change", "monitoring_gap", "bad_deploy", "config_change",
    "runbook_gap",
)  # fmt: skip
LONG = "Cross-Border Payments Reconciliation and Settlement Platform"  # 60 characters


def empty() -> Warehouse:
    return Warehouse()


def one_incident() -> Warehouse:
    house = Warehouse()
    house.incident("INC-1", MONDAY + timedelta(days=2), "data_quality_anomaly", provenance="synthetic")
    house.phase("INC-1", "resolve", "stated", 410.0)
    return house


def quiet(weeks: int = 70, seed: int = 7) -> Warehouse:
    house = Warehouse()
    _background(house, weeks, seed)
    return house


def signal() -> Warehouse:
    """Eleven regressions in the week of the page, late actions, failed fixes, files set aside."""
    house = Warehouse()
    random = _background(house, 70, 8)
    for i in range(11):
        _incident(house, random, f"INC-S{i:02}", MONDAY + timedelta(days=i % 5), "model_performance_regression")
    for i in range(3):
        house.incident(f"NM-{i}", MONDAY, "service_degradation", record_kind="near_miss", is_counted=False)
    _actions(house, random, ["data-platform", "model-platform", "credit-risk", "payments", None])
    house.file("broken.yml", quarantined=1, records=0)
    house.add(
        "raw.quarantine", generation=1, received_at=house.as_of, source="examples", path="broken.yml", line=4,
        field="actions[0]", code="PM014", message="no", fix="looks like a misspelling; rename it to `success`",
        record_id=None, file_sha256="sha-broken.yml",
    )  # fmt: skip
    house.add("quality.findings", rule="R003", severity="warning", record_id="INC-S01", revision_id="INC-S01-r1")
    for section, asked, answered in (("identity", 6, 6), ("chronology", 5, 3), ("analysis", 4, 1)):
        house.add(
            "marts.completeness", record_id="INC-S01", section=section, asked=asked, answered=answered,
            stated_unknown=1 if asked - answered else 0, stated_not_applicable=0, stated_withheld=0,
            missing=max(asked - answered - 1, 0),
        )  # fmt: skip
    return house


def thirty_teams() -> Warehouse:
    house = signal()
    _actions(house, Random(30), [f"team-{i:02}" for i in range(30)], prefix="T")
    for i in range(20):
        house.incident(f"SRC-{i:02}", MONDAY - timedelta(days=9 * i), None, source=f"source-{i:02}", severity=None)
    return house


def long_names() -> Warehouse:
    house = signal()
    _actions(house, Random(60), [LONG, LONG.replace(" ", "-"), "x" * 60], prefix="L")
    house.action("INC-S01", "A-FAILED", LONG, "closed", verification="did_not_hold", title=LONG)
    house.incident("LONG", MONDAY, None, source="y" * 60)
    house.cause("LONG", "root_cause", "z" * 60, LONG)
    return house


def uncategorised(weeks: int = 200) -> Warehouse:
    """Somebody else's records: no category, no severity, no causes, few durations."""
    house = Warehouse()
    random = Random(5)
    for i in range(297):
        day = MONDAY - timedelta(days=random.randrange(weeks * 7))
        faulty = i < 8
        house.incident(
            f"J-{i:03}",
            day,
            None,
            source="jenkins",
            severity=None,
            provenance="imported",
            stage="imported",
            is_chronology_faulty=faulty,
        )
        minutes, rule = (None, "R001") if faulty else (random.lognormvariate(5, 2), None)
        house.phase(f"J-{i:03}", "resolve", "computed", minutes, set_aside_by=rule)
    return house


def thirty_lines() -> Warehouse:
    """Thirty fault lines, two of them with a name, one gone; fixes judged; and incidents filed up to six weeks late."""
    house = signal()
    _filed_late(house, Random(11))
    known = [row["record_id"] for table, row in house.rows if table == "marts.incidents" and row["is_counted"]]
    for i in range(30):
        held = known[i * 7 : i * 7 + 14 - i % 9] + (known[-13:] if i == 0 else [])
        house.line(f"FL-{i:08x}", held, ratio=40.0 - i, factor=CODES[i % 7], service=LONG.lower() if i == 3 else None)
        verdict, after = (("worse", 12), ("cannot tell", 3), ("reduced", 0), ("not implemented", None))[i % 4]
        house.judged(
            "fault_line", verdict, line_id=f"FL-{i:08x}", incidents_before=9, days_before=400, incidents_after=after,
            implemented_on=None if after is None else MONDAY - timedelta(days=200), days_after=200, days_unfiled=9.5,
            cannot_tell_until=MONDAY + timedelta(days=90) if i % 4 == 1 else None,
        )  # fmt: skip
    house.named("FL-00000000", "Feeds that change without notice", owner_team="data-platform")
    house.named("FL-00000002", LONG)
    house.named("FL-ffffffff", "Scores nobody watches", is_found=False)
    verdicts = ["reduced"] * 2 + ["worse"] + ["cannot tell"] * 21 + ["not implemented"] * 12
    for i, verdict in enumerate(verdicts):
        until = MONDAY + timedelta(days=20 + i if i < 23 else 2) if verdict == "cannot tell" else None
        house.judged("action", verdict, record_id="INC-S01", position=i, cannot_tell_until=until)
    for i, days in enumerate(range(5, 100, 5)):
        share = 1 - i / 20
        house.found["survival"].append({
            "curve": "action_closure", "days": days, "at_risk": 60 - 3 * i, "events": 3, "censored": 0,
            "survival": share, "survival_low": max(share - 0.12, 0), "survival_high": min(share + 0.12, 1),
        })  # fmt: skip
    return house


SITUATIONS = {
    "empty": empty, "one_incident": one_incident, "quiet": quiet, "signal": signal, "thirty_teams": thirty_teams,
    "long_names": long_names, "uncategorised": uncategorised,
    "thirty_lines": thirty_lines,
}  # fmt: skip


def _filed_late(house: Warehouse, random: Random) -> None:
    """Each incident is filed one to six weeks after its Monday, those after the page not at all."""
    kept = []
    for table, row in house.rows:
        if table == "marts.incidents" and row["is_counted"] and row["started_week_on"]:
            delay = random.choice([5, 6, 6, 7, 9, 12, 16, 25, 40])
            if row["started_week_on"] + timedelta(days=delay) > house.as_of.date():
                continue
            house.delays.append((row["category"] or "unknown", row["started_week_on"], delay))
        kept.append((table, row))
    house.rows = kept


def _background(house: Warehouse, weeks: int, seed: int) -> Random:
    random = Random(seed)
    rates = {"data_quality_anomaly": 2.2, "model_performance_regression": 1.6, "service_degradation": 3.0}
    for back in range(weeks):
        for category, rate in rates.items():
            for n in range(_poisson(random, rate)):
                day = MONDAY - timedelta(days=7 * back) + timedelta(days=random.randrange(7))
                _incident(house, random, f"INC-{category[:2]}{back:02}{n}", day, category)
    return random


def _poisson(random: Random, rate: float) -> int:
    n, left = 0, random.expovariate(rate)
    while left < 1:
        n, left = n + 1, left + random.expovariate(rate)
    return n


def _incident(house: Warehouse, random: Random, record_id: str, day: date, category: str) -> None:
    house.incident(record_id, day, category)
    house.cause(record_id, "root_cause", random.choice(CODES), random.choice(["data-platform", "payments"]))
    house.cause(record_id, "trigger", random.choice(CODES[2:5]))
    house.phase(record_id, "mitigate", "computed", random.lognormvariate(4.5, 1.2))
    house.phase(record_id, "resolve", "computed", random.lognormvariate(6.2, 1.5))
    if random.random() < 0.5:
        house.phase(record_id, "resolve", "stated", float(random.choice([30, 60, 90, 240, 371, 480, 1440])))


def _actions(house: Warehouse, random: Random, teams: list, prefix: str = "A") -> None:
    for i, team in enumerate(teams * 4):
        lateness = random.choice(["late_over_30", "late", "on_time", "on_time", "no_due_date", "closed"])
        found = "not_implemented"
        if lateness == "closed":
            found = random.choice(["held", "held", "did_not_hold", "unverified", "not_due"])
        house.action("INC-S01", f"{prefix}{i}", team, lateness, verification=found)
