"""What only looks like a secret, an account or a phone number: the tests that a pattern cannot make.

Here: one function for each `test` of schemas/secrets.yml, given what the pattern found. Not here: the patterns.
"""

from __future__ import annotations

import re
from functools import cache

# Random letters and digits change kind at every second character, hex at every second, words with a number at their end
# at one in ten (2026-11-25).
LEAST_CHANGES = 0.2
_KINDS = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "a" * 26 + "A" * 26 + "0" * 10)
_PASSWORD = re.compile(r"(?i)pass|pwd", re.ASCII)
# A version, an amount, a date, a time, the key of a ticket, a flag's name: said of a token, not the token.
_SAID_OF_IT = re.compile(r"v?[0-9][0-9.,:%TZ+-]*[a-zA-Z%]{0,4}|[A-Z]{2,10}-[0-9]+|[a-z]+(?:[-_.][a-z]+)*", re.ASCII)
_ELSEWHERE = re.compile(r"(?i)[$%&]|\*|\.{3}|x{4}|os\.|env|vault:|file:|https?:|/|\\|@", re.ASCII)


def cut(found: re.Match[str]) -> str:
    """What would be cut out."""
    return found["cut"] if "cut" in found.re.groupindex else found[0]


def varied(found: re.Match[str]) -> bool:
    """Letters and digits that take turns as chance lets them, not words and numbers."""
    text = cut(found)
    kinds = text.translate(_KINDS)
    changes = sum(a != b and a.isalnum() and b.isalnum() for a, b in zip(kinds, kinds[1:], strict=False))
    return "0" in kinds and ("a" in kinds or "A" in kinds) and changes >= LEAST_CHANGES * len(text)


def of_both_cases(found: re.Match[str]) -> bool:
    """The same, with large and small letters: no hash is written so."""
    text = cut(found)
    return varied(found) and text.lower() != text and text.upper() != text


def chosen(found: re.Match[str]) -> bool:
    """A value that somebody chose or a machine drew, where one is assigned to a password, a key or a token.

    After a word for a password a word of letters, or a number, is one too, if it follows a `=` at once: prose puts a
    blank.
    """
    value = cut(found).rstrip(".:!?")
    if len(value) < 6 or len(set(value)) < 3 or _ELSEWHERE.match(value) or value.lower() in _no_values():
        return False
    if not _SAID_OF_IT.fullmatch(value):
        return True
    before = found[0][: found.start("cut") - found.start()]
    return bool(_PASSWORD.search(before)) and before.rstrip("\"'`").endswith("=")


def luhn(found: re.Match[str]) -> bool:
    """The check digit of a payment card."""
    digits = [int(c) for c in cut(found) if c.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def mod_97(found: re.Match[str]) -> bool:
    """The check digits of an IBAN (ISO 13616)."""
    text = cut(found).replace(" ", "")
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


def dialled(found: re.Match[str]) -> bool:
    """A number that its country's plan has; without a country code, the North American plan (libphonenumber)."""
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(cut(found), "US"))
    except phonenumbers.NumberParseException:
        return False


def long_enough(found: re.Match[str]) -> bool:
    """As many digits as a number that can be dialled has (E.164: at most 15)."""
    return 8 <= sum(c.isdigit() for c in cut(found)) <= 15


@cache
def _no_values() -> frozenset[str]:
    from pipelines.ingest.readers import yaml_events
    from pipelines.settings import SCHEMAS

    return frozenset(yaml_events.load((SCHEMAS / "secrets.yml").read_text(encoding="utf-8"))["no_values"])
