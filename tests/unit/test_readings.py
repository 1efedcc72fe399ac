"""Readings: what each reader is shown, in which words what is missing is said, the same bytes, nothing invented."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
import typer

from pipelines import cli
from pipelines.contract import bundle
from pipelines.ingest.readers import yaml_events
from pipelines.ingest.validate import Contract
from pipelines.readings import catalogue, facts, render_html, render_markdown, shelf
from pipelines.readings.moments import FIELDS, phases
from pipelines.readings.prose import blocks, flat
from pipelines.readings.records import Held, SetAside, named, of_files
from pipelines.settings import ROOT, SettingsError
from tests.battery import hostile
from tests.battery.inert import Page
from tests.projects import Project, record

SCHEMA = bundle.load()
GROUP = typer.main.get_command(cli.app)
READERS = list(catalogue.load().readers)
WORKED = ROOT / "examples" / "records"


def held(content: dict, zone: str | None = None) -> Held:
    return Held(content, "0" * 64, "a.yml:1", zone, content.get("recorded_at"))


def made(content: dict, reader: str = "whole", zone: str | None = None) -> dict:
    return facts.build(held(content, zone), SCHEMA, reader)


def missing(page: dict, word: str) -> dict[str, list[str]]:
    (found,) = [one for one in page["missing"] if one["word"] == word]
    return {one["title"]: one["fields"] for one in found["sections"]}


def markdown(content: dict, reader: str = "whole") -> str:
    return render_markdown.render(made(content, reader))


def text_of(page) -> str:
    """Every text of the facts, in order."""
    if isinstance(page, dict):
        return "".join(map(text_of, page.values()))
    if isinstance(page, list):
        return "".join(map(text_of, page))
    return page if isinstance(page, str) else " "


@pytest.fixture(scope="module")
def worked() -> list[Held]:
    """The worked records, and one with every field of the contract."""
    found = list(of_files(None, [WORKED]))
    assert not [one for one in found if isinstance(one, SetAside)]
    whole = yaml_events.load((ROOT / "tests" / "records" / "whole.yml").read_text())
    return [*found, held(Contract(SCHEMA).typed(whole), "UTC")]


def test_every_field_the_catalogue_names_is_one_of_the_contract():
    for section in catalogue.load().sections:
        for part in section.parts:
            for kind in ("prose", "entries", "table", "items"):
                if kind in part:
                    catalogue.node(SCHEMA, part[kind])
            for path in part.get("fields", ()):
                catalogue.node(SCHEMA, path)


def test_the_whole_reading_has_a_place_for_every_field_of_the_contract_but_persons():
    """A field that is new in the contract is missed here until a section shows it."""
    shown = {"id", "title", "revision", "recorded_at", "stage", "chronology.estimated", "domain_fields"}
    for part in (part for section in catalogue.load().of("whole") for part in section.parts):
        lists = {part[kind] for kind in ("prose", "entries", "items") if kind in part}
        shown |= (
            lists | set(part.get("fields", ())) | {f"{part.get('table')}.{name}" for name in part.get("columns", ())}
        )
        if "picture" in part:
            shown |= {"phases": {f"chronology.{name}" for name in FIELDS}, "matrix": {"analysis.matrix"}}[
                part["picture"]
            ]
    assert sorted(_unshown(SCHEMA["properties"], "", shown)) == ["participants.person"]


def _unshown(properties: dict, above: str, shown: set[str]):
    for name, node in properties.items():
        path = above + name
        inner = node.get("items", node).get("properties")
        if path in shown:
            continue
        if inner:
            yield from _unshown(inner, f"{path}.", shown)
        else:
            yield path


def test_the_whole_reading_shows_every_text_of_a_record(worked):
    """Whatever stands in a worked record as a text stands in its reading."""
    for one in worked:
        shown = text_of(facts.build(one, SCHEMA, "whole"))
        for value in _texts(one.record):
            assert " ".join(value.split())[:60] in " ".join(shown.split()), (one.place, value)


def _texts(value, key=""):
    """Long texts of a record, as far as they are shown as they stand."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _texts(child, name)
    elif isinstance(value, list):
        for child in value:
            yield from _texts(child, key)
    elif isinstance(value, str) and " " in value and key != "query" and not set(value) & set('*`_\\"'):
        yield value


def test_no_reading_names_a_person():
    content = record(1, participants=[{"person": "Jo Example", "role": "author", "team": "ranking"}])
    assert "ranking" in text_of(made(content))
    assert not [reader for reader in READERS if "Jo Example" in text_of(made(content, reader))]


