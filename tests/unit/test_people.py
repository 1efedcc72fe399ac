"""People are pseudonyms before the first row, and secrets never arrive."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from pipelines.contract import bundle
from pipelines.ingest import people
from pipelines.ingest.admit import Gatekeeper
from pipelines.ingest.validate import Contract
from pipelines.settings import Source
from tests.projects import record

KEY = b"k" * 32


SOURCE = Source("own", Path(), "*", "native", time_zone="UTC")


def protect(**fields) -> str:
    """Those fields of a record as they are kept."""
    kept = Gatekeeper(Contract(bundle.load()), KEY).admit(SOURCE, record(1) | fields, dict)
    return json.dumps({name: kept.record[name] for name in fields})


def test_a_person_is_the_same_pseudonym_however_the_name_is_spelt() -> None:
    assert people.pseudonym("Ada  Lovelace", KEY) == people.pseudonym("ada lovelace ", KEY)
    assert people.pseudonym("Ada Lovelace", KEY) != people.pseudonym("Ada Lovelace", b"other")


def test_a_participant_never_arrives_by_name_and_a_state_stays_one() -> None:
    written = protect(participants=[{"person": "RF", "role": "responder"}, {"person": "unknown", "role": "responder"}])
    assert "RF" not in written and "person-" in written and '"unknown"' in written


def test_an_address_in_prose_becomes_a_pseudonym() -> None:
    assert protect(title="ask ada@example.org first").startswith('{"title": "ask person-')


@pytest.mark.parametrize(
    "secret",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_" + "a" * 36,
        "xoxb-1234567890-abc",
        "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_a_secret_is_cut_out_and_not_echoed(secret: str) -> None:
    written = protect(communication={"technical_findings": f"the key {secret} leaked"})
    assert secret[:12] not in written and "[secret removed]" in written


def test_a_password_in_an_address_is_cut_out() -> None:
    assert "hunter2" not in protect(title="postgres://app:hunter2@db.internal/x")


def test_hashes_and_identifiers_are_left_alone() -> None:
    text = "9f2c1e7d 123e4567-e89b-12d3-a456-426614174000 sha256:" + "ab" * 32
    assert text in protect(title=text)


def test_the_key_is_private_and_made_only_for_an_empty_store(tmp_path: Path) -> None:
    made = people.key(tmp_path, store_is_empty=True)
    assert people.key(tmp_path, store_is_empty=False) == made
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    (tmp_path / "key").unlink()
    with pytest.raises(people.KeyMissing):
        people.key(tmp_path, store_is_empty=False)
