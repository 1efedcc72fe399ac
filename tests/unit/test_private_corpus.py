"""Secrets, addresses, account and phone numbers are found, kind by kind; hashes and what else looks so is left."""

from __future__ import annotations

import random
import time

import duckdb
import msgspec
import pytest

from pipelines.privacy.cleaning import blank, may_hold_secrets, protect
from pipelines.privacy.shapes import GROUPS, shapes
from pipelines.quality.rule_sql import private_macros
from tests.unit import private_corpus as corpus

EACH = 25
LOOK_ALIKES = 2_100
# The naughty ones among all characters: what JSON escapes, what folds to a letter or digit of ASCII, what joins.
ALPHABET = [*"abkKsS01 9@.:/=-_+\"'\\\n\t([{$#,;", "é", "ü", "ſ", "K", "٣", "\u200b", "𝟙", "ﬀ"]


@pytest.mark.parametrize("kind", corpus.KINDS)
def test_of_each_kind_every_one_is_found_and_none_of_it_is_left(kind: str) -> None:
    rng = random.Random(f"found {kind}")
    missed = [text for text, part in (corpus.found(rng, kind) for _ in range(EACH)) if part in blank(text)]
    assert not missed, f"{len(missed)} of {EACH}"


def test_every_shape_of_the_catalogue_is_drawn() -> None:
    drawn = corpus.KINDS.keys() | {"international", "north_american", "after_its_word"}
    assert {shape.name for shape in shapes().every} == drawn - {"phone"}


def test_of_what_only_looks_like_a_secret_at_most_one_in_a_thousand_is_cut_out() -> None:
    rng = random.Random("look-alikes")
    kinds = list(corpus.LOOK_ALIKES)
    texts = [corpus.look_alike(rng, kinds[n % len(kinds)]) for n in range(LOOK_ALIKES)]
    flagged = [(text, cleaned) for text in texts if (cleaned := blank(text)) != text]
    assert len(flagged) <= LOOK_ALIKES / 1000, flagged[:10]


def drawn(rng: random.Random) -> str:
    """Pieces of what is looked for among others: most hold something, whole or broken."""
    pieces = [corpus.KINDS[rng.choice(list(corpus.KINDS))](rng)[0] for _ in range(2)]
    pieces += ["".join(rng.choices(ALPHABET, k=rng.randrange(12))) for _ in range(4)]
    pieces.append(rng.choice(shapes().every).marks[0])
    rng.shuffle(pieces)
    whole = "".join(pieces)
    return whole[rng.randrange(8) : len(whole) - rng.randrange(30)]


def test_a_record_that_holds_anything_to_be_cut_out_is_always_searched() -> None:
    rng = random.Random("prefilter")
    found = 0
    for _ in range(1_500):
        record = {"title": drawn(rng), "lessons": {"lucky": [drawn(rng)]}}
        if protect(record, str.upper) != record:
            found += 1
            assert may_hold_secrets(msgspec.json.encode(record)), record
    assert found > 500


def test_what_has_been_cleaned_holds_nothing_more_for_the_gate_whose_patterns_are_read_by_another_engine() -> None:
    rng = random.Random("gate")
    texts = [drawn(rng) for _ in range(1_500)]
    with duckdb.connect() as con:
        con.execute(private_macros(shapes().in_sql(is_address=True), shapes().in_sql(is_address=False)))
        count = (
            "SELECT count(*) FILTER (holds_address(t)), count(*) FILTER (holds_secret(t)) FROM (SELECT unnest(?) AS t)"
        )
        assert min(con.execute(count, [texts]).fetchone()) > 100
        assert con.execute(count, [[blank(text) for text in texts]]).fetchone() == (0, 0)


def test_what_stands_in_place_of_something_is_itself_left_alone() -> None:
    removed = {shape.removed for shape in shapes().every}
    assert len(removed) == len(GROUPS)
    for text in removed:
        said = f"password={text} Bearer {text} ://{text}@host phone {text}"
        assert blank(said) == said


@pytest.mark.parametrize("piece", ["+1415555{n:04} ", "415-555-{n:04} ", "secret ", "aws ", "+0", "a" * 64 + "@", "a"])
def test_a_text_of_nothing_but_what_looks_so_is_cleaned_in_time(piece: str) -> None:
    text = "".join(piece.format(n=n % 10_000) for n in range(2_000_000 // len(piece.format(n=0))))
    began = time.process_time()
    may_hold_secrets(text.encode())
    protect({"lessons": [text[:1_000_000], text[1_000_000:]]}, None)
    assert time.process_time() - began < 1.5


def test_of_more_look_alikes_than_are_tested_the_rest_is_cut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.privacy.cleaning.MOST_TESTED", 3)
    card = "4111 1111 1111 1112"  # the check digit is wrong
    texts = protect([card, f"{card}, {card}", card], None)
    assert texts == [card, f"{card}, {card}", "[account number removed]"]


def test_of_an_address_with_a_longer_name_than_any_may_have_nothing_is_left() -> None:
    assert blank(f"see {'ab.' * 40}c@example.org") == "see [address removed]"
