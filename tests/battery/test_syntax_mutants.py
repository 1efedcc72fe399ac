"""Spoilt files by the hundred, the same that `make mutants` makes by the 300,000."""

from __future__ import annotations

from tests.battery import WHOLE
from tests.battery.deliveries import deliveries
from tests.battery.mutants import make, table, tallies

MUTANTS = 9_000 if WHOLE else 600


def test_no_spoilt_file_raises_takes_a_second_or_is_refused_without_a_place() -> None:
    found = tallies(0, MUTANTS)
    assert [said for tally in found.values() for said in tally.wrong] == [], table(found)
    assert all(tally.refused > 0 for tally in found.values()), table(found)
    assert sum(tally.mutants - tally.refused for tally in found.values()) > MUTANTS // 20, table(found)


def test_a_mutant_is_its_number() -> None:
    assert [make(number) for number in range(60)] == [make(number) for number in range(60)]
    assert {make(number)[0].name for number in range(30)} == {delivery.name for delivery in deliveries()}
