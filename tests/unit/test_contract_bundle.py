"""The bundler: whatever lies in `schemas/` comes out as one regular, closed, explained draft-07 schema."""

import json
import shutil

import jsonschema_rs
import pytest
import yaml

from pipelines.contract import asked, bundle, tables
from pipelines.contract.bundle import SCHEMAS
from pipelines.ingest.validate import Contract

BUNDLE = bundle.build(SCHEMAS)
VOCABULARIES = yaml.safe_load((SCHEMAS / "vocabularies.yml").read_text(encoding="utf-8"))
STATES = set(VOCABULARIES["states"])


def nodes(schema, path=""):
    """Every schema inside a schema, with its path: the record, its fields and the entries of its lists."""
    yield path, schema
    for name, field in schema.get("properties", {}).items():
        yield from nodes(field, f"{path}.{name}")
    if "items" in schema:
        yield from nodes(schema["items"], f"{path}[]")


RECORD = list(nodes(BUNDLE))
PACKS = [node for name, pack in BUNDLE["x-domain-packs"].items() for node in nodes(pack, f".domain_fields({name})")]
ALL = RECORD + PACKS
FIELDS = [(path, node) for path, node in ALL if path and not path.endswith(("[]", ")"))]


@pytest.fixture
def schemas(tmp_path):
    """A copy of the folder to spoil."""
    return shutil.copytree(SCHEMAS, tmp_path / "schemas", ignore=shutil.ignore_patterns("generated"))


def edit(path, change):
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def keys(value):
    if isinstance(value, dict):
        yield from value
        for child in value.values():
            yield from keys(child)
    elif isinstance(value, list):
        for child in value:
            yield from keys(child)