def test_the_command_names_every_reader_of_the_catalogue():
    (option,) = [one for one in GROUP.commands["read"].params if "--for" in one.opts]
    assert set(re.findall(r"\w+", option.help)) >= set(READERS)


def test_each_way_of_having_no_value_has_its_own_word():
    page = made(
        record(
            1,
            subcategory="unknown",
            impact={"objective": "not_applicable", "risk_limit": "withheld"},
            detection_source="monitor",
        )
    )
    assert missing(page, "unknown") == {"Summary": ["Subcategory"]}
    assert missing(page, "not applicable") == {"Impact": ["Objective"]}
    assert missing(page, "withheld") == {"Impact": ["Risk limit"]}
    assert "Domain" in missing(page, "not stated")["Summary"]
    assert "Detected by" not in missing(page, "not stated")["Summary"]


def test_an_end_of_a_range_that_is_unknown_is_said_and_counted():
    page = made(record(1, impact={"harms": [{"people": {"min": 5, "max": "unknown"}}]}))
    assert missing(page, "unknown") == {"Impact": ["People harmed"]}
    assert "| 5 to *unknown* |" in render_markdown.render(page)


def test_an_answer_deep_within_a_value_is_counted_under_its_field():
    duty = {"regime": "DORA Art. 19", "due_at": "not_applicable"}
    page = made(record(1, domain="finance", domain_fields={"regulatory": [duty]}))
    assert missing(page, "not applicable") == {"Fields of the domain": ["Further regimes"]}


def test_a_list_written_empty_is_none_and_not_missing():
    page = made(record(1, triggers=[]))
    assert "Triggers" not in missing(page, "not stated")["Causes"]
    assert "### Triggers\n\n*none*" in render_markdown.render(page)


def test_the_head_says_record_revision_stage_and_since_when_it_is_known():
    page = made(record(1, revision=4, recorded_at="2026-05-19T15:20:00Z"))
    head = {item["name"]: item["text"] for item in page["record"]["head"]}
    assert head == {
        "Record": "INC-2026-00001",
        "Revision": "4",
        "Stage": "draft",
        "Known as of": "2026-05-19 15:20:00 UTC",
    }
    head = {item["name"]: item["text"] for item in made(record(1))["record"]["head"]}
    assert (head["Revision"], head["Known as of"]) == ("content 000000000000", "not stated")


def test_leaders_are_asked_for_what_is_not_finished_and_for_nothing_else():
    actions = [
        {"id": f"A{n}", "title": f"Do {status}", "status": status}
        for n, status in enumerate(("proposed", "accepted", "in_progress", "done", "rejected", "superseded"))
    ]
    said = markdown(record(1, actions=actions), "executive")
    assert re.findall(r"\| Do (\S+)", said) == ["proposed", "accepted", "in\\_progress"]


def test_an_accepted_risk_stands_with_its_decision_and_its_end():
    decision = {"id": "D7", "question": "Q", "risks_accepted": [{"text": "Old incomes", "expires_on": "2026-05-20"}]}
    assert "| D7 | Old incomes | 2026-05-20 |" in markdown(record(1, decisions=[decision]), "risk")


def test_money_and_moments_are_said_as_exactly_as_they_were_written():
    said = markdown(
        record(
            1,
            impact={"cost": {"min_cents": 4100005, "max_cents": 4100005, "currency": "EUR"}},
            timeline=[{"at": "2026-05", "event": "x"}, {"at": "2026-05-04T06:00+02:00", "event": "y"}],
        )
    )
    assert "- **Cost**: EUR 41,000.05\n" in said
    assert "| 2026-05 | x |" in said and "| 2026-05-04 06:00+02:00 | y |" in said


def test_a_clock_time_without_an_offset_carries_the_zone_of_its_source():
    page = made(record(1, timeline=[{"at": "2026-05-12 09:15", "event": "x"}]), zone="Europe/Copenhagen")
    assert "2026-05-12 09:15 Europe/Copenhagen" in text_of(page)


