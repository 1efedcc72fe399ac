"""Random chronologies and random histories for the battery, each with what must become of it, reckoned in Python.

Here: making them, and the reckoning, which shares no line with the product but the clocks of the zones. Not here: any
warehouse, any assertion.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest import zones
from tests.projects import CATEGORIES

MOMENTS = ("introduced", "impact_started", "detected", "acknowledged", "mitigated", "resolved", "closed")
PHASES = {
    "detect": ("impact_started", "detected"),
    "acknowledge": ("detected", "acknowledged"),
    "mitigate": ("impact_started", "mitigated"),
    "resolve": ("impact_started", "resolved"),
}
ZONES = {"west": "America/St_Johns", "north": "Europe/Copenhagen", "east": "Australia/Lord_Howe"}
STATES = ("unknown", "not_applicable", "withheld")
FORMS = {
    "year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M", "second": "%Y-%m-%dT%H:%M:%S",
}  # fmt: skip


@dataclass(frozen=True)
class Written:
    """One moment as it stands in a record, and as it must be read: `at` in UTC where a clock time was written."""

    text: str
    precision: str | None
    at: datetime | None
    is_placed: bool = True


@st.composite
def chronologies(draw) -> tuple[str, dict[str, Written], dict[str, float]]:
    """A source, what its author wrote of each moment, in whatever order and exactness, and the durations stated."""
    source = draw(st.sampled_from(sorted(ZONES)))
    base = datetime(2002, 1, 1) + timedelta(minutes=draw(st.integers(0, 37 * 365 * 1440)))
    if draw(st.booleans()):  # by a change of the clocks
        starts, offsets = zones._changes(ZONES[source], base.year)
        change = draw(st.integers(1, len(starts) - 1))
        base = starts[change] + draw(st.sampled_from(offsets[change - 1 : change + 1]))
    written = {}
    for name in MOMENTS:
        if draw(st.integers(0, 4)) == 0:
            continue
        if draw(st.integers(0, 9)) == 0:
            written[name] = Written(draw(st.sampled_from(STATES)), None, None)
            continue
        seconds = draw(st.sampled_from([60, 60, 3600, 86400, 2_592_000])) * draw(st.integers(-3, 20))
        local = base + timedelta(seconds=seconds + draw(st.integers(0, 59)))
        precision = draw(st.sampled_from(["minute", "minute", "minute", "second", "second", "day", "month", "year"]))
        written[name] = _written(
            local, precision, draw(st.sampled_from(["Z", "+05:45", "-0330", "", "", ""])), ZONES[source]
        )
    minutes = st.floats(0, 1e6, allow_nan=False).map(lambda value: round(value, 1))
    return source, written, draw(st.dictionaries(st.sampled_from(sorted(PHASES)), minutes, max_size=2))


def _written(local: datetime, precision: str, offset: str, zone: str) -> Written:
    text = local.strftime(FORMS[precision])
    if precision not in ("minute", "second"):
        return Written(text, precision, None)
    if precision == "minute":
        local = local.replace(second=0)
    if offset:
        return Written(text + offset, precision, datetime.fromisoformat(f"{local}{offset}").astimezone(UTC))
    meant = zones.moments(local, zone)
    return Written(text, precision, meant[0] if len(meant) == 1 else None, is_placed=len(meant) == 1)


def drawn(examples: int) -> list[tuple[str, dict[str, Written], dict[str, float]]]:
    """That many chronologies at once: a warehouse costs seconds, so that all go through one and are judged together."""
    found = []

    @settings(max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=HealthCheck)
    @given(chronologies())
    def note(one) -> None:
        found.append(one)

    note()
    return found


def as_record(record_id: str, written: dict[str, Written], stated: dict[str, float]) -> dict:
    """Somebody else's record that holds nothing but its chronology."""
    chronology: dict = {f"{name}_at": moment.text for name, moment in written.items()}
    if stated:
        chronology["stated"] = {f"time_to_{phase}_minutes": minutes for phase, minutes in stated.items()}
    return {
        "schema_version": "1.1", "id": record_id, "title": record_id, "stage": "imported",
        "category": CATEGORIES[len(record_id) % 3], "chronology": chronology,
    }  # fmt: skip


@dataclass(frozen=True)
class History:
    """One record's revisions (number, when written, in which delivery it arrives), in the order of their numbers."""

    record_id: str
    revisions: tuple[tuple[int, datetime, int], ...]

    @property
    def known(self) -> list[tuple[int, datetime, datetime | None]]:
        """Which revision was known from when until when: whatever the order in which they arrived."""
        until = [written for _, written, _ in self.revisions[1:]]
        pairs = zip(self.revisions, [*until, None], strict=True)
        return [(number, written, end) for (number, written, _), end in pairs]


def histories(n: int, deliveries: int, before: datetime, seed: int) -> list[History]:
    """Records of one to five revisions, each of which comes in any delivery."""
    random, found = Random(seed), []
    for number in range(n):
        minutes = sorted(random.sample(range(300 * 1440), random.randint(1, 5)))
        found.append(History(f"KEPT-{number:04}", tuple(
            (place, before - timedelta(minutes=300 * 1440 - minute), random.randrange(deliveries))
            for place, minute in enumerate(minutes, start=1)
        )))  # fmt: skip
    return found


def new_years(first: int, last: int) -> dict[str, tuple[str, datetime]]:
    """Id → an impact as written, and its UTC moment: the days around each New Year, at the edges of their day."""
    found = {}
    for year in range(first, last + 1):
        for shift in range(-5, 5):
            day = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=shift)
            for n, clock in enumerate(("", "T00:00Z", "T23:59:59Z", "T01:00+02:00", "T23:00-01:30")):
                text = f"{day:%Y-%m-%d}{clock}"
                moment = datetime.fromisoformat(text)
                found[f"NY-{year}-{shift + 5}-{n}"] = (
                    text,
                    moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC),
                )
    return found
