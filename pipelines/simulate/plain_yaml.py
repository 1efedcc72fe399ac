"""A record as a YAML file in the style of the examples, without anchors: the reader refuses those.

Here: the dump. Not here: names of files (writer.py).
"""

from __future__ import annotations

import yaml


class _Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    def ignore_aliases(self, data: object) -> bool:
        return True


def as_yaml(record: dict, quoted: bool = False) -> bytes:
    """The record's text; `quoted` puts every text in quotes."""
    style = '"' if quoted else None
    return yaml.dump(
        record, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=118, default_style=style, encoding="utf-8"
    )
