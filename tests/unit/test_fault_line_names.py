"""The file in which people name fault lines: what it may hold, how a wrong one is refused, that a change is news."""

import shutil

import pytest

from pipelines import warehouse
from pipelines.analysis import names, tables
from pipelines.ingest.find import find, fingerprint
from pipelines.publish import generations
from pipelines.settings import SettingsError

NAMES = """fault_lines:
  - id: FL-0c5e2a91
    name: Feeds that change without notice
    owner_team: data-platform
  - {id: FL-00000002, name: "2 of 3", note: Seen twice}
"""


def test_names_come_from_the_file_beside_the_settings_or_from_the_one_they_name(project):
    assert project.settings.line_names == ()
    (project.home / "fault_lines.yml").write_text(NAMES)
    first, second = project.settings.line_names
    assert first == {
        "id": "FL-0c5e2a91", "name": "Feeds that change without notice", "owner_team": "data-platform",
    }  # fmt: skip
    assert second["name"] == "2 of 3"
    (project.home / "fault_lines.yml").rename(project.home / "names.yml")
    assert project.settings.line_names == ()
    with open(project.home / "faultlines.yml", "a") as file:
        file.write("fault_lines: names.yml\n")
    assert len(project.settings.line_names) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fault_lines:\n  - id: FL-1\n    name: x\n", r"fault_lines.yml:2: fault_lines\[0\].id: .*write it like FL-"),
        ("fault_lines:\n  - id: FL-00000001\n", r"fault_lines.yml:2: .*name"),
        ("fault_lines:\n  - {id: FL-00000001, name: x, owner: me}\n", r"yml:2: .*`owner` is not a field here"),
        (NAMES + "  - id: FL-0c5e2a91\n    name: Again\n", r"yml:6: .*FL-0c5e2a91 has a name already; keep one"),
        ("fault_lines: [\n", r"fault_lines.yml:\d"),
        ("- id: FL-00000001\n", r"fault_lines.yml:1"),
    ],
)
def test_a_file_that_is_wrong_is_refused_by_file_and_line(project, text, said):
    (project.home / "fault_lines.yml").write_text(text)
    with pytest.raises(SettingsError, match=said):
        fingerprint(project.settings, find(project.settings))


def test_a_declared_file_that_is_not_there_is_refused(project):
    with open(project.home / "faultlines.yml", "a") as file:
        file.write("fault_lines: names.yml\n")
    with pytest.raises(SettingsError, match=r"names.yml: No such file"):
        assert project.settings.line_names


def test_a_changed_name_is_news_to_a_run(project):
    before = fingerprint(project.settings, find(project.settings))
    (project.home / "fault_lines.yml").write_text(NAMES)
    named = fingerprint(project.settings, find(project.settings))
    (project.home / "fault_lines.yml").write_text(NAMES.replace("twice", "thrice"))
    assert len({before, named, fingerprint(project.settings, find(project.settings))}) == 3


def test_the_names_are_in_the_warehouse_with_whether_their_line_is_one_now(project):
    (project.home / "fault_lines.yml").write_text(NAMES)
    project.ingest()
    path, _ = generations.published(project.settings.state)
    with warehouse.connect(shutil.copyfile(path, project.home / "copy.duckdb")) as con:
        tables.fill(con, "fault_lines", [dict.fromkeys(tables.columns("fault_lines")) | {"line_id": "FL-00000002"}])
        assert names.write(con) == 2
        assert con.execute("SELECT line_id, name, note, is_found FROM analysis.fault_line_names").fetchall() == [
            ("FL-00000002", "2 of 3", "Seen twice", True),
            ("FL-0c5e2a91", "Feeds that change without notice", None, False),
        ]
    (project.home / "fault_lines.yml").write_text("fault_lines: []\n")
    project.ingest()
    assert project.query("SELECT * FROM raw.fault_line_names") == []
