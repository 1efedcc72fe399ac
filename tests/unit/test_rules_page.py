"""docs/rules.md is what the catalogues give, and a reader finds every code in it."""

from __future__ import annotations

import re

from pipelines.checking import codes, rules_page

TEXT = rules_page.PAGE.read_text(encoding="utf-8")


def test_the_page_is_what_the_catalogues_give():
    # to mend it: .venv/bin/python -m pipelines.checking.rules_page
    assert rules_page.page() == TEXT


def test_every_code_is_in_the_contents_and_leads_to_its_entry():
    known = codes.codes()
    assert sorted(re.findall(r"^\| \[(PM\d{3})\]\(#pm\d{3}\) \|", TEXT, re.MULTILINE)) == sorted(known)
    assert sorted(re.findall(r"^### (PM\d{3})$", TEXT, re.MULTILINE)) == sorted(known)


def test_a_fault_of_shape_stands_on_the_page_with_its_example(monkeypatch):
    fault = {"title": "A word of the list", "reason": "Other words cannot be counted.", "fix": "Write one of the list."}
    monkeypatch.setattr(codes, "faults", lambda: {"PM022": fault | {"fails": "severity: high\n"}})
    text = rules_page.page()
    assert "| [PM022](#pm022) | A word of the list | set aside | every |" in text
    assert "### PM022\n\n**A word of the list.** Other words cannot be counted." in text
    assert "Fails:\n\n```yaml\nseverity: high\n```" in text
