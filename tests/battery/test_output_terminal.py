"""Output: what records say reaches a terminal as letters. It moves no cursor, sets no title, copies nothing, forges no
line. Here: each way to the terminal by itself; all commands over a whole project are in test_output_project.py."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from pipelines import terminal
from pipelines.cli.doors import say
from pipelines.cli.errors import exit_code
from pipelines.contract import bundle
from pipelines.ingest.quarantine import as_lines
from pipelines.ingest.validate import Contract
from pipelines.others_words import for_json, for_terminal
from pipelines.settings import Settings, SettingsError
from tests.battery import hostile

# control characters but line feed and tab; what turns the direction of writing; what nobody sees
COMMANDS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
TEXTS = [hostile.of(family) for family in hostile.EVERY]
NOBODY = Settings(Path("faultlines.yml"), Path("state"), Path("reports"), ())


def test_a_table_sends_no_command() -> None:
    shown = terminal.rows_as_table(["text"], [(text,) for text in TEXTS])
    assert COMMANDS.findall(shown) == []
    assert "good\\rbad" in shown and "\\x1b]52;c;" in shown and "abc\\u202egnp.exe" in shown


def test_a_column_is_a_word_too() -> None:
    for text in TEXTS:
        assert COMMANDS.findall(terminal.rows_as_table([text], [(1,)])) == []


def test_richs_own_markup_in_a_column_or_cell_is_shown_as_it_stands() -> None:
    text = hostile.of("rich_markup")
    assert terminal.rows_as_table([text], [(text,)]).count(text) == 2


def test_on_a_narrow_terminal_a_value_cannot_look_like_another_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    shown = terminal.rows_as_table(["title", "severity"], [(text + "\nseverity  sev4", "sev1") for text in TEXTS])
    assert COMMANDS.findall(shown) == []
    assert shown.count("\nseverity  ") == len(TEXTS)


def test_json_gives_the_value_back_and_sends_no_command() -> None:
    written = terminal.rows_as_json(["text"], [(text,) for text in TEXTS], {})
    assert COMMANDS.findall(written) == []
    assert [row["text"] for row in json.loads(written)["rows"]] == TEXTS
    assert "宽" in written


@pytest.mark.parametrize("part", range(4), ids=["path", "field", "message", "fix"])
def test_a_fault_is_one_line_whatever_it_quotes(part: int) -> None:
    rows = []
    for text in TEXTS:
        said = ["a.yml", "title", "is wrong", "mend it"]
        said[part] = text
        path, field, message, fix = said
        rows.append(("own", path, 1, 1, field, "PM020", message, fix))
    lines = as_lines(rows, NOBODY)
    assert [line for line in lines if COMMANDS.search(line) or "\n" in line] == []


@pytest.mark.parametrize("kind", [SettingsError, OSError, RuntimeError])
def test_an_error_that_quotes_a_record_sends_no_command(kind: type[Exception]) -> None:
    for text in TEXTS:
        said: list[str] = []
        exit_code(kind(text), said.append)
        assert COMMANDS.findall("".join(said)) == []


def test_no_line_is_a_command_to_the_runner_of_github(capsys: pytest.CaptureFixture) -> None:
    text = "::a ##[add-mask]e\n::stop-commands::x\n \u00a0::error::y\n###[error]z\nb:: c"
    say("\n".join(["set aside:", *as_lines([("own", text, 1, 1, text, "PM020", text, text)], NOBODY)]))
    for shown in (for_terminal(text), for_json({"a": text}), capsys.readouterr().err):
        assert shown and not [line for line in shown.split("\n") if "##[" in line or line.lstrip().startswith("::")]
    assert json.loads(for_json({"a": text})) == {"a": text}
    assert for_terminal("b:: c ## [x]") == "b:: c ## [x]"


def test_a_fault_quotes_no_more_than_a_line_of_what_was_refused() -> None:
    contract = Contract(bundle.load())
    for text in [*TEXTS, "k" * 100_000, "\n" * 1000]:
        wrong = {"id": text, "stage": text, "severity": text, "revision": text, text: text, "scope": {text: text}}
        for fault in contract.faults(wrong, dict):
            assert COMMANDS.findall(fault.message + fault.fix) == [] and "\n" not in fault.message + fault.fix
            assert len(fault.message) <= 250 and len(fault.field or "") <= 250 and len(fault.fix) <= 2000
