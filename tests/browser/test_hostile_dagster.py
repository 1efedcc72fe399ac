"""Hostile text in Dagster's own UI: its tables of rejected records and checks hold no link, no image, and ask nobody.

Only in the battery's whole form: a run and Dagster's web server take half a minute. In the suite the same tables are
opened as three other renderers give them (test_hostile_pages.py).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pipelines.headless import dagster_home
from pipelines.settings import ROOT
from tests.battery import WHOLE, hostile
from tests.battery.beacon import listening
from tests.browser.chromium import NEEDED
from tests.conftest import MONDAY
from tests.projects import Project

pytestmark = [*NEEDED, pytest.mark.skipif(not WHOLE, reason="make battery opens Dagster's UI")]
ACTIVE = "() => document.querySelectorAll('.dagster-markdown :is(a, img, svg, iframe, input, style)').length"


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The address of the UI over a hostile project that was run, and what its addresses were asked."""
    project = Project(tmp_path_factory.mktemp("hostile"))
    with listening() as (beacon, asked):
        hostile.write(project, beacon)
        done = project.run("run", FAULTLINES_NOW=MONDAY)
        assert done.returncode == 0, done.stderr
        with _served(project) as address:
            yield address, asked


class _served:
    """Dagster's web server over a project, while it is asked for."""

    def __init__(self, project: Project) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        program = str(Path(sys.executable).with_name("dagster-webserver"))
        home = str(dagster_home(project.settings))
        self.process = subprocess.Popen(
            [program, "-w", str(ROOT / "workspace.yaml"), "-h", "127.0.0.1", "-p", str(self.port)],
            cwd=ROOT,
            env=os.environ
            | {"DAGSTER_HOME": home, "FAULTLINES_PROJECT": str(project.home), "PYTHONWARNINGS": "ignore"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> str:
        address = f"http://127.0.0.1:{self.port}"
        ends = time.monotonic() + 120
        while time.monotonic() < ends and self.process.poll() is None:
            with suppress(urllib.error.URLError):
                urllib.request.urlopen(f"{address}/server_info").close()
                return address
            time.sleep(0.5)
        raise RuntimeError("Dagster's web server did not answer")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(30)


@pytest.mark.parametrize("page", ["assets/raw_records?view=overview", "assets/quality_results?view=checks"])
def test_no_text_acts_in_dagsters_own_ui(tab, ui: tuple[str, list[str]], page: str) -> None:
    address, asked = ui
    tab.goto(f"{address}/{page}")
    tab.click("text=Show Markdown", timeout=60_000)
    tab.wait_for_selector(".dagster-markdown table td")
    tab.wait_for_timeout(1000)
    assert tab.evaluate(ACTIVE) == 0
    assert tab.evaluate("() => window.canary ?? 0") == 0
    assert tab.dialogs == [] and asked == []
    assert [url for url in tab.requests_seen if not url.startswith((address, "data:", "blob:"))] == []
