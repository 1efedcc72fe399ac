"""The contract is whole: what the design asks for is in it, good records pass and bad ones do not."""

import copy
import json
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from pipelines.contract import asked, bundle

BUNDLE = bundle.build(bundle.SCHEMAS)
VALIDATOR = jsonschema_rs.Draft7Validator(BUNDLE)
VOCABULARIES = yaml.safe_load((bundle.SCHEMAS / "vocabularies.yml").read_text(encoding="utf-8"))
WHOLE_TEXT = (Path(__file__).parents[1] / "records" / "whole.yml").read_text(encoding="utf-8")
STAGES = ["draft", "review", "published", "verified"]
CATEGORIES = list(VOCABULARIES["categories"])

# What the design's table of sections asks for, section by section, in the contract's spelling.
CHECKLIST = {
    "identity": """id schema_version revision recorded_at title stage record_kind provenance exclude_from_metrics
        source_system url external_references[].id external_references[].system external_references[].url
        external_references[].title domain project taxonomy.name taxonomy.version taxonomy.annotator
        taxonomy.labels[].scheme taxonomy.labels[].code taxonomy.labels[].label taxonomy.labels[].confidence
        taxonomy.labels[].note taxonomy.labels[].evidence""",
    "classification": "category subcategory severity detection_source",
    "scope": """scope.summary scope.services scope.models scope.developers scope.deployers
        scope.affected[].who scope.affected[].min scope.affected[].max scope.regions impact.cost.min_cents
        impact.cost.max_cents impact.averted
        impact.cost.currency impact.harms[].kind impact.harms[].description impact.objective impact.risk_limit
        impact.heuristic""",
    "chronology": """chronology.introduced_at chronology.impact_started_at chronology.detected_at
        chronology.acknowledged_at chronology.mitigated_at chronology.resolved_at chronology.closed_at
        chronology.estimated timeline[].at timeline[].event timeline[].source timeline[].actor_role
        chronology.stated.time_to_detect_minutes chronology.stated.time_to_acknowledge_minutes
        chronology.stated.time_to_mitigate_minutes chronology.stated.time_to_resolve_minutes
        chronology.stated.time_to_detect_text chronology.stated.time_to_resolve_text""",
    "context": """context.artifacts[].id context.artifacts[].kind context.artifacts[].name context.artifacts[].version
        context.artifacts[].digest context.artifacts[].role context.artifacts[].derived_from context.code.repository
        context.code.commit context.deployment.id context.deployment.environment context.deployment.region
        context.deployment.image_digest context.environment_differences[].aspect
        context.notices[].sender context.notices[].stopped_at""",
    "levers": """levers.dependencies.failed[].name levers.rollout.strategy levers.capacity.limit
        levers.freshness.observed_age_minutes levers.schema.changes[].kind levers.lineage.is_known
        levers.validation.checks[].existed levers.slices.measured[].slice levers.drift.value
        levers.training_serving_skew.serving_value levers.thresholds.value""",
    "evidence": """evidence[].id evidence[].kind evidence[].statement evidence[].uri evidence[].path evidence[].sha256
        evidence[].captured_at evidence[].window.from evidence[].window.to evidence[].query evidence[].data[].name
        evidence[].data[].path evidence[].data[].sha256 evidence[].expected.value evidence[].expected.tolerance
        evidence[].source_group evidence[].extraction.template evidence[].extraction.parameters[].value
        interviews[].role interviews[].held_at interviews[].prompts interviews[].statements[].text
        interviews[].statements[].supports""",
    "analysis": """analysis.symptoms[].id analysis.hypotheses[].statement analysis.hypotheses[].state
        analysis.hypotheses[].prior analysis.hypotheses[].confidence analysis.matrix[].symptom
        analysis.matrix[].hypothesis analysis.matrix[].evidence analysis.matrix[].consistency
        analysis.matrix[].credibility analysis.tests[].hypothesis analysis.tests[].round analysis.tests[].slice
        analysis.tests[].expected analysis.tests[].observed analysis.tests[].evidence analysis.assumptions[].testable
        analysis.assumptions[].why_not analysis.shortcuts[].text analysis.counterfactuals[].control
        analysis.counterfactuals[].existed analysis.counterfactuals[].would_have analysis.counterfactuals[].needs
        analysis.counterfactuals[].cause""",
    "causes": """triggers[].code root_causes[].code root_causes[].layer root_causes[].hypothesis root_causes[].priority
        root_causes[].owner_team root_causes[].artifacts root_causes[].evidence contributing_factors[].description
        contributing_factors[].introduced_at
        contributing_factors[].why_undetected contributing_factors[].interaction""",
    "prevention": """actions[].id actions[].title actions[].kind actions[].measure actions[].strength
        actions[].prevents actions[].scope.services actions[].owner_team actions[].due_on actions[].status
        actions[].status_reason actions[].change_control.ticket actions[].change_control.rollback_plan
        actions[].change_control.environments actions[].environment_checks[].result actions[].success.metric
        actions[].success.baseline actions[].success.target actions[].success.window_days actions[].verify_on
        actions[].verifications[].on actions[].verifications[].by_role actions[].verifications[].observed
        actions[].verifications[].evidence actions[].verifications[].result actions[].implemented_on""",
    "forward": """signals[].metric signals[].state signals[].detector signals[].parameters.above signals[].threshold
        signals[].on_trigger signals[].false_alarm_budget_per_1000 signals[].history scenarios[].kind scenarios[].shape
        scenarios[].perturbation scenarios[].magnitude_sd scenarios[].data.sha256 scenarios[].expected
        scenarios[].fallback scenarios[].damage_budget_points scenarios[].runs[].result known_triggers[].description""",
    "decisions": """decisions[].decided_at decisions[].question decisions[].chosen decisions[].alternatives
        decisions[].rationale decisions[].risks_accepted[].text decisions[].risks_accepted[].expires_on
        decisions[].dissent decisions[].decider_role""",
    "people": """participants[].person participants[].role participants[].function participants[].team
        participants[].responsibility channels review.cadence_days review.held_on""",
    "communication": """communication.executive_summary communication.technical_findings
        communication.risk_implications communication.product_implications communication.operator_notes
        lessons.learned lessons.went_well lessons.went_wrong lessons.lucky lessons.surprises""",
    "follow_up": """follow_ups[].on follow_ups[].what follow_ups[].result follow_ups[].target.kind
        follow_ups[].target.url template_feedback related[].id related[].relation
        related[].actions""",
    "domain": """domain_fields.model_risk_tier domain_fields.loss.min_cents domain_fields.loss.max_cents
        domain_fields.loss.currency domain_fields.regulator.regime domain_fields.regulator.aware_at
        domain_fields.regulator.due_at domain_fields.regulatory[].stage""",
}
CODES = """data_drift concept_drift feedback_loop label_error training_serving_skew feature_skew stale_feature
    schema_change missing_data_contract missing_validation upstream_change pipeline_failure data_loss bad_deploy
    config_change dependency_failure capacity resource_leak network hardware certificate_or_secret access_control
    code_defect concurrency automation_error rollback_failed untested_path threshold_miscalibrated evaluation_gap
    monitoring_gap alert_fatigue check_disabled runbook_gap ownership_gap governance_gap communication_gap
    third_party_outage security_attack misuse other_stated"""


