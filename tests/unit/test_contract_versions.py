"""Versions of the contract: an old record stays readable, is judged in its author's words, and what a conversion filled
is marked.

Here: records of each version, the way of one record, the frozen schema against today's. Not here: a warehouse that an
older version filled (test_contract_upgrade.py).
"""

from __future__ import annotations

import copy
import hashlib
import io
import re
from pathlib import Path

import msgspec
import pytest

from pipelines.contract import asked, bundle, versions
from pipelines.contract.versions import Move, Version
from pipelines.ingest import leaves
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.older import Older
from pipelines.ingest.readers import native
from pipelines.ingest.validate import Contract
from pipelines.settings import Source
from pipelines.simulate import simulate
from tests.projects import record

FOLDER = Path(__file__).parents[1] / "records" / "versions"
TODAY = bundle.load()
KEEPER = Gatekeeper(Contract(TODAY), b"k" * 32)
OWN = Source("own", Path(), "*", "native", time_zone="UTC")
MAPPED = Source("theirs", Path(), "*", "yaml", time_zone="UTC")
OLD = versions.older(TODAY, "1.0")
FROZEN = "2777bec4efd3b365d4ef3a887433c6c5956bf863da823f7431052590b4501648"
NAMES = {number: path for one in (KEEPER.contract, Contract(OLD.schema)) for number, path in one.plan.names.items()}


def admitted(written: dict | Path, source: Source = OWN) -> Admitted:
    if isinstance(written, Path):
        (found,) = native.read(written.name, io.BytesIO(written.read_bytes()))
        taken = KEEPER.admit(source, found.record, found.positions)
    else:
        taken = KEEPER.admit(source, copy.deepcopy(written), dict)
    assert isinstance(taken, Admitted), taken
    return taken


def files(kind: str) -> list:
    found = sorted(FOLDER.glob(f"*/{kind}/*.yml"))
    return [pytest.param(path, id=str(path.relative_to(FOLDER))) for path in found]


@pytest.mark.parametrize("path", files("passes"))
def test_a_record_of_each_version_passes_and_is_one_of_today(path: Path) -> None:
    taken = admitted(path)
    assert taken.version == path.parts[-3]
    assert taken.record["schema_version"] == versions.today(TODAY)
    assert list(KEEPER.contract._validator.iter_errors(taken.record)) == []


@pytest.mark.parametrize("path", files("fails"))
def test_a_record_that_does_not_fit_its_version_is_told_so_where_and_as_its_author_wrote_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = [
        (code, field, line)
        for line, written in enumerate(text.splitlines(), 1)
        for code, field in re.findall(r"# (PM\d{3}) (\S+)$", written)
    ]
    (found,) = native.read(path.name, io.BytesIO(text.encode()))
    faults, record_id = KEEPER.admit(OWN, found.record, found.positions)
    assert expected and [(fault.code, fault.field, fault.line) for fault in faults] == expected
    assert record_id and all(fault.fix for fault in faults)


def test_the_same_facts_in_both_versions_are_the_same_but_for_the_marks() -> None:
    old, new = (admitted(FOLDER / version / "passes" / "whole.yml") for version in ("1.0", "1.1"))
    assert old.record == new.record and bytes(old.written) == bytes(new.written)
    assert (old.version, new.version) == ("1.0", "1.1")
    assert [state for state in old.states if state not in new.states] == [
        {"field": "scope.affected[].who", "state": "converted"}
    ]
    assert {NAMES[number] for number in set(new.field_ids) ^ set(old.field_ids)} == {"scope.affected[].who"}
    assert old.field_ids == sorted(old.field_ids)


def test_unknown_stays_unknown_and_is_told_from_what_a_conversion_filled() -> None:
    taken = admitted(FOLDER / "1.0/passes/stated.yml")
    assert taken.record["scope"]["affected"] == [{"who": "users", "min": 12, "max": "withheld"}]
    assert {state["field"]: state["state"] for state in taken.states} == {
        "scope.affected[].max": "withheld",
        "scope.affected[].who": "converted",
    }
    there = {NAMES[number] for number in taken.field_ids if NAMES[number].startswith("scope.")}
    assert there == {"scope.summary", "scope.affected", "scope.affected[].min"}


def test_an_empty_group_becomes_no_empty_list_which_would_say_that_nobody_was_affected() -> None:
    taken = admitted(FOLDER / "1.0/passes/nothing_said.yml")
    assert "affected" not in taken.record["scope"] and taken.states == []


def test_a_revision_is_the_one_it_was_before_the_contract_grew() -> None:
    """Both hashes were computed by the last commit that knew 1.0 alone."""
    plain = record(1, schema_version="1.0")
    assert admitted(plain).digest == "8358fd6c7d614944b1e072900cce985fd6ada0ccacf11c50b1e2bf8c0eead558"
    counted = record(1, schema_version="1.0", scope={"summary": "x", "users_affected": {"min": "3", "max": "unknown"}})
    assert admitted(counted).digest == "8f3e07a8f21545283e034d09d8205f9e32cbcc28d42efa6dd81dbf425377bca4"


