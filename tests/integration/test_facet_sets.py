"""The sets of facet values that dbt counts, against the definition in plain Python on random incidents.

Some incidents name no factor, some two root causes, some no category. Not here: which sets are lines.
"""

from collections import defaultdict
from itertools import combinations
from random import Random

import pytest

from pipelines.analysis import lines
from pipelines.warehouse import connect
from tests.integration.test_section_marts import build
from tests.projects import Project, record
from validation import models

BITS = {"root_cause": 1, "factor": 2, "trigger": 4, "artifact": 8, "service": 16}


def incidents(seed: int, size: int = 160) -> list[dict]:
    random, made = Random(seed), []
    for _ in range(size):
        one = {facet: {f"{facet} {random.randrange(4)}"} for facet in BITS if random.random() < 0.8}
        if random.random() < 0.3 and "root_cause" in one:
            one["root_cause"].add(f"root_cause {random.randrange(4)}")
        made.append({"facets": one, "category": random.choice(["service_degradation", "data_quality_anomaly", None])})
    return made


def expected(made: list[dict]) -> tuple[dict, int]:
    """Set of (facet, value) -> incidents and the chance of them; and how many sets occur."""
    held = [{(facet, value) for facet, values in one["facets"].items() for value in values} for one in made]
    counts: dict[frozenset, int] = defaultdict(int)
    for items in held:
        for size in (2, 3):
            for some in combinations(sorted(items), size):
                facets = {facet for facet, _ in some}
                if len(facets) == size and facets & {"root_cause", "factor", "trigger"}:
                    counts[frozenset(some)] += 1
    found = {}
    for some, n in counts.items():
        if n >= 3:
            facets = {facet for facet, _ in some}
            strata = defaultdict(list)
            for one, items in zip(made, held, strict=True):
                if facets <= one["facets"].keys():
                    strata[one["category"]].append(items)
            chances = []
            for item in some:
                rest = some - {item}
                chances.append(sum(
                    sum(item in items for items in group) * sum(rest <= items for items in group) / len(group)
                    for group in strata.values()
                ))  # fmt: skip
            found[some] = (n, max(chances))
    return found, len(counts)


def counted(made: list[dict], threads: int = 2) -> list[tuple]:
    con = models.warehouse(threads)
    con.execute("CREATE TABLE intermediate.int_repeats (record_id VARCHAR)")
    con.execute("CREATE TABLE intermediate.int_facets (record_id VARCHAR, facet VARCHAR, value VARCHAR)")
    con.execute(
        "CREATE TABLE intermediate.int_current_records (record_id VARCHAR, category VARCHAR, is_counted BOOLEAN)"
    )
    rows = [(f"R{n}", one["category"], True) for n, one in enumerate(made)]
    con.executemany("INSERT INTO intermediate.int_current_records VALUES (?, ?, ?)", rows)
    facets = [
        (f"R{n}", f, v) for n, one in enumerate(made) for f, values in one["facets"].items() for v in sorted(values)
    ]
    facets += [(f"R{n}", "team", "t") for n in range(len(made))]
    con.executemany("INSERT INTO intermediate.int_facets VALUES (?, ?, ?)", facets)
    models.build(con, "int_facet_sets")
    return con.execute("SELECT * FROM intermediate.int_facet_sets ORDER BY ALL").fetchall()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_set_has_its_incidents_and_the_most_that_chance_lets_expect(seed):
    made = incidents(seed)
    wanted, looks = expected(made)
    found = {}
    for _, *values, n, chance, of_sets in counted(made):
        some = frozenset((facet, value) for facet, value in zip(BITS, values, strict=True) if value is not None)
        found[some] = (n, chance)
        assert of_sets == looks
    assert found.keys() == wanted.keys()
    for some, (n, chance) in wanted.items():
        assert found[some][0] == n
        assert found[some][1] == pytest.approx(chance, abs=1e-5)


def test_the_rows_are_the_same_at_one_thread_and_in_another_order():
    made = incidents(4)
    shuffled = [made[n] for n in Random(5).sample(range(len(made)), len(made))]
    assert counted(made, threads=1) == counted(made) == counted(shuffled)


def test_who_names_more_than_twenty_values_of_a_facet_names_none_of_it(tmp_path):
    """A thousand services and factors of one record would make a billion combinations."""
    made = Project(tmp_path)
    for number, size in ((1, 20), (2, 21)):
        services = [f"service-{n:02}" for n in range(size)]
        causes = [{"id": "RC1", "code": "data_drift", "description": "x"}]
        made.write(f"{number}.yml", record(number, scope={"summary": "many", "services": services}, root_causes=causes))
    with connect(build(made.settings), read_only=True) as con:
        found = con.execute(
            "SELECT record_id, facet, count(*) FROM intermediate.int_facets WHERE facet <> 'event' "
            "GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    first, second = (record(number)["id"] for number in (1, 2))
    assert found == [(first, "root_cause", 1), (first, "service", 20), (second, "root_cause", 1)]


def test_records_of_one_day_that_name_the_same_of_everything_repeat_the_first(tmp_path):
    """Three teams file one event, an alarm fires all day: one incident as evidence, whoever writes of it."""
    made = Project(tmp_path)
    later = "2026-04-01T00:00Z"
    day, month = ("2026-03-05T10:00Z", "2026-03-05T23:59Z", "2026-03-06T00:00Z"), "2026-03"
    for number, (started, team, code) in enumerate(
        [
            (day[0], "a", "data_drift"),
            (day[1], "b", "data_drift"),  # repeats 0
            (day[2], "a", "data_drift"),  # the next day
            (day[0], "a", "capacity"),  # another cause
            (month, "a", "data_drift"),
            (month, "a", "data_drift"),  # nobody knows that it was one day
        ]
    ):
        cause = {"id": "RC1", "code": code, "description": "x", "owner_team": team}
        made.write(
            f"{number}.yml",
            record(number, scope={"summary": "s", "services": ["pay"]})
            | {"category": "service_degradation", "root_causes": [cause]}
            | {"chronology": {"impact_started_at": started, "detected_at": later, "resolved_at": later}},
        )
    with connect(build(made.settings), read_only=True) as con:
        repeats = con.execute("SELECT * FROM intermediate.int_repeats").fetchall()
    assert repeats == [(record(1)["id"], record(0)["id"])]


def test_of_two_combinations_that_read_alike_each_has_an_id_of_its_own():
    """An artifact may be named like the words that an id is made from."""
    con = models.warehouse()
    con.execute(
        f"CREATE TABLE intermediate.int_facet_sets (set_no BIGINT, {', '.join(f'{one} VARCHAR' for one in BITS)})"
    )
    for number, (artifact, service) in enumerate(
        [("a|service=b", None), ("a", "b"), ("a\\|service=b", None), ("a\\", "b")]
    ):
        values = [number, "drift", artifact, service]
        con.execute("INSERT INTO intermediate.int_facet_sets VALUES (?, ?, NULL, NULL, ?, ?)", values)
    con.execute("CREATE TEMP TABLE tried_sets AS SELECT set_no FROM intermediate.int_facet_sets")
    con.execute(lines.SETS)
    assert con.execute("SELECT count(DISTINCT line_id) FROM sets").fetchall() == [(4,)]
