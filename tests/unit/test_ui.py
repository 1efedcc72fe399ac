"""Who can reach the Dagster UI. The command line that would be executed is looked at, not executed."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import ui
from pipelines.cli import app
from tests.projects import Project

ELSEWHERE = ("0.0.0.0", "::", "192.168.1.7", "::ffff:192.168.1.7", "build-box", "localhost.example.org", "")
CHECK_FREE = ui.check_free


@pytest.fixture
def opened(project: Project, monkeypatch: pytest.MonkeyPatch):
    """Call `faultlines ui`; returns (exit code, what was said, the argv that would replace this process)."""
    seen: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, words: seen.append(words))
    monkeypatch.setattr(ui, "check_free", lambda host, port: None)  # a developer's own UI may be open meanwhile
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.chdir(project.home)

    def call(*words: str) -> tuple[int, str, list[str]]:
        done = CliRunner().invoke(app, ["ui", "--project", str(project.home), *words])
        return done.exit_code, done.stderr, seen.pop() if seen else []

    return call


def value(argv: list[str], word: str) -> str:
    return argv[argv.index(word) + 1]


def test_without_a_word_the_ui_listens_on_loopback(opened) -> None:
    code, said, argv = opened()
    assert code == 0 and (value(argv, "--host"), value(argv, "--port")) == ("127.0.0.1", "3000")
    assert "http://127.0.0.1:3000" in said and "warning" not in said


@pytest.mark.parametrize("host", ELSEWHERE)
def test_a_host_that_others_can_reach_is_refused_with_the_reason_and_the_way(opened, host: str) -> None:
    code, said, argv = opened("--host", host)
    assert (code, argv) == (2, [])
    assert "no login" in said and "--expose" in said and "ssh -L" in said


def test_an_exposed_ui_says_what_others_can_do_before_it_starts(opened) -> None:
    code, said, argv = opened("--host", "0.0.0.0", "--expose", "--port", "3111")
    assert code == 0 and value(argv, "--host") == "0.0.0.0"
    assert said.startswith("warning: 0.0.0.0") and "port 3111" in said and "deletes runs" in said


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_every_form_of_loopback_needs_no_word(opened, host: str) -> None:
    code, said, argv = opened("--host", host)
    assert code == 0 and value(argv, "--host") == host and "warning" not in said


def test_expose_alone_exposes_nothing(opened) -> None:
    _, said, argv = opened("--expose")
    assert value(argv, "--host") == "127.0.0.1" and "warning" not in said


def test_a_port_that_is_taken_starts_nothing_and_says_what_may_hold_it(opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui, "check_free", CHECK_FREE)
    with socket.create_server(("127.0.0.1", 0)) as holder:
        code, said, argv = opened("--port", str(holder.getsockname()[1]))
    assert (code, argv) == (2, []) and "Address already in use" in said and "another --port" in said


def test_the_ui_serves_this_project_from_its_own_state_folder(opened, project: Project) -> None:
    opened()
    assert os.environ["FAULTLINES_PROJECT"] == str(project.home / "faultlines.yml")
    assert Path(os.environ["DAGSTER_HOME"], "dagster.yaml").is_file()
    assert Path.cwd() == project.settings.state / "dagster"


def test_an_ipv6_address_stands_in_brackets_as_browsers_want_it() -> None:
    assert ui.address("::1", 3000) == "http://[::1]:3000"