def typed(value, schema):
    """A value with the type its field has: YAML's own guesses would turn the key `on` into true and days into dates."""
    if isinstance(value, dict):
        properties = schema["properties"] or BUNDLE["x-domain-packs"]["finance"]["properties"]
        return {name: typed(child, properties.get(name, {"type": ""})) for name, child in value.items()}
    if isinstance(value, list):
        return [typed(child, schema["items"]) for child in value]
    if {"integer", "number", "boolean"} & {*schema["type"]} or schema["type"] in ("integer", "boolean"):
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            return value
    return value


def leaves(schema, path, section=None):
    if "properties" in schema:
        for name, field in schema["properties"].items():
            yield from leaves(field, f"{path}.{name}".lstrip("."), field.get("x-section", section))
    elif schema.get("items", {}).get("type") == "object":
        yield from leaves(schema["items"], f"{path}[]", section)
    else:
        yield path, section


def contract():
    finance = BUNDLE["x-domain-packs"]["finance"]
    return dict(leaves(BUNDLE, "")) | {path: "domain" for path, _ in leaves(finance, "domain_fields")}


def present(value, path=""):
    if isinstance(value, dict):
        for name, child in value.items():
            yield from present(child, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list) and any(isinstance(child, dict) for child in value):
        for child in value:
            yield from present(child, f"{path}[]")
    else:
        yield path


