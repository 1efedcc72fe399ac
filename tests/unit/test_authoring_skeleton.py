"""The skeleton `faultlines new` writes: a valid draft as it stands, a valid record with every prompt uncommented."""

import re
from functools import cache

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.authoring.outline import Outline, outline
from pipelines.authoring.questions import Judge, of_draft
from pipelines.authoring.skeleton import checklist, skeleton
from pipelines.checking.check import check
from pipelines.contract import bundle
from pipelines.contract.bundle import SCHEMAS
from pipelines.ingest.admit import Admitted, Gatekeeper
from pipelines.ingest.chosen import choose
from pipelines.ingest.readers import yaml_events
from pipelines.ingest.validate import Contract
from pipelines.quality import rules
from pipelines.settings import Source
from tests.projects import CATEGORIES

BUNDLE = bundle.build(SCHEMAS)
NORMS = yaml.safe_load((SCHEMAS / "norms.yml").read_text(encoding="utf-8"))
KEEPER = Gatekeeper(Contract(BUNDLE), b"")
SOURCE = Source("own", None, "*", "native")
DOMAINS = (None, *BUNDLE["x-domain-packs"])
STAGES = ("draft", "review", "published", "verified")


def draft(category: str = CATEGORIES[0], domain: str | None = None) -> dict:
    return {
        "schema_version": BUNDLE["properties"]["schema_version"]["enum"][-1],
        "id": "INC-2026-0225",
        "stage": "draft",
        "title": 'Scores: late, "again"',
        **({"domain": domain} if domain else {}),
        "category": category,
        "severity": "sev2",
        "scope": {"summary": "# requests of one region"},
        "chronology": {"impact_started_at": "2026-11-25T09:40Z", "detected_at": "2026-11-25"},
    }


@cache
def plan_of(category: str, domain: str | None) -> Outline:
    return outline(BUNDLE, category, domain)


def text_of(record: dict, upto: str = "verified") -> str:
    plan = plan_of(record["category"], record.get("domain"))
    return skeleton(plan, NORMS, record, upto, "# yaml-language-server: $schema=x")


def uncommented(line: str) -> str:
    """What an editor's toggle makes of a line: one # and one blank behind it go. The first line is the editor's own."""
    return line if "yaml-language-server" in line else re.sub(r"^( *)# ?", r"\1", line)


def faults(text: str, **changes) -> list:
    record = yaml_events.load(text) | changes
    outcome = KEEPER.admit(SOURCE, record, lambda: yaml_events.positions(text))
    return [] if isinstance(outcome, Admitted) else [str(fault) for fault in outcome[0]]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("category", CATEGORIES)
def test_the_file_is_a_valid_draft_and_holds_what_was_answered_and_no_more(category, domain):
    text = text_of(draft(category, domain))
    assert faults(text) == []
    assert yaml_events.load(text) == draft(category, domain)


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("category", CATEGORIES)
def test_uncommenting_everything_gives_a_record_with_all_that_the_last_stage_asks(category, domain):
    text = "\n".join(uncommented(line) for line in text_of(draft(category, domain)).splitlines())
    assert faults(text) == []
    assert faults(text, stage="verified") == [], "every field that is asked for is prompted for"
    others = {
        word for one in CATEGORIES if one != category for word in BUNDLE["x-vocabularies"]["categories"][one]["asks"]
    }
    assert BUNDLE["x-vocabularies"]["subcategories"][yaml_events.load(text)["subcategory"]]["category"] == category
    assert not others & yaml_events.load(text)["levers"].keys(), "levers of the record's own category alone"


@pytest.mark.parametrize("upto", STAGES)
def test_each_block_can_be_uncommented_alone_and_prompts_reach_to_the_stage_asked_for(upto):
    text = text_of(draft(CATEGORIES[1], "healthcare"), upto)
    blocks = text.split("\n\n")
    for n, block in enumerate(blocks):
        opened = "\n".join(uncommented(line) for line in block.splitlines())
        assert faults("\n\n".join([*blocks[:n], opened, *blocks[n + 1 :]])) == [], block
    whole = "\n".join(uncommented(line) for line in text.splitlines())
    assert faults(whole, stage=upto) == []
    later = STAGES[STAGES.index(upto) + 1 :]
    assert not any(f"---- {stage} -" in text or f" ({stage}): " in text for stage in later)
    assert not later or faults(whole, stage=later[0]), "what a later stage asks is left out"


