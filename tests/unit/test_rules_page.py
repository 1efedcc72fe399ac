"""docs/rules.md is what the catalogues give, and a reader finds every code in it."""

from __future__ import annotations

import re

from pipelines.checking import rules_page
from pipelines.quality import rules

TEXT = rules_page.PAGE.read_text(encoding="utf-8")


def test_the_page_is_what_the_catalogues_give():
    # to mend it: .venv/bin/python -m pipelines.checking.rules_page
    assert rules_page.page() == TEXT


def test_every_code_is_in_the_contents_and_leads_to_its_entry():
    codes = [*(rule.id for rule in rules.load().rules), *rules_page.read_faults()]
    assert sorted(re.findall(r"^\| \[(PM\d{3})\]\(#pm\d{3}\) \|", TEXT, re.MULTILINE)) == sorted(codes)
    assert sorted(re.findall(r"^### (PM\d{3})$", TEXT, re.MULTILINE)) == sorted(codes)


def test_faults_of_shape_are_part_of_the_page_once_they_are_written_down(tmp_path, monkeypatch):
    path = tmp_path / "faults.yml"
    path.write_text(
        "PM022:\n  title: A word of the list\n  reason: Other words cannot be counted.\n  fix: Write one of the list.\n"
        "  fails: |\n    severity: high\n"
    )
    faults = rules_page.read_faults(path)
    monkeypatch.setattr(rules_page, "read_faults", lambda: faults)
    text = rules_page.page()
    assert "| [PM022](#pm022) | A word of the list | set aside | every |" in text
    assert "### PM022\n\n**A word of the list.** Other words cannot be counted." in text
    assert "Fails:\n\n```yaml\nseverity: high\n```" in text
