"""The bundle: `schemas/` put together into the one JSON Schema that validators, editors and tables use.

Here: putting the folder together. Shared types are inlined (draft-07 ignores the siblings of a `$ref`), vocabularies
become enums, every object is closed, requirements and domain packs become `allOf`. Not here: any field, word or
requirement by name; adding one of them, or a whole domain pack, is an edit of `schemas/` and none of this code.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path

from pipelines.contract.snippets import with_snippets
from pipelines.settings import SCHEMAS

GENERATED = "generated/postmortem.schema.json"
MADE_BY = ("bundle.py", "asked.py", "snippets.py", "yaml_text.py")
DRAFT_07 = "http://json-schema.org/draft-07/schema#"


class ContractError(ValueError):
    """Two files of `schemas/` contradict each other; the message names the file. Exit code 2."""


def build(schemas_dir: Path) -> dict:
    """The effective schema. ContractError where files of the folder contradict each other or a name leads nowhere."""
    schemas = Path(schemas_dir)
    words = _read_vocabularies(schemas / "vocabularies.yml")
    definitions = _read(schemas / "definitions.schema.json")["definitions"]
    requirements = _read(schemas / "requirements.schema.json")
    packs = {path.name.split(".")[0]: _read(path) for path in sorted(schemas.glob("domains/*.schema.json"))}
    for name, pack in packs.items():
        if taken := words.keys() & pack.get("vocabularies", {}).keys():
            raise ContractError(
                f"domains/{name}.schema.json: vocabulary {min(taken)} exists already; choose another name"
            )
        words |= pack.get("vocabularies", {})

    properties: dict[str, dict] = {}
    for path in sorted(schemas.glob("sections/*.schema.json")):
        section = path.name.split(".")[0].lstrip("0123456789_")
        for name, field in _read(path)["properties"].items():
            if name in properties:
                raise ContractError(f"sections/{path.name}: field {name} is already in {properties[name]['x-section']}")
            properties[name] = _resolve(field, definitions, words) | {"x-section": section}

    fields = {name: _resolve(_pack_object(pack), definitions, words) for name, pack in packs.items()}
    built = {
        "$schema": DRAFT_07,
        "title": requirements["title"],
        "description": requirements["description"],
        "x-sources": fingerprint(schemas),
        "x-domain-packs": fields,
        "x-vocabularies": words,
        "type": "object",
        "additionalProperties": False,
        "required": requirements["required"],
        "properties": properties,
        "allOf": requirements["allOf"]
        + [_without_pack(sorted(packs))]
        + [entry for name, pack in packs.items() for entry in _pack(name, pack, fields[name])],
    }
    return with_snippets(built)


def write(schemas_dir: Path = SCHEMAS, target: Path | None = None) -> Path:
    """Write the bundle, whole or not at all, where editors find it. The same sources give the same bytes."""
    target = target or Path(schemas_dir) / GENERATED
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    unfinished.write_text(json.dumps(build(schemas_dir), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(target)
    return target


@cache
def load(schemas_dir: Path = SCHEMAS) -> dict:
    """The bundle as written, or built in memory where it is missing or from other sources. Treat it as read-only."""
    try:
        bundle = _read(Path(schemas_dir) / GENERATED)
    except (FileNotFoundError, json.JSONDecodeError):
        return build(schemas_dir)
    return bundle if bundle.get("x-sources") == fingerprint(schemas_dir) else build(schemas_dir)


def fingerprint(schemas_dir: Path) -> str:
    """sha256 over the files the bundle is made of: 1 ms, and sees a removed pack or an old checkout."""
    schemas = Path(schemas_dir)
    patterns = ("vocabularies.yml", "definitions.schema.json", "requirements.schema.json")
    patterns += ("sections/*.schema.json", "domains/*.schema.json")
    here = Path(__file__)
    digest = hashlib.sha256(b"".join(here.with_name(name).read_bytes() for name in MADE_BY))
    for path in sorted(path for pattern in patterns for path in schemas.glob(pattern)):
        digest.update(path.relative_to(schemas).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def _read_vocabularies(path: Path) -> dict[str, dict]:
    """Vocabulary → word → what is known of it. A word written twice is an error: YAML would keep the last, silently."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        def construct_mapping(self, node, deep=False):
            keys = [key.value for key, _ in node.value]
            if twice := sorted({key for key in keys if keys.count(key) > 1}):
                raise ContractError(f"{path.name}:{node.start_mark.line + 1}: {', '.join(twice)} is written twice")
            return super().construct_mapping(node, deep)

    return yaml.load(path.read_text(encoding="utf-8"), Loader)


def _resolve(schema: dict, definitions: dict, words: dict) -> dict:
    """One field with its shared type inlined (its own keys win), its words as an enum, every object in it closed."""
    while "$ref" in schema:
        name = schema["$ref"].removeprefix("#/definitions/")
        if name not in definitions:
            raise ContractError(f"{schema.get('title')}: definitions.schema.json has no shared type {name}")
        schema = definitions[name] | {key: value for key, value in schema.items() if key != "$ref"}
    schema = dict(schema)
    if "items" in schema:
        schema["items"] = _resolve(schema["items"], definitions, words)
    if "properties" in schema:
        fields = schema["properties"].items()
        schema["properties"] = {name: _resolve(field, definitions, words) for name, field in fields}
        schema.setdefault("additionalProperties", False)
    if vocabulary := schema.get("x-vocabulary"):
        if vocabulary not in words:
            raise ContractError(f"{schema.get('title')}: there is no vocabulary {vocabulary}")
        schema |= _enum(words[vocabulary], words["states"] if schema.get("x-states", True) else {})
    return schema


def _enum(vocabulary: dict[str, dict], states: dict[str, dict]) -> dict:
    meanings = {word: entry["definition"] for word, entry in (vocabulary | states).items()}
    return {"enum": list(meanings), "markdownEnumDescriptions": list(meanings.values())}


def _without_pack(names: list[str]) -> dict:
    """A record whose domain has no pack may hold no domain field, so that a misspelt domain cannot open the object."""
    known = {"properties": {"domain": {"enum": names}}, "required": ["domain"]}
    return {"if": {"not": known}, "then": {"properties": {"domain_fields": {"maxProperties": 0}}}}


def _pack_object(pack: dict) -> dict:
    explained = {"markdownDescription": pack["description"]} if "description" in pack else {}
    return {"type": "object", "title": pack["title"], **explained, "properties": pack["properties"]}


def _pack(name: str, pack: dict, fields: dict) -> list[dict]:
    """A pack's fields close `domain_fields` for its domain; its requirements hold for records of that domain only."""
    domain = {"domain": {"const": name}}
    closing = {"if": {"properties": domain, "required": ["domain"]}, "then": {"properties": {"domain_fields": fields}}}
    asking = [
        {
            "if": {
                "properties": domain | entry["if"].get("properties", {}),
                "required": ["domain", *entry["if"].get("required", [])],
            },
            "then": entry["then"],
        }
        for entry in pack.get("allOf", [])
    ]
    return [{"x-domain": name, **entry} for entry in (closing, *asking)]


if __name__ == "__main__":
    print(write())