def test_only_two_clock_times_in_order_have_a_distance():
    chronology = {
        "introduced_at": "2026-05-04",
        "impact_started_at": "2026-05-04T06:00Z",
        "detected_at": "2026-05-04T08:30+02:00",
        "acknowledged_at": "2026-05-04T05:00Z",
        "mitigated_at": "unknown",
        "resolved_at": "2026-05-05T05:00Z",
        "estimated": ["resolved_at"],
    }
    rows = phases({"chronology": chronology}, SCHEMA, None)
    assert [row["since"] for row in rows] == [
        "", "", "30 min after impact began", "", "", "24.0 h after acknowledged",
    ]  # fmt: skip
    assert [row["precision"] for row in rows] == ["day", "minute", "minute", "minute", "", "minute"]
    assert [row["is_estimated"] for row in rows] == [False] * 5 + [True]
    assert (rows[0]["start"], rows[0]["end"], rows[4]["start"]) == (0, 1440, None)


def test_the_picture_of_phases_says_in_words_what_it_shows_and_leaves_open_what_is():
    chronology = {
        "introduced_at": "2026-05",
        "impact_started_at": "2026-11-05T03:30Z",
        "detected_at": "2026-11-05T04:00Z",
    }
    chronology |= {"resolved_at": "2026-11-06T04:00Z", "estimated": ["detected_at"]}
    html = render_html.render(made(record(1, chronology=chronology)))
    (label,) = re.findall('<svg class="chart phases"[^>]*aria-label="([^"]*)"', html)
    assert label.split("; ")[:3] == [
        "Fault introduced: 2026-05",
        "Impact began: 2026-11-05 03:30 UTC",
        "Detected: 2026-11-05 04:00 UTC, estimated, 30 min after impact began",
    ]
    assert "Mitigated: not stated" in label
    assert (html.count('class="open"'), html.count('class="moment"'), html.count('class="break"')) == (1, 3, 1)


def test_each_cell_of_the_matrix_has_its_mark_and_its_words():
    analysis = {
        "symptoms": [{"id": "S1", "text": "late"}],
        "hypotheses": [{"id": "H1", "statement": "a", "state": "supported"}],
        "matrix": [
            {
                "symptom": "S1",
                "hypothesis": "H1",
                "consistency": "strongly_for",
                "credibility": 0.9,
                "evidence": ["E1"],
            },
            {"symptom": "S1", "hypothesis": "H2", "consistency": "unknown"},
        ],
    }
    page = made(record(1, analysis=analysis), "technical")
    assert missing(page, "unknown") == {"Analysis": ["Matrix"]}
    html = render_html.render(page)
    assert html.count('role="img" aria-label="strongly for, credibility 0.9"') == 1 == html.count('class="mark"')
    text = render_markdown.render(page)
    assert "| Symptom | H1 (supported) | H2 (not stated) |" in text
    assert "| S1 late | strongly for, credibility 0.9, evidence E1 | unknown, credibility *not stated*" in text


def test_prose_keeps_lists_code_and_stress_and_turns_all_else_into_text():
    found = blocks(
        "# Head\n\nA *b* **c** `d*e`\n\n- one\n- two\n\n```\nx <b>\n```\n\n<b>raw</b> [l](http://h/x) ![p](http://h/y)"
    )
    assert [block["kind"] for block in found] == ["paragraph", "paragraph", "list", "code", "paragraph"]
    assert [(run["text"], run["mark"]) for run in found[1]["runs"] if run["mark"]] == [
        ("b", "em"),
        ("c", "strong"),
        ("d*e", "code"),
    ]
    assert found[3]["text"] == "x <b>"
    assert "".join(run["text"] for run in flat(found[4:])) == "<b>raw</b> l (http://h/x) [picture: p] (http://h/y)"


def test_code_in_markdown_cannot_end_its_fence_or_span():
    said = markdown(record(1, communication={"executive_summary": "````\n```\n# x\n\n\ny\n```\n````\n\nand ``a ` b``"}))
    assert "\n````\n```\n# x\n\n\ny\n```\n````\n" in said
    assert "`` a ` b ``" in said


def test_a_bar_in_code_does_not_end_its_cell():
    said = markdown(record(1, timeline=[{"at": "2026-05", "event": "`a | b`"}]))
    assert "| 2026-05 | a \\| b |" in said


@pytest.mark.parametrize(
    "family", ["bidi_override", "bidi_isolate", "invisible", "line_separator", "tag_characters", "ansi"]
)
def test_no_reading_holds_a_character_that_hides_or_turns_text(family):
    page = made(record(1, **{"communication": {"executive_summary": hostile.of(family)}, "title": hostile.of(family)}))
    for text in (render_markdown.render(page), render_html.render(page)):
        assert not [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]


