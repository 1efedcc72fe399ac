"""Readings by id: the record that is known, from the warehouse that was published.

Here: which record an id gives. Not here: what a reading says (tests/unit/test_readings.py).
"""

from __future__ import annotations

import json

import pytest

from pipelines.contract import bundle
from pipelines.readings import facts
from pipelines.readings.records import named
from pipelines.settings import SettingsError
from tests.integration.warehouses import Simulated


def quiet(_text: str) -> None:
    pass


@pytest.fixture(scope="module")
def known(simulated: Simulated) -> dict[str, dict]:
    """Record by id, as the marts know it."""
    rows = simulated.con.execute(
        "SELECT record_id, record FROM raw.revisions JOIN marts.incidents USING (record_id, revision_id)"
    ).fetchall()
    return {name: json.loads(record) for name, record in rows}


def test_an_id_gives_the_revision_that_is_known_and_the_moment_it_is_known_as_of(simulated: Simulated, known: dict):
    (several,) = simulated.con.execute(
        "SELECT list(record_id) FROM (SELECT record_id FROM raw.revisions GROUP BY 1 HAVING count(*) > 1 ORDER BY 1)"
    ).fetchone()
    for one in named(several[:3], str(simulated.organisation.folder), None, quiet):
        assert one.record == known[one.place]
        head = {item["name"]: item["text"] for item in facts.build(one, bundle.load(), "whole")["record"]["head"]}
        assert head["Known as of"].endswith(" UTC")
        assert head["Known as of"][:10] == simulated.truth["as_of"][:10]


def test_ids_are_read_in_the_order_asked_for_and_without_ids_all_are(simulated: Simulated, known: dict):
    asked = sorted(known)[:3][::-1]
    folder = str(simulated.organisation.folder)
    assert [one.place for one in named([*asked, asked[0]], folder, None, quiet)] == asked
    assert [one.place for one in named([], folder, None, quiet)] == sorted(known)


def test_an_id_that_nobody_knows_is_named(simulated: Simulated, known: dict):
    with pytest.raises(SettingsError, match="neither a file nor a record that is known: INC-NEVER"):
        list(named([min(known), "INC-NEVER"], str(simulated.organisation.folder), None, quiet))
