"""Shared by all tests: a Chromium, a page that remembers its complaints, Hypothesis without a clock."""

import os
import shutil

import pytest
from hypothesis import settings

# A loaded machine may take its time: properties are about values.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing may leave the machine on the browser's own account: tests count the requests of our pages.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def browser_path() -> str | None:
    """The browser's program: ``$CHROMIUM`` if set, else the first of ``BROWSERS`` on the path."""
    chosen = os.environ.get("CHROMIUM")
    return chosen or next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def chromium():
    """A running Chromium (Playwright's synchronous ``Browser``); skips where none is installed.

    One a test file, not one a run: while it lives, Playwright's event loop counts as running in this
    thread, and a later test that calls ``asyncio.run`` would fail.
    """
    path = browser_path()
    if path is None:
        pytest.skip("no Chromium found: install one, or name it in the variable CHROMIUM")
    playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is missing")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """Console errors and uncaught exceptions of the test's ``page``, in order."""
    return []


@pytest.fixture
def page(chromium, complaints):
    """A fresh page (own context, 1280 x 800) whose errors are collected in ``complaints``."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
