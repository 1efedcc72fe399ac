"""A value as YAML people would write: for skeletons and for editors' snippets.

Here: one value on one line. Not here: whole records (simulate/plain_yaml.py), and reading
(ingest/readers/yaml_events.py).
"""

from __future__ import annotations

from typing import Any

import yaml


class _Scalars(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    """Quotes what another YAML reader would take for a number or for true, and leaves days as people write them."""

    yaml_implicit_resolvers = {  # PyYAML's own way to say which texts it would read as something else
        first: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:timestamp"]
        for first, forms in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }


def flow(value: Any) -> str:
    """A value as YAML on one line."""
    text = yaml.dump(value, Dumper=_Scalars, default_flow_style=True, width=10**6, allow_unicode=True, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...")
