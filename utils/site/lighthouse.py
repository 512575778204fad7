"""Lighthouse on the kinds of pages that the site has, served as a host serves them: compressed."""

import gzip
import json
import os
import shutil
import subprocess
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from utils import chapters
from utils.errors import FrugalError
from utils.paths import ROOT
from utils.site import browser

LEAST = 95
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
TEXT = ("text/", "application/json", "image/svg", "application/javascript")


class Compressing(SimpleHTTPRequestHandler):
    """A file server that compresses texts and keeps the connection, as every host of static pages does."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Serve the file, compressed as a web server would."""
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        kind, body = self.guess_type(path), path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if kind.startswith(TEXT):
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *details: object) -> None:
        """Say nothing about requests."""


def measure(root: Path = ROOT) -> dict[str, dict[str, int]]:
    """Page -> category -> score from 0 to 100, of the site built under ``root``.

    Raises
    ------
    FrugalError
        when the site, Chromium or Lighthouse is missing.
    """
    folder = browser.site(root)
    with browser.served(folder, Compressing) as address:
        return {page: _scores(f"{address}/{page}") for page in samples(folder)}


def samples(site: Path) -> list[str]:
    """The start page, a chapter, its notebook, the scoreboard."""
    slug = next(
        chapter.slug for chapter in chapters.written() if (site / f"book/{chapter.slug}.html").is_file()
    )
    return ["index.html", f"book/{slug}.html", f"notebooks/{slug}.html", "book/scoreboard.html"]


def _scores(url: str) -> dict[str, int]:
    command = [*program(), url, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    environment = {**os.environ, "CHROME_PATH": browser.path()}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise FrugalError(f"Lighthouse failed: {done.stderr.strip()[-300:]}")
    categories = json.loads(done.stdout)["categories"]
    return {name: round(100 * categories[name]["score"]) for name in CATEGORIES}


def program() -> list[str]:
    """Lighthouse itself: ``$LIGHTHOUSE``, or the one on the path, or fetched by npx."""
    if found := os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse"):
        return [found]
    if npx := shutil.which("npx"):
        return [npx, "--yes", "lighthouse@12"]
    raise FrugalError("Lighthouse comes with Node.js: install that, or name lighthouse in LIGHTHOUSE.")