def without(record, field):
    """The record without one field; of a list's entries, the first loses it."""
    record = copy.deepcopy(record)
    *way, last = field.replace("[]", ".0").split(".")
    node = record
    for step in way:
        node = node[int(step) if step == "0" else step]
    del node[last]
    return record


def parents(field):
    """The objects a field lies in, up to the entry of a list: they must be there for the field to be."""
    parts = field.split(".")
    above = [(".".join(parts[:n]), ".".join(parts[n:])) for n in range(1, len(parts))]
    return [path for path, rest in above if "[]" not in rest and not path.endswith("[]")]


def errors(record):
    return [error.message for error in VALIDATOR.iter_errors(record)]


WHOLE = typed(yaml.load(WHOLE_TEXT, yaml.BaseLoader), BUNDLE)


def whole(**changes):
    return copy.deepcopy(WHOLE) | changes


def test_every_field_the_design_asks_for_is_in_the_contract_in_its_section():
    fields = contract()
    for section, wanted in CHECKLIST.items():
        for field in wanted.split():
            assert fields.get(field) == section, field
    assert set(fields.values()) - {None} == set(CHECKLIST)


def test_the_codes_are_exactly_the_list_each_with_layer_and_category():
    codes = VOCABULARIES["cause_codes"]
    assert list(codes) == CODES.split()
    for word, entry in codes.items():
        assert entry["layer"] in VOCABULARIES["layers"] and entry["category"] in VOCABULARIES["cause_categories"], word


def test_words_that_refer_to_other_words_or_fields_refer_to_ones_that_exist():
    for entry in VOCABULARIES["subcategories"].values():
        assert entry["category"] in CATEGORIES
    chronology = BUNDLE["properties"]["chronology"]["properties"]
    instants = [name for name, field in chronology.items() if field.get("format") == "instant"]
    assert list(VOCABULARIES["chronology_fields"]) == instants
    rows = asked.required_at(BUNDLE)
    for category, entry in VOCABULARIES["categories"].items():
        levers = [row.field.split(".")[1] for row in rows if row.category == category and row.stage == "review"]
        assert levers == entry["asks"]


def test_the_whole_record_is_valid_and_holds_every_field_of_the_contract():
    assert errors(WHOLE) == []
    assert set(contract()) - set(present(WHOLE)) - {"domain_fields"} == set()


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_asks_for_its_own_fields_and_not_yet_for_later_ones(stage, category):
    record = whole(stage=stage, category=category)
    assert errors(record) == []
    for row in asked.required_at(BUNDLE):
        if row.domain not in (None, record["domain"]):
            continue  # tested with its pack
        due = row.stage == "imported" or STAGES.index(row.stage) <= STAGES.index(stage)
        applies = row.category in (None, category)
        if row.field not in ("stage", "category"):
            assert bool(errors(without(record, row.field))) == (due and applies), row
        for parent in parents(row.field) if due and applies else []:
            assert errors(without(record, parent)), f"{row.field} is asked for, so {parent} is too"


@pytest.mark.parametrize("domain", BUNDLE["x-domain-packs"])
@pytest.mark.parametrize("stage", STAGES)
def test_a_pack_asks_for_its_own_fields_at_its_stages_and_its_examples_make_a_whole_record(stage, domain):
    fields = BUNDLE["x-domain-packs"][domain]["properties"]
    examples = {name: field["examples"][0] for name, field in fields.items()}
    record = whole(stage=stage, domain=domain, domain_fields=examples)
    assert errors(record) == []
    rows = [row for row in asked.required_at(BUNDLE) if row.domain == domain]
    assert {row.stage for row in rows} == {"review", "published"}
    for row in rows:
        due = STAGES.index(row.stage) <= STAGES.index(stage)
        assert bool(errors(without(record, row.field))) == due, row


