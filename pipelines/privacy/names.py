"""The names that a record gives where it names persons, looked for in the prose of the same record.

Here: which forms of a name are looked for, and their replacement. Not here: the pseudonym (ingest/people.py), which
fields hold a person or prose (the schema; ingest/leaves.py), the words that are no names (schemas/names.yml).

The whole name is looked for, in any case, width and spacing (NFKC); given and family name alone where they say who is
meant: three letters or more, and no word of schemas/names.yml. A name of two letters ("RF") is replaced in its field
and left in prose, where it may be a random forest; where a team belongs, a whole name alone is looked for. Names that
no field of the record gives are not looked for: nothing tells them from a product's. A text is kept in NFKC where a
name was found in it, else as it came.

Price (2026-11-25): 7 µs for a record that names two persons, 25 more where its prose may hold one; none for others.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from pipelines.ingest.leaves import Node, Plan
from pipelines.settings import SCHEMAS

FILE = SCHEMAS / "names.yml"
LEAST_LETTERS = 3
SHARED = "[person]"
_PARTS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_JOINED = re.compile(r"[\s,]+")


def without_names(record: dict, written: bytes, forms: Mapping[str, str], plan: Plan) -> dict:
    """The record with the names of `forms` replaced in its prose; the same object where none is there.

    `written` is the record as JSON.
    """
    text = plain(written.decode())
    if not any(part in text for part in _telling(tuple(forms))):
        return record
    pattern = _pattern(tuple(forms))
    found = _in_prose(record, plan.record, pattern, forms)
    pack = plan.packs.get(str(record.get("domain")))
    if pack and isinstance(fields := found.get("domain_fields"), dict):
        found["domain_fields"] = _in_prose(fields, pack, pattern, forms)
    return found


def in_text(text: str, forms: Mapping[str, str]) -> str:
    """One text, such as a message about the record, without those names."""
    return _replaced(text, _pattern(tuple(forms)), forms) if forms else text


def all_forms(pseudonyms: Mapping[str, str], roles: frozenset[str]) -> dict[str, str]:
    """What is looked for, and what stands in its place: of a given name that two persons share, nobody's pseudonym.

    `roles` are the contract's words for functions and for parts in a review.
    """
    found: dict[str, str] = {}
    for name, pseudonym in pseudonyms.items():
        for form in forms_of(name, roles):
            found[form] = pseudonym if found.get(form, pseudonym) == pseudonym else SHARED
    return found


def of_two_parts(forms: Mapping[str, str]) -> dict[str, str]:
    """Those of the forms that nothing but a person's name is."""
    return {form: stands_in for form, stands_in in forms.items() if " " in form}


def plain(text: str) -> str:
    """A text in which two spellings of a name are one."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=4096)
def forms_of(name: str, roles: frozenset[str]) -> tuple[str, ...]:
    """What is looked for of a name, longest first; nothing where it is a role and no name."""
    lists = _lists()
    whole = _JOINED.sub(" ", plain(name)).strip()
    parts = [part for part in _PARTS.findall(whole) if part not in lists["particles"]]
    names = [part for part in parts if part not in roles and part not in lists["roles"] and _is_long(part)]
    if not names:
        return ()
    alone = [part for part in names if part not in lists["words"]]
    is_telling = len(parts) > 1 or bool(alone)
    return tuple(dict.fromkeys([whole] * is_telling + ([" ".join(parts)] * (len(parts) > 1)) + alone))


def _is_long(part: str) -> bool:
    """Of a script without capital letters two signs are a name."""
    return len(part) >= LEAST_LETTERS or (len(part) == 2 and part.upper() == part)


@lru_cache(maxsize=4096)
def _telling(forms: tuple[str, ...]) -> tuple[str, ...]:
    """The longest part of each form: JSON may write what stands between two parts otherwise."""
    return tuple(dict.fromkeys(max(_PARTS.findall(form), key=len) for form in forms))


@lru_cache(maxsize=256)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    words = (
        r"[\s,]+".join(re.escape(part) for part in form.split(" ")) for form in sorted(forms, key=len, reverse=True)
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")


def _in_prose(value: Any, node: Node, pattern: re.Pattern[str], forms: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        children = node.children
        return {
            key: _in_prose(child, children[key], pattern, forms) if key in children else child
            for key, child in value.items()
        }
    if isinstance(value, list):
        return [_in_prose(item, node.item, pattern, forms) for item in value] if node.item else value
    if node.is_team and isinstance(value, str):
        # a team may be called Iris: there only a person written out is one
        return in_text(value, of_two_parts(forms))
    return _replaced(value, pattern, forms) if node.is_prose and isinstance(value, str) else value


def _replaced(text: str, pattern: re.Pattern[str], forms: Mapping[str, str]) -> str:
    settled = text if text.isascii() else unicodedata.normalize("NFKC", text)
    folded = settled.casefold()
    if len(folded) != len(settled):  # ß, İ: places no longer agree
        settled = folded
    pieces, end = [], 0
    for found in pattern.finditer(folded):
        pieces += [settled[end : found.start()], forms[_JOINED.sub(" ", found[0])]]
        end = found.end()
    return "".join([*pieces, settled[end:]]) if pieces else text


@cache
def _lists() -> dict[str, frozenset[str]]:
    from pipelines.ingest.readers import yaml_events

    return {key: frozenset(words) for key, words in yaml_events.load(FILE.read_text(encoding="utf-8")).items()}
