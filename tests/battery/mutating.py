"""How a valid file is spoilt: by chance, with a seed, in the ways files are spoilt and attacked.

Here: the pieces that are put in and the ways of putting them. Not here: valid files (deliveries.py), what must hold of
the result (mutants.py, tests/unit/test_reader_fuzz.py).
"""

from __future__ import annotations

import random

YAML = (
    b"&a ", b"*a", b"---\n", b"...\n", b"<<: ", b": ", b"- ", b"|", b">", b"!!x ", b"? ", b"%YAML 1.1\n", b"#", b"@",
    b"`", b"~", b"id: x\n", b"\n  ", b"- " * 40, b"\\N", b"\t",
)  # fmt: skip
JSON = (
    b'"', b"'", b"{", b"[", b"]", b"}", b",", b'"id":1,', b"null", b"NaN", b"1e999", b"9" * 40, b"[" * 40,
    b'{"a":' * 1100, b"\\ud800", b"\\u0000", b"\\x", b"\\", b"\\r", b"//", b"-0", b"1.0", b" :",
)  # fmt: skip
ROWS = (b";", b'""', b'"x"y', b"\n\n", b'\n"', b"|", b"| |")
BYTES = (
    b"\n", b"\r\n", b"\r", b"\x00", b"\x1b", b"\xff", b"\xe9", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xe2\x80\xa8", b"\xef\xbf\xbe", b"\xc2\x85",
)  # fmt: skip
PIECES = (*YAML, *JSON, *ROWS, *BYTES)


def mutant(chance: random.Random, data: bytes) -> bytes:
    """The file with one to eight things done to it: a byte changed, a part cut out, repeated, replaced or torn off."""
    for _ in range(chance.choice([1, 1, 1, 2, 3, 8])):
        here, there = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        there = min(there, here + chance.choice([1, 5, 40, 400]))
        match chance.randrange(6):
            case 0:
                data = data[:here] + bytes([chance.randrange(256)]) + data[here + 1 :]
            case 1:
                data = data[:here] + data[there:]
            case 2:
                data = data[:there] + data[here:there] * chance.choice([1, 2, 50]) + data[there:]
            case 3 | 4:
                data = data[:here] + chance.choice(PIECES) + data[here:]
            case 5 if chance.random() < 0.2:
                data = data[:here]
            case 5:
                data = data.replace(data[here:there] or b" ", chance.choice(PIECES), 1)
    return data
