"""Shared by all tests: how they are spread, notebooks at smoke, a Chromium, Hypothesis without a clock."""

import fcntl
import os
import re
from collections import Counter

import pytest
from hypothesis import settings

from utils.errors import FrugalError
from utils.paths import BUILD
from utils.site import browser
from utils.threads import ONE_THREAD

os.environ.update(ONE_THREAD)  # two workers on two cores; read when torch is imported

# A loaded machine may take its time: properties are about values.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

FIRST = ("notebooks", "site", "labs")  # the longest groups: begun last, one of them would run alone
SITE, SLUG = "site", re.compile(r"\d\d_[a-z0-9_]+")
SITE_SECONDS = 3600  # for the fixtures that execute all notebooks and build the site, on a busy machine

FORGET = (
    "() => { try { localStorage.clear(); sessionStorage.clear() } catch { /* a page without storage */ } }"
)


def pytest_collection_modifyitems(items) -> None:
    """Put the longest groups first, and give the site's tests the time that its fixtures need."""
    order = {folder: place for place, folder in enumerate(FIRST)}
    items.sort(key=lambda item: order.get(item.path.parent.name, len(FIRST)))
    for item in items:
        if group_of(item.nodeid) == SITE:
            item.add_marker(pytest.mark.timeout(SITE_SECONDS))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Let one worker run all tests of a group; pytest-xdist's own mark for that needs an older pytest."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return ByGroup(config, log)


def group_of(nodeid: str) -> str:
    """Tests that share a session's fixture, a folder that is built, or a file's fixtures."""
    file, _, test = nodeid.partition("::")
    folder, slug = file.split("/")[-2], SLUG.search(test.partition("[")[2])
    if folder in ("site", "notebooks"):
        return SITE
    return f"lab {slug[0]}" if folder == "labs" and slug else file


@pytest.fixture(scope="session")
def smoke():
    """Function that executes notebooks at ``smoke`` (all written ones by default), each once per check."""

    def run(*slugs: str) -> None:
        from utils.execution import session

        BUILD.mkdir(exist_ok=True)
        with (BUILD / "smoke.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two workers must not execute the same notebook
            session.run(list(slugs), session.Options(profile="smoke", device="cpu"))

    return run


@pytest.fixture(scope="module")
def chromium():
    """A running Chromium (Playwright's synchronous ``Browser``); skips where none is installed.

    One a test file, not one a run: while it lives, Playwright's event loop counts as running in this
    thread, and a later test that calls ``asyncio.run`` would fail.
    """
    pytest.importorskip("playwright.sync_api", reason="the package playwright is missing")
    try:
        browser.path()
    except FrugalError as error:
        pytest.skip(str(error))
    with browser.chromium() as running:
        yield running


@pytest.fixture(scope="module")
def tab(chromium):
    """One tab for a test file: a new one for each test costs more than most tests."""
    context = chromium.new_context()
    context.set_default_timeout(browser.PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def complaints() -> list[str]:
    """Console errors and uncaught exceptions of the test's ``page``, in order."""
    return []


@pytest.fixture
def page(tab, complaints):
    """An empty page of 1280 x 800, nothing routed or stored, whose errors are collected in ``complaints``."""
    heard = {
        "console": lambda message: complaints.append(message.text) if message.type == "error" else None,
        "pageerror": lambda error: complaints.append(str(error)),
    }
    tab.set_viewport_size({"width": 1280, "height": 800})
    for event, listener in heard.items():
        tab.on(event, listener)
    yield tab
    for event, listener in heard.items():
        tab.remove_listener(event, listener)
    tab.evaluate(FORGET)
    tab.goto("about:blank")
    tab.unroute_all()


def pytest_terminal_summary(terminalreporter) -> None:
    """What this machine could not test: a line for each reason, which names the remedy where there is one."""
    skipped = terminalreporter.getreports("skipped")
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, number in reasons.most_common():
        terminalreporter.write_line(f"not tested here: {number} tests ({reason})")
