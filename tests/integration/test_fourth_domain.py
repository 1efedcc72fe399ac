"""A fourth domain from one JSON file: begun with `faultlines new`, ingested, queried, and no code of ours changed."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from pipelines.settings import ROOT
from tests.unit.test_authoring_skeleton import uncommented

PACK = ROOT / "tests/records/public_sector.schema.json"
GIVEN = (
    "--title", "Notices went out with last year's rates", "--category", "data_quality_anomaly", "--severity", "sev2",
    "--scope", "Benefit notices of one week", "--started", "2026-11-09", "--detected", "2026-11-12T08:10Z",
    "--no-ask",
)  # fmt: skip
INGEST = """
import json
from pathlib import Path
from tests.projects import Project
project = Project(Path("project"))
print(json.dumps([project.ingest(), project.query(
    "select record_id, decision_kind, decisions_affected_min, decisions_affected_max, remedies.kind "
    "from raw.domain_public_sector join raw.domain_public_sector_remedies as remedies using (record_id)"
), project.query("select path, code from raw.quarantine"),
project.query("select field from raw.contract_fields where domain = 'public_sector' order by field")]))
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of this checkout with one file more."""
    home = tmp_path_factory.mktemp("checkout")
    for folder in ("pipelines", "schemas"):
        shutil.copytree(ROOT / folder, home / folder, ignore=shutil.ignore_patterns("generated", "__pycache__"))
    (home / "tests").mkdir()
    for name in ("__init__.py", "projects.py"):
        shutil.copy(ROOT / "tests" / name, home / "tests")
    shutil.copy(ROOT / "requirements.lock", home)
    shutil.copy(PACK, home / "schemas" / "domains")
    (home / "project" / "records").mkdir(parents=True)
    source = {"name": "own", "glob": "records/*.yml", "reader": "native"}
    (home / "project" / "faultlines.yml").write_text(json.dumps({"sources": [source]}))
    return home


def python(checkout, *words):
    return subprocess.run(
        [sys.executable, *words],
        cwd=checkout, env=os.environ | {"FAULTLINES_NOW": "2026-11-16T06:00:00Z"},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def new(checkout, *words):
    return python(checkout, "-m", "pipelines.cli", "new", "--project", "project", *GIVEN, *words)


def test_a_record_of_a_fourth_domain_is_begun_prompted_ingested_and_queried(checkout):
    refused = new(checkout, "--domain", "public_sectr")
    assert refused.returncode == 2 and "did you mean `public_sector`" in refused.stderr
    refused = new(checkout, "--domain", "public_sector")
    assert refused.returncode == 2 and "--set decision_kind=" in refused.stderr
    refused = new(checkout, "--domain", "public_sector", "--set", "decision_kind=benefits")
    assert refused.returncode == 2 and "did you mean `benefit`" in refused.stderr
    begun = new(checkout, "--domain", "public_sector", "--set", "decision_kind=benefit")
    assert begun.returncode == 0, begun.stderr
    path = checkout / "project" / "records" / "INC-2026-0001.yml"
    text = path.read_text()
    assert "[ ] domain_fields.decisions_affected: min, max" in text and "One of informed, decided_anew." in text
    before, own, after = text.partition("\ndomain_fields:\n")
    block, blank, rest = after.partition("\n\n")
    opened = "\n".join(uncommented(line) for line in block.splitlines())
    path.write_text(before + own + opened + blank + rest)
    ended = python(checkout, "-c", INGEST)
    assert ended.returncode == 0, ended.stderr
    _, rows, set_aside, asked = json.loads(ended.stdout)
    assert set_aside == []
    assert rows == [["INC-2026-0001", "benefit", 40, 55, "decided_anew"]]
    assert [field for (field,) in asked] == [
        "domain_fields.decision_kind", "domain_fields.decisions_affected.max", "domain_fields.decisions_affected.min",
        "domain_fields.remedies", "domain_fields.remedies[].kind",
    ]  # fmt: skip
