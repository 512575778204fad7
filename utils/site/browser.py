"""Chromium for pictures, the PDF and the checks of the site, with nothing sent from the browser itself."""

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from utils.errors import FrugalError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATIENCE = 120_000  # ms that a page may take on a busy machine
SANDBOX = ["--no-sandbox", "--disable-gpu", "--disable-quic"]


def path() -> str:
    """The browser's program: ``$CHROMIUM`` if set, else the first known name on the path.

    Raises
    ------
    FrugalError
        when there is none.
    """
    chosen = os.environ.get("CHROMIUM")
    found = chosen or next((place for name in NAMES if (place := shutil.which(name))), None)
    if found is None:
        raise FrugalError("no Chromium found: install one, or name it in the variable CHROMIUM.")
    return found


@contextmanager
def chromium() -> Iterator[object]:
    """A running browser (Playwright's synchronous ``Browser``), closed at the end."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise FrugalError("the package playwright is missing: run `pip install playwright`.") from error
    program = path()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=QUIET + SANDBOX)
        yield browser
        browser.close()


class Silent(SimpleHTTPRequestHandler):
    """A plain file server."""

    def log_message(self, *details: object) -> None:
        """Say nothing about requests."""


@contextmanager
def served(folder: Path, kind: type[SimpleHTTPRequestHandler] = Silent) -> Iterator[str]:
    """The address of a file server for ``folder`` (plain, unless ``kind`` is another), stopped at the end."""
    handler = functools.partial(kind, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def site(root: Path) -> Path:
    """The built site below ``root``.

    Raises
    ------
    FrugalError
        when it has not been built.
    """
    folder = root / "_build" / "html"
    if not (folder / "index.html").is_file():
        raise FrugalError("there is no website yet: run `frugal site` first.")
    return folder


def pages(site: Path) -> list[str]:
    """Every page of the site, as a path below it."""
    found = (file.relative_to(site).as_posix() for file in site.rglob("*.html"))
    return sorted(name for name in found if not name.startswith("_"))