def test_the_bundle_is_a_valid_draft_07_schema_without_references_or_unreadable_alternatives():
    jsonschema_rs.meta.validate(BUNDLE)
    assert BUNDLE["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert not {"$ref", "anyOf", "oneOf", "patternProperties"} & set(keys(BUNDLE))


def test_no_keyword_is_misspelt_because_a_validator_ignores_what_it_does_not_know():
    known = {"type", "properties", "additionalProperties", "items", "enum", "pattern", "minimum", "maximum", "format"}
    known |= {"title", "description", "markdownDescription", "examples", "markdownEnumDescriptions"}
    known |= {"defaultSnippets", "patternErrorMessage", "x-vocabulary", "x-states", "x-free-value", "x-person"}
    known |= {"x-section", "x-markdown", "x-code"}
    for path, node in ALL[1:]:
        assert set(node) <= known, path


def test_every_object_is_closed_and_every_list_says_what_it_holds():
    objects = {path: node for path, node in ALL if node.get("type") == "object"}
    open_ones = [path for path, node in objects.items() if node.get("additionalProperties") is not False]
    assert open_ones == [".domain_fields"], "left open in the base, closed by the pack"
    assert all(node["properties"] for path, node in objects.items() if path != ".domain_fields")
    assert all("items" in node for _, node in ALL if node.get("type") == "array")


def test_every_field_has_a_title_a_prompt_and_examples_that_are_valid():
    for path, node in FIELDS:
        assert node["title"].strip(), path
        prompt = node["markdownDescription"]
        assert len(prompt) >= 40 and prompt.endswith((".", "?")) and "  " not in prompt, path
        assert node["examples"], path
        for example in node["examples"]:
            errors = [error.message for error in jsonschema_rs.Draft7Validator(node).iter_errors(example)]
            assert not errors, (path, errors)


def test_every_word_is_defined_and_every_vocabulary_is_used():
    packs = [json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("domains/*.schema.json")]
    own = {name: words for pack in packs for name, words in pack.get("vocabularies", {}).items()}
    for name, vocabulary in (VOCABULARIES | own).items():
        for word, entry in vocabulary.items():
            assert isinstance(word, str), f"{name}: quote {word}, YAML reads it as something else"
            assert entry["definition"].endswith("."), (name, word)
    used = {node["x-vocabulary"] for _, node in ALL if "x-vocabulary" in node}
    assert set(VOCABULARIES | own) - used == {"states", "cause_categories"}, "these two describe other words"


def test_a_word_list_becomes_an_enum_with_its_meanings_and_the_state_words_unless_told_otherwise():
    severity, stage = BUNDLE["properties"]["severity"], BUNDLE["properties"]["stage"]
    assert severity["enum"] == ["sev1", "sev2", "sev3", "sev4", "unknown", "not_applicable", "withheld"]
    assert len(severity["markdownEnumDescriptions"]) == len(severity["enum"])
    assert stage["enum"] == sorted(VOCABULARIES["stages"], key=lambda word: VOCABULARIES["stages"][word]["rank"])


def test_every_typed_leaf_takes_the_state_words_except_the_few_that_identify_or_steer():
    def refuses(node):
        validator = jsonschema_rs.Draft7Validator(node)
        return not all(validator.is_valid(state) for state in STATES)

    leaves = [(path, node) for path, node in FIELDS if node["type"] not in ("object", "array")]
    steering = {path for path, node in leaves if refuses(node) and node.get("x-states", True) and path[-2:] != "id"}
    assert steering == {".schema_version", ".revision", ".exclude_from_metrics"}


def test_conditions_ask_only_for_presence_and_only_for_fields_that_exist():
    known = {path.lstrip(".") for path, _ in RECORD}
    for pack in BUNDLE["x-domain-packs"].values():
        known |= {path.lstrip(".") for path, _ in nodes(pack, "domain_fields")}
    objects = {path.lstrip(".") for path, node in ALL if node.get("type") == "object"}
    rows = asked.required_at(BUNDLE)
    assert {row.field for row in rows} <= known - objects, "a bare object asks for nothing one can count"
    assert len(set(rows)) == len({(row.field, row.category, row.domain) for row in rows}) == len(rows)
    for entry in BUNDLE["allOf"]:
        if "stage" in entry["if"].get("properties", {}):
            bare = {"required", "properties", "items"}
            assert set(keys(entry["then"])) - bare <= {part for path in known for part in path.split(".")} | bare


def test_asked_fields_carry_section_lowest_stage_category_and_domain():
    rows = set(asked.required_at(BUNDLE))
    assert ("title", "identity", "imported", None, None) in rows
    assert ("scope.summary", "scope", "draft", None, None) in rows
    assert ("levers.capacity.finding", "levers", "review", "service_degradation", None) in rows
    assert ("actions[].due_on", "prevention", "published", None, None) in rows
    assert ("domain_fields.model_risk_tier", "domain", "review", None, "finance") in rows
    assert ("domain_fields.care_pathways[].setting", "domain", "review", None, "healthcare") in rows
    assert ("domain_fields.revenue_at_risk.currency", "domain", "published", None, "ecommerce") in rows


def test_the_same_folder_gives_the_same_bytes_and_the_written_bundle_is_what_load_reads(schemas):
    first = bundle.write(schemas).read_bytes()
    assert bundle.write(schemas).read_bytes() == first
    assert bundle.load(schemas) == bundle.build(schemas) == json.loads(first)
    assert [path.name for path in (schemas / "generated").iterdir()] == ["postmortem.schema.json"]


def test_load_does_not_trust_a_bundle_made_from_other_sources(schemas):
    bundle.write(schemas)
    (schemas / "domains" / "finance.schema.json").unlink()
    bundle.load.cache_clear()
    assert "finance" not in bundle.load(schemas)["x-domain-packs"]


def test_a_pack_dropped_into_the_folder_brings_fields_words_and_requirements_without_code(schemas):
    pack = {
        "title": "Energy",
        "properties": {"outage_class": {"type": "string", "x-vocabulary": "outage_classes", "title": "Outage class"}},
        "vocabularies": {"outage_classes": {"severe": {"definition": "A region without power."}}},
        "allOf": [{"if": {"properties": {"stage": {"const": "draft"}}}, "then": {"required": ["domain_fields"]}}],
    }
    (schemas / "domains" / "energy.schema.json").write_text(json.dumps(pack), encoding="utf-8")
    built = bundle.build(schemas)
    jsonschema_rs.meta.validate(built)
    assert ("domain_fields", "domain", "draft", None, "energy") in asked.required_at(built)
    fields = built["x-domain-packs"]["energy"]
    assert fields["properties"]["outage_class"]["enum"][0] == "severe" and fields["additionalProperties"] is False
    validator = jsonschema_rs.Draft7Validator(built)
    record = {"schema_version": "1.1", "id": "X1", "title": "T", "stage": "imported", "domain": "energy"}
    assert validator.is_valid(record | {"domain_fields": {"outage_class": "severe"}})
    assert not validator.is_valid(record | {"domain_fields": {"model_risk_tier": 1}}), "that is finance's"
    assert "domain_fields" in str([e.message for e in validator.iter_errors(record | {"stage": "draft"})])


def test_two_packs_may_use_one_name_each_in_its_own_way(schemas):
    loss = {"type": "object", "title": "Loss", "properties": {"megawatts": {"type": "integer", "title": "Power"}}}
    tier = {"type": "string", "title": "Tier"}
    pack = {"title": "Energy", "properties": {"loss": loss, "model_risk_tier": tier}}
    (schemas / "domains" / "energy.schema.json").write_text(json.dumps(pack), encoding="utf-8")
    built = bundle.build(schemas)
    contract, read = Contract(built), json.loads(tables.structure(built))["domain_fields"]
    assert contract.typed({"domain": "energy", "domain_fields": {"model_risk_tier": "1"}})["domain_fields"] == {
        "model_risk_tier": "1"
    }
    assert contract.typed({"domain": "finance", "domain_fields": {"model_risk_tier": "1"}})["domain_fields"] == {
        "model_risk_tier": 1
    }
    assert {"megawatts", "min_cents"} <= set(read["loss"]), "what one pack reads, another does not take away"


def test_a_name_that_two_packs_cannot_share_is_an_error_that_names_the_later_one(schemas):
    pack = {"title": "Trade", "properties": {"loss": {"type": "string", "title": "Loss"}}}
    (schemas / "domains" / "trade.schema.json").write_text(json.dumps(pack), encoding="utf-8")
    with pytest.raises(bundle.ContractError, match="trade.schema.json: domain_fields.loss is an object, a list or a v"):
        tables.structure(bundle.build(schemas))


def test_contradictions_in_the_folder_are_named_with_their_file(schemas):
    again = {"properties": {"severity": {"type": "string"}}}
    (schemas / "sections" / "99_again.schema.json").write_text(json.dumps(again), encoding="utf-8")
    with pytest.raises(ValueError, match="99_again.schema.json: field severity is already in classification"):
        bundle.build(schemas)
    (schemas / "sections" / "99_again.schema.json").unlink()
    edit(schemas / "domains" / "finance.schema.json", lambda pack: pack["vocabularies"].update(stages={}))
    with pytest.raises(ValueError, match="vocabulary stages exists already"):
        bundle.build(schemas)


def test_a_name_that_leads_nowhere_is_an_error_that_names_it(schemas):
    path = schemas / "domains" / "finance.schema.json"
    edit(path, lambda pack: pack["properties"]["model_risk_tier"].update({"$ref": "#/definitions/intger"}))
    with pytest.raises(ValueError, match="no shared type intger"):
        bundle.build(schemas)
    edit(path, lambda pack: pack["properties"].update(model_risk_tier={"type": "string", "x-vocabulary": "teirs"}))
    with pytest.raises(ValueError, match="no vocabulary teirs"):
        bundle.build(schemas)


def test_a_word_or_vocabulary_written_twice_is_refused(schemas):
    path = schemas / "vocabularies.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  sev2:", "  sev1:", 1), encoding="utf-8")
    with pytest.raises(ValueError, match=r"vocabularies.yml:\d+: sev1 is written twice"):
        bundle.build(schemas)
    path.write_text(text + "\nseverities: {sev1: {definition: Again.}}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="severities is written twice"):
        bundle.build(schemas)