def test_a_draft_needs_seven_fields_and_an_import_only_id_and_title():
    imported = {"schema_version": "1.1", "stage": "imported", "id": "PM2020-002", "title": "KIAM service disruption"}
    assert errors(imported) == []
    assert errors({"schema_version": "1.1", "stage": "imported", "id": "PM2020-002"})
    draft = imported | {
        "stage": "draft",
        "category": "service_degradation",
        "severity": "sev3",
        "scope": {"summary": "Pods lost their roles."},
        "chronology": {"impact_started_at": "2020-03", "detected_at": "unknown"},
    }
    assert errors(draft) == []
    for field in ("category", "severity", "scope.summary", "chronology.impact_started_at", "chronology.detected_at"):
        assert errors(without(draft, field)), field
    assert errors(whole(stage="imported")) == [], "what an import does hold is checked for its shape only"


def test_a_domain_without_a_pack_may_hold_no_domain_field():
    assert errors(whole(domain="finnance")), "a misspelt domain must not open the object"
    assert errors(without(WHOLE, "domain"))
    assert errors(whole(domain="retail", domain_fields={})) == []
    assert errors(whole(domain_fields=WHOLE["domain_fields"] | {"model_risk_teir": 1}))
    assert errors(without(WHOLE, "domain_fields.model_risk_tier"))
    assert errors(whole(domain_fields=WHOLE["domain_fields"] | {"model_risk_tier": 9}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sevrity", "sev2"),
        ("severity", "SEV2"),
        ("category", "model"),
        ("schema_version", "2.0"),
        ("schema_version", "1.0"),
        ("id", "unknown"),
        ("id", "two words"),
        ("revision", 0),
        ("revision", "3"),
        ("exclude_from_metrics", "no"),
        ("url", "example.invalid/142"),
        ("title", " "),
        ("scope", {"summary": "x", "affected": [{"who": "users", "min": -1}]}),
        ("impact", {"cost": {"currency": "eur"}}),
        ("timeline", [{"at": "yesterday", "event": "x"}]),
        ("timeline", [{"at": "HH:mm", "event": "x"}]),
        ("chronology", {"estimated": ["found_at"]}),
        ("chronology", {"stated": {"time_to_resolve_minutes": "54 hours"}}),
        ("channels", "#inc"),
        ("channels", [""]),
        ("evidence", [{"id": "E1", "kind": "log", "statement": "x", "sha256": "77aa…"}]),
        ("evidence", [{"id": "E1", "kind": "log", "statement": "x", "path": "../../etc/passwd"}]),
        ("evidence", [{"id": "E1", "kind": "log", "statement": "x", "path": "/etc/passwd"}]),
        ("actions", [{"id": "A1", "title": "x", "sucess": {"metric": "m"}}]),
        ("signals", [{"id": "SG1", "metric": "m", "parameters": {"abve": 3}}]),
        ("participants", [{"person": "a", "role": "responder", "email": "a@example.invalid"}]),
        ("related", [{"id": "INC-1", "relation": "similar"}]),
        ("decisions", None),
        ("analysis", {"hypotheses": [{"prior": 1.5}]}),
        ("levers", {"rollout": {"share_reached_percent": 101}}),
    ],
)
def test_a_record_is_refused_for_one_wrong_key_word_or_value(field, value):
    assert errors(whole(stage="imported") | {field: value}), (field, value)


INSTANT = jsonschema_rs.Draft7Validator(BUNDLE["properties"]["recorded_at"])


INSTANTS = """2026|2026-05|2026-05-04|2026-05-04T06:00Z|2026-05-04 06:00|2026-05-04 06:00:00
|2026-05-04T06:00:00.123456+02:00|2026-05-04T06:00-0530|unknown|withheld""".replace("\n", "")
NO_INSTANTS = """26|2026-5|2026-13|2026-05-32|2026-05-??|2026-05-04T25:00Z|06:00|2026-05-04T06|now|
|2026-05-04 06:00:00 +02:00|2026-05-04T06:00+02|2026-05-04t06:00z""".replace("\n", "")


def test_an_instant_is_as_exact_as_it_is_written_and_anything_else_is_none():
    assert [text for text in INSTANTS.split("|") if not INSTANT.is_valid(text)] == []
    assert [text for text in NO_INSTANTS.split("|") if INSTANT.is_valid(text)] == []