def test_a_mapping_that_names_no_version_gives_todays_record_under_the_hash_it_always_had() -> None:
    mapped = {"id": "T-1", "title": "Scores came late"}
    taken = admitted(mapped, MAPPED)
    assert taken.record["schema_version"] == taken.version == versions.today(TODAY)
    named = admitted(mapped | {"schema_version": "1.0", "stage": "imported", "provenance": "imported"})
    assert taken.digest == named.digest
    assert taken.digest != admitted(mapped | {"schema_version": "1.1"}, MAPPED).digest


def test_a_mapping_written_for_an_older_version_goes_on_by_saying_so() -> None:
    mapped = {"id": "T-1", "title": "Scores came late", "scope": {"users_affected": {"min": 3}}}
    (fault,), _ = KEEPER.admit(MAPPED, copy.deepcopy(mapped), dict)
    assert fault.code == "PM020" and "it is now `scope.affected`, a list: [{who: users, …}]" in fault.fix
    declared = Source("theirs", Path(), "*", "yaml", time_zone="UTC", defaults={"schema_version": "1.0"})
    assert admitted(mapped, declared).record["scope"]["affected"] == [{"who": "users", "min": 3}]


def test_a_field_that_is_found_to_hold_persons_holds_them_in_old_records_too() -> None:
    stricter = copy.deepcopy(TODAY)
    stricter["properties"]["decisions"]["items"]["properties"]["dissent"]["x-person"] = True
    written = record(1, schema_version="1.0", decisions=[{"id": "D1", "question": "x", "dissent": "Operations"}])
    taken = Gatekeeper(Contract(stricter), b"k" * 32).admit(OWN, written, dict)
    assert isinstance(taken, Admitted) and taken.record["decisions"][0]["dissent"].startswith("person-")


@pytest.mark.parametrize(("domain", "refused"), [("finance", ["1.1"]), ("energy", ["1.0", "1.1"])])
def test_a_pack_that_comes_to_ask_for_more_asks_it_of_new_records_and_a_pack_of_ones_own_of_all(
    domain: str, refused: list[str]
) -> None:
    packs = TODAY["x-domain-packs"] | {"energy": TODAY["x-domain-packs"]["finance"]}
    asking = {
        "x-domain": domain,
        "if": {"properties": {"domain": {"const": domain}}, "required": ["domain"]},
        "then": {"required": ["domain_fields"], "properties": {"domain_fields": {"required": ["never_written"]}}},
    }
    closing = [entry for entry in TODAY["allOf"] if "maxProperties" not in str(entry["then"])]
    keeper = Gatekeeper(Contract(TODAY | {"x-domain-packs": packs, "allOf": [*closing, asking]}), b"k" * 32)
    new = admitted(FOLDER / "1.1/passes/whole.yml").record | {"domain": domain}
    old = copy.deepcopy(new) | {"schema_version": "1.0"}
    del old["scope"]["affected"]
    old["scope"]["users_affected"] = {"min": 3, "max": 3}
    taken = {one["schema_version"]: keeper.admit(OWN, one, dict) for one in (old, new)}
    assert [version for version, one in taken.items() if not isinstance(one, Admitted)] == refused


def test_a_field_that_came_later_names_the_way_to_it() -> None:
    (fault,), _ = KEEPER.admit(OWN, record(1, schema_version="1.0", impact={"averted": "x"}), dict)
    assert fault.code == "PM020" and "came with a later version" in fault.fix
    (fault,), _ = KEEPER.admit(OWN, record(1, schema_version="1.0", impact={"avertd": "x"}), dict)
    assert "came with a later version" not in fault.fix


def fits(then: dict, now: dict) -> bool:
    """Whether every value that `then` allows is one that `now` allows."""

    def types(node: dict) -> set:
        kinds = node.get("type", ())
        return {kinds} if isinstance(kinds, str) else set(kinds)

    words = set(now.get("enum", ())) >= set(then["enum"]) if "enum" in then else "enum" not in now
    same = all(now.get(key) in (None, then.get(key)) for key in ("pattern", "format", "maxProperties", "maxItems"))
    least = now.get("minimum", float("-inf")) <= then.get("minimum", float("-inf"))
    most = now.get("maximum", float("inf")) >= then.get("maximum", float("inf"))
    return types(then) <= types(now) and words and same and least and most


def test_whatever_1_0_allowed_in_a_field_is_allowed_where_that_field_stands_today() -> None:
    then, now = dict(versions.nodes(OLD.schema)), dict(versions.nodes(TODAY))
    moved = {move.path for move in OLD.moves}
    assert len(then) > 400
    for path, node in then.items():
        if path in moved or path == "schema_version":
            continue  # a moved group is another kind of thing now; its parts are held together below
        assert OLD.moved(path) in now, path
        assert fits(node, now[OLD.moved(path)]), path