def test_prompts_words_and_examples_are_those_of_the_contract():
    text = " ".join(line.lstrip(" #") for line in text_of(draft(CATEGORIES[2])).splitlines())
    plan = outline(BUNDLE, CATEGORIES[2], None)
    for path in plan.stages:
        node = plan.node_of(path)
        if plan.stage_of(path) not in ("draft", "imported"):
            assert " ".join(node["markdownDescription"].split()) in text, path
    assert " due_on: 2026-06-15 " in text, "days stand as people write them"
    assert "accuracy_loss" in text and "partial_outage" not in text, "subcategories of the category alone"
    assert all(norm["text"] in text for norm in NORMS["norms"])


def test_a_list_of_sentences_has_a_line_for_each_so_that_a_comma_does_not_make_two_of_one():
    lines = text_of(draft()).splitlines()
    at = lines.index("#   went_well:")
    assert lines[at + 1] == "#     - Rollback took minutes"
    assert "#   services: [limit-service]" in [line.replace("  #", "#  ") for line in lines], "names stay on one line"


def test_the_checklists_name_each_asked_field_once_under_the_stage_that_asks_first():
    plan = outline(BUNDLE, CATEGORIES[0], "finance")
    lines = {stage: list(checklist(plan, stage)) for stage in STAGES}
    assert "scope: services" in lines["review"] and "levers.rollout: finding" in lines["review"]
    assert "levers.rollout: change, rollback" in lines["published"]
    assert "timeline: at, event" in lines["review"], "entries are asked with their list, and not before"
    assert lines["verified"][-1].partition(":")[0] == "follow_ups"
    named = [path for line in sum(lines.values(), []) for path in paths(plan, line)]
    lists = {path.rpartition("[]")[0] for path in plan.stages}
    assert sorted(named) == sorted(
        path for path, stage in plan.stages.items() if stage != "imported" and path not in lists
    )


def paths(plan, line):
    """The fields one line of a checklist names."""
    head, _, names = line.partition(": ")
    joint = "[]." if plan.node_of(head).get("type") == "array" else "."
    return [f"{head}{joint}{name}" for name in names.split(", ")] if names else [head]


def test_openings_and_norms_stand_on_fields_and_sources_that_exist():
    plan = outline(BUNDLE, None, None)
    for path, openings in NORMS["openings"].items():
        assert plan.node_of(path)["title"] and openings
    assert {norm["source"] for norm in NORMS["norms"]} == NORMS["sources"].keys()


@given(st.text(min_size=1))
@example('"quoted": yes # no comment')
@example("- [x] {y} --- % & * ! \u2028\ufeff\U000e0001")
@example("null")
@example("arrow \x1b[D")
@example("half \ud83d")
@settings(max_examples=150, deadline=None)
def test_an_answer_stands_in_the_file_letter_for_letter_or_is_refused(title):
    (question,) = (one for one in of_draft(BUNDLE) if one.name == "title")
    wrong = Judge(KEEPER, SOURCE).problem(question, title)
    if not wrong:
        assert yaml_events.load(text_of(draft() | {"title": title}, "draft"))["title"] == re.sub("\r\n?", "\n", title)
    assert not (title.isprintable() and title.isascii() and title.strip() and "@" not in title) or not wrong
    assert wrong or not {"\x1b", "\ud83d"} & set(title)


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_published_record_with_every_prompt_filled_breaks_no_rule_for_want_of_a_field(category, tmp_path):
    text = text_of(draft(category)).replace("stage: draft", "stage: published")
    (tmp_path / "a.yml").write_text("\n".join(uncommented(line) for line in text.splitlines()))
    found = check(choose([tmp_path], None))
    asking = {rule.id for rule in rules.load().rules if rule.asks} - {
        "PM402"
    }  # that one wants two sources, one is shown
    assert found.records == 1 and len(asking) >= 8
    assert not (asking | {"PM303"}) & {problem.code for problem in found.problems}


def test_what_rules_ask_for_are_fields_of_the_contract():
    plan = outline(BUNDLE, CATEGORIES[0], None)
    for rule in rules.load().rules:
        assert all("title" in plan.node_of(field) for field in rule.asks), rule.id
