"""One Chromium a module, and a tab that keeps every request, complaint and dialog."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import pytest

from tests.browser.chromium import CHROMIUM, FLAGS


@pytest.fixture(scope="module")
def browser() -> Iterator:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, headless=True, args=FLAGS
        )
        yield context
        context.close()


@pytest.fixture
def tab(browser) -> Iterator:
    page = browser.new_page()
    page.requests_seen, page.complaints, page.dialogs = [], [], []
    page.on("request", lambda request: page.requests_seen.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    yield page
    page.close()