def test_every_field_and_word_that_1_1_added_says_who_asked_for_it() -> None:
    then, now = dict(versions.nodes(OLD.schema)), dict(versions.nodes(TODAY))
    moved = {OLD.moved(path) for path in then} | {field for move in OLD.moves for field in OLD.filled(move)}
    moved |= {move.place.removesuffix("[]") for move in OLD.moves}
    new = {path for path in now.keys() - moved if not path.endswith("[]")}
    whole = {path for path in new if any(path.startswith((f"{other}.", f"{other}[]")) for other in new)}
    words = {
        (node["x-vocabulary"], word)
        for path, node in then.items()
        if "x-vocabulary" in node
        for word in set(now[OLD.moved(path)]["enum"]) - set(node["enum"])
    }
    added = versions.steps()["1.0"]["added"]
    assert set(added["fields"]) == new - whole
    assert {(vocabulary, word) for vocabulary, entry in added["words"].items() for word in entry} == words
    reasons = [*added["fields"].values(), *(why for entry in added["words"].values() for why in entry.values())]
    assert all(len(why) > 20 for why in reasons)


def test_what_is_asked_today_was_asked_in_1_0_or_is_filled_by_the_conversion_or_said_to_be_new() -> None:
    then = {row._replace(field=OLD.moved(row.field)) for row in asked.required_at(OLD.schema)}
    filled = {field for move in OLD.moves for field in OLD.filled(move)}
    lists = {move.place.removesuffix("[]") for move in OLD.moves}
    told = versions.steps()["1.0"]["asks"]
    # a pack may come to ask for more: old records are held against what it asked then
    for row in {row for row in asked.required_at(TODAY) if not row.domain} - then:
        assert row.field in filled | lists | set(told), row


def test_every_simulated_record_as_1_0_wrote_it_becomes_the_one_that_1_1_writes(tmp_path: Path) -> None:
    simulate(tmp_path / "organisation", incidents=400, seed=1, weeks=104, is_null=False, as_ndjson=True)
    written = [
        line for path in (tmp_path / "organisation").rglob("*.ndjson") for line in path.read_bytes().splitlines()
    ]
    compared = 0
    for line in written:
        try:
            new = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue  # spoilt on purpose
        for signal in new.get("signals", ()):
            del signal["state"]  # 1.0 had no place for it
        old = copy.deepcopy(new) | {"schema_version": "1.0"}
        for group in old["scope"].pop("affected", ()):
            old["scope"]["users_affected"] = {key: value for key, value in group.items() if key != "who"}
        taken, expected = (KEEPER.admit(OWN, one, dict) for one in (old, new))
        assert isinstance(taken, Admitted) == isinstance(expected, Admitted), line
        if isinstance(taken, Admitted):
            assert bytes(taken.written) == bytes(expected.written)
            compared += 1
    assert compared > 500


def test_conversions_follow_one_another_and_a_plain_move_leaves_what_it_moves_alone() -> None:
    """A third version, made up: what the first conversion filled is where the second has put it."""
    moves = (
        *OLD.moves,
        Move(("scope", "affected"), ("reach", "groups"), None),
        Move(("url",), ("links", "own"), None),
        Move(("impact", "cost"), ("impact", "cost"), (("basis", "stated"),)),
    )
    older = Older(Version("1.0", "1.2", OLD.schema, moves))
    written = record(1, schema_version="1.0", url="https://example.invalid/1")
    written["scope"]["users_affected"] = {"min": 3, "max": "unknown"}
    written["impact"] = {"cost": {"min_cents": 4}}
    found = leaves.walk(written, older.contract.plan)
    states = [{"field": path, "state": word} for path, word in found.states]
    fields, states = older.convert(written, found.field_ids, states)
    assert written["schema_version"] == "1.2" and written["links"] == {"own": "https://example.invalid/1"}
    assert written["reach"] == {"groups": [{"who": "users", "min": 3, "max": "unknown"}]}
    assert written["impact"] == {"cost": [{"basis": "stated", "min_cents": 4}]}
    assert "url" not in written and set(written["scope"]) == {"summary"}
    assert {state["field"]: state["state"] for state in states} == {
        "reach.groups[].max": "unknown",
        "reach.groups[].who": "converted",
        "impact.cost[].basis": "converted",
    }
    now = ("links.own", "reach.groups", "reach.groups[].min", "impact.cost", "impact.cost[].min_cents")
    moved = {leaves.number(path) for path in now}
    assert moved <= set(fields) and not {leaves.number("url"), leaves.number("scope.users_affected.min")} & set(fields)


def test_what_1_0_allowed_is_frozen() -> None:
    """Another rule for old records would set aside what was taken in, or take in what was set aside."""
    frozen = bundle.SCHEMAS / "versions" / "postmortem-1.0.schema.json"
    assert hashlib.sha256(frozen.read_bytes()).hexdigest() == FROZEN


def test_a_version_from_which_nothing_leads_here_is_an_error_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "versions"
    folder.mkdir()
    for name in versions.names():
        (folder / f"{name}.yml").write_text('next: "1.05"\nmoves: []\n')
        frozen = bundle.SCHEMAS / "versions" / f"postmortem-{name}.schema.json"
        (folder / frozen.name).write_bytes(frozen.read_bytes())
    with pytest.raises(bundle.ContractError, match=r"nothing leads from 1\.05 to 1\.1; add 1\.05\.yml"):
        versions.older(TODAY, "1.0", tmp_path)
