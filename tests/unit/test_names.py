"""The names that a record gives for its persons do not stand in its prose either; words that are names stay words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.ingest import people
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.leaves import TEAM
from pipelines.ingest.validate import Contract
from pipelines.settings import SCHEMAS, Source
from tests.projects import record

KEY = b"k" * 32
SOURCE = Source("own", Path(), "*", "native", time_zone="UTC")
KEEPER = Gatekeeper(Contract(bundle.load()), KEY)


def kept(prose: str, *persons: str, **fields) -> str:
    """The title of a record that names these persons, as it is kept."""
    named = [{"person": person, "role": "responder"} for person in persons]
    admitted = KEEPER.admit(SOURCE, record(1) | {"title": prose, "participants": named} | fields, dict)
    assert isinstance(admitted, Admitted), admitted
    return admitted.record["title"]


ADA = people.pseudonym("Ada Lovelace", KEY)


@pytest.mark.parametrize(
    "prose",
    [
        "Ada Lovelace restarted it",
        "ADA  LOVELACE restarted it",
        "asked ada, who",
        "Lovelace's change",
        "Lovelace, Ada",
        "(Lovelace)",
        "Ａｄａ did",
        "Ada\nLovelace",
    ],
)
def test_a_name_is_the_pseudonym_of_its_field_however_it_is_written(prose: str) -> None:
    written = kept(prose, "Ada Lovelace")
    assert "person-" in written and not {"ada", "lovelace"} & set(written.casefold().replace("'", " ").split())
    if "Ada Lovelace" in prose:
        assert written == prose.replace("Ada Lovelace", ADA)


@pytest.mark.parametrize(
    ("prose", "person"),
    [
        ("We will mark the rows in May", "Will May"),
        ("Rolled back, Mark said", "Mark Lovelace"),
        ("Nobody knew: will it fail again?", "Will"),
        ("The RF model fell", "RF"),
        ("The data engineer on call saw it", "on-call data engineer"),
        ("The facilitator asked", "facilitator-a"),
        ("adaptive learning", "Ada Lovelace"),
        ("ada_model and lovelacelike", "Ada Lovelace"),
        ("van and der", "Van der Jo"),
    ],
)
def test_a_word_stays_a_word(prose: str, person: str) -> None:
    assert kept(prose, person) == prose


def test_a_whole_name_of_common_words_is_a_name() -> None:
    assert kept("Will May restarted it", "Will May") == f"{people.pseudonym('Will May', KEY)} restarted it"


def test_a_given_name_that_two_persons_share_is_nobodys_pseudonym() -> None:
    assert kept("Ada saw it, Byron did not", "Ada Lovelace", "Ada Byron").startswith("[person] saw it, person-")


def test_names_of_other_scripts_and_with_accents_are_found() -> None:
    written = kept("Zoe\u0308 and 山田太郎 and O’Brien", "Zoë Åström", "山田太郎", "Pat O'Brien")
    assert "Zo" not in written and "山" not in written


def test_every_text_of_a_record_is_searched_and_no_id() -> None:
    fields = {
        "scope": {"summary": "Ada saw it"},
        "actions": [{"id": "Ada", "title": "Ask Ada"}],
        "lessons": {"lucky": ["Lovelace was there"]},
        "timeline": [{"at": "2026-05-04T06:00Z", "event": "paged Ada Lovelace"}],
    }
    named = [{"person": "Ada Lovelace", "role": "responder", "responsibility": "Ada runs it"}]
    admitted = KEEPER.admit(SOURCE, record(1) | fields | {"participants": named}, dict)
    assert isinstance(admitted, Admitted)
    assert admitted.record["actions"][0].pop("id") == "Ada"
    written = json.dumps(admitted.record).casefold()
    assert written.count(ADA) == 6
    assert "ada" not in written.replace("adapt", "") and "lovelace" not in written


def test_a_refused_record_is_quoted_without_the_names_it_gives() -> None:
    named = {"participants": [{"person": "Ada Lovelace"}], "severity": "as Ada said"}
    faults, _ = KEEPER.admit(SOURCE, record(1) | named, dict)
    assert faults and not any("Ada" in fault.message + fault.fix for fault in faults)


def test_the_same_record_without_a_name_in_its_prose_keeps_its_text_as_it_came() -> None:
    assert kept("ﬁle ５", "Ada Lovelace") == "ﬁle ５"


def test_a_person_is_none_where_a_team_belongs_and_a_team_of_that_name_stays_one() -> None:
    named = record(1, participants=[{"person": "Iris Lovelace", "role": "responder", "team": "Iris"}])
    actions = [{"id": "A1", "title": "x", "owner_team": "Iris Lovelace"}]
    admitted = KEEPER.admit(SOURCE, named | {"actions": actions}, dict)
    pseudonym = people.pseudonym("Iris Lovelace", KEY)
    assert admitted.record["actions"][0]["owner_team"] == pseudonym
    assert admitted.record["participants"][0]["team"] == "Iris"
    assert json.loads((SCHEMAS / "definitions.schema.json").read_text())["definitions"]["team"]["pattern"] == TEAM


@pytest.mark.parametrize("field", ["schema_version", "id"])
def test_nor_does_a_refused_record_carry_a_name_as_its_version_or_id(field: str) -> None:
    named = record(1, participants=[{"person": "Ada Lovelace", "role": "responder"}]) | {field: "Ada Lovelace"}
    faults, identity = KEEPER.admit(SOURCE, named, dict)
    assert "Lovelace" not in repr([(one.message, one.fix) for one in faults]) + str(identity)
