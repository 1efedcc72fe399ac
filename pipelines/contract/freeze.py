"""Today's contract as it stays for the records written for it: the first step to a next version.

Here: `python -m pipelines.contract.freeze`, which writes schemas/versions/postmortem-1.1.schema.json or its like, once.
Not here: what leads from it to the next version (people write schemas/versions/1.1.yml), reading it (versions.py).
Prompts, words' meanings and fields of domain packs are left out: nobody is asked to write the version any more, and
fields of packs have no version of their own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipelines.contract import bundle, versions

PROMPTS = {"markdownDescription", "markdownEnumDescriptions", "defaultSnippets", "x-markdown", "x-code"}
OF_TODAY = {"x-sources", "x-domain-packs", "x-vocabularies"}
ABOUT = (
    "What version {name} allowed and asked for, frozen: records written for it are held against it. Without the "
    "prompts, because nobody is asked to write it any more. Of the domain packs it holds what they asked for; their "
    "fields have no version of their own."
)


def frozen(built: dict) -> dict:
    """A bundle as it is kept."""
    name = versions.today(built)
    kept = _without_prompts({key: value for key, value in built.items() if key not in OF_TODAY})
    kept["title"] = f"Faultlines post-mortem record, version {name}"
    kept["description"] = ABOUT.format(name=name)
    kept["allOf"] = [entry for entry in kept["allOf"] if not _gives_fields(entry["then"])]
    return kept


def _without_prompts(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _without_prompts(value) for key, value in node.items() if key not in PROMPTS}
    return [_without_prompts(item) for item in node] if isinstance(node, list) else node


def _gives_fields(then: dict) -> bool:
    """Whether it closes `domain_fields`, and asks for nothing."""
    return "domain_fields" in then.get("properties", {}) and "required" not in then


def text(kept: dict) -> str:
    """A line for each field and each requirement, so that two versions can be compared."""
    lines = []
    for key, value in kept.items():
        if key == "properties":
            inner = (f"  {json.dumps(name)}: {json.dumps(node, ensure_ascii=False)}" for name, node in value.items())
            lines.append(' "properties": {\n' + ",\n".join(inner) + "\n }")
        elif key == "allOf":
            inner = (f"  {json.dumps(entry, ensure_ascii=False)}" for entry in value)
            lines.append(' "allOf": [\n' + ",\n".join(inner) + "\n ]")
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def write(schemas_dir: Path = bundle.SCHEMAS) -> Path:
    """Freeze the contract of a folder; FileExistsError where this version is frozen already."""
    built = bundle.build(schemas_dir)
    path = Path(schemas_dir) / versions.FOLDER / f"postmortem-{versions.today(built)}.schema.json"
    with path.open("x", encoding="utf-8") as file:
        file.write(text(frozen(built)))
    return path


if __name__ == "__main__":
    print(write())