@pytest.mark.parametrize("reader", READERS)
def test_both_forms_say_the_same(worked, reader):
    for one in worked[-2:]:
        page = facts.build(one, SCHEMA, reader)
        html, text = Page(render_html.render(page)).text, render_markdown.render(page)
        for section in page["sections"]:
            assert section["title"] in html and f"## {section['title']}\n" in text
        assert page["record"]["banner"] in html and page["record"]["banner"] in text
        for item in page["record"]["head"]:
            assert item["text"] in html


def test_the_same_record_gives_the_same_bytes(tmp_path: Path):
    for folder in ("a", "b"):
        shelf.write(list(of_files(None, [WORKED])), "whole", "html", tmp_path / folder)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert "index.html" in names and len(names) == 9
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)


def test_an_address_read_without_a_projects_key_is_no_pseudonym_that_changes(tmp_path: Path):
    content = record(1, title="Mail of jo@example.com", participants=[{"person": "Jo", "role": "author"}])
    (tmp_path / "a.json").write_text(json.dumps(content))
    first, second = (next(of_files(None, [tmp_path / "a.json"])) for _ in range(2))
    assert first == second
    assert first.record["title"] == "Mail of person"


def test_file_names_stay_in_the_folder_and_never_meet():
    ids = ["../x", "a/../../b", "INC-1", "inc-1", "INC-1", "a:b", "a#b", "index"]
    records = [Held({"id": one}, str(n), "", None, None) for n, one in enumerate(ids)]
    names = shelf.file_names(records, "whole", "md")
    assert len({name.lower() for name in names}) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+\.md", name) for name in names)
    assert names[2] == "INC-1.md"


def test_no_reading_takes_the_place_of_a_record(tmp_path: Path):
    path = tmp_path / "INC-2026-00001.md"
    path.write_text(f"---\n{json.dumps(record(1))}\n---\n")
    before = path.read_text()
    with pytest.raises(SettingsError, match="a record; name another folder"):
        shelf.write(list(of_files(None, [path])), "whole", "md", tmp_path)
    assert (path.read_text(), [one.name for one in tmp_path.iterdir()]) == (before, [path.name])
    (tmp_path / "INC-2026-00002.md").symlink_to(path)
    with pytest.raises(SettingsError, match="a link or a folder|a record"):
        shelf.write([Held(record(2), "0" * 64, "", None, None)], "whole", "md", tmp_path)
    assert path.read_text() == before


def test_a_file_that_is_no_record_is_named_with_line_and_fix_and_the_others_are_read(tmp_path: Path):
    (tmp_path / "a.json").write_text(json.dumps(record(1, severity="high")))
    (tmp_path / "b.json").write_text(json.dumps(record(2)))
    aside, good = of_files(None, [tmp_path])
    assert good.record["id"] == "INC-2026-00002"
    (line,) = aside.lines
    assert re.search(r"a\.json:1:\d+: PM022 severity: `high` is not a word", line)


def test_a_folder_is_read_as_a_run_reads_it_without_its_settings_file_and_what_links_lead_out_to(project: Project):
    project.write("a.yml", record(1))
    outside = project.home.parent / "outside.yml"
    outside.write_text(json.dumps(record(2)))
    (project.home / "records" / "link.yml").symlink_to(outside)
    good, aside = of_files(project.settings, [project.home])
    assert good.record["id"] == "INC-2026-00001"
    assert "PM001" in aside.lines[0] and "leads out" in aside.lines[0]


def test_a_file_belongs_to_the_project_above_it_wherever_the_reader_stands(
    project: Project, tmp_path_factory, monkeypatch
):
    stated = record(1, chronology={"impact_started_at": "2026-05-04T06:40", "detected_at": "2026-05-04T07:00"})
    path = project.write("a.yml", stated)
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.delenv("FAULTLINES_PROJECT", raising=False)
    (good,) = named([str(path)], None, None, print)
    assert good.zone == "UTC"


def test_hidden_files_of_a_folder_that_no_source_reads_are_left_alone(tmp_path: Path):
    (tmp_path / "a.yml").write_text(json.dumps(record(1)))
    (tmp_path / ".saved").mkdir()
    (tmp_path / ".saved" / "a.yml").write_text(json.dumps(record(2)))
    (good,) = of_files(None, [tmp_path])
    assert good.record["id"] == "INC-2026-00001"


def test_a_word_that_is_neither_file_nor_known_needs_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FAULTLINES_PROJECT", raising=False)
    with pytest.raises(SettingsError, match="no faultlines.yml"):
        list(named(["INC-9"], None, None, print))
