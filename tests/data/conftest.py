"""A small web server with mirrors that work, lie, break off or are gone; and caches of the test's own."""

import contextlib
import hashlib
import http.server
import itertools
import os
import threading
import time
from pathlib import Path

import pytest

from utils.data import cache, fetch, registry

CONTENT = b"two roads diverged in a yellow wood\n" * 1000
PAUSE, PIECES = 0.05, 2000  # of a slow server, which breaks off after 100 seconds


class Mirrors(http.server.BaseHTTPRequestHandler):
    """``/good/NAME`` gives CONTENT or the rest of it that is asked for; the others do what they are called.

    ``lying`` gives other bytes, ``broken`` half, ``endless`` ever more, ``slow`` a byte now and then,
    ``file`` redirects to one; ``busy`` fails at first.
    """

    def do_GET(self) -> None:
        kind = self.path.split("/")[1]
        self.server.asked.append(self.path)
        if kind == "gone" or (kind == "busy" and self.server.asked.count(self.path) == 1):
            self.send_error(503 if kind == "busy" else 404)
        elif kind == "file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
            self.end_headers()
        elif kind in ("endless", "slow"):
            self.send_response(200)
            self.end_headers()
            self.trickle(*((len(CONTENT) * b"x", 0, None) if kind == "endless" else (b"x", PAUSE, PIECES)))
        else:
            self.give(CONTENT[::-1] if kind == "lying" else CONTENT, cut=kind == "broken")

    def trickle(self, piece: bytes, pause: float, times: int | None) -> None:
        """Send a piece so many times, or without end, until nobody listens."""
        with contextlib.suppress(OSError):
            for _ in itertools.repeat(None) if times is None else range(times):
                self.server.sent += len(piece)
                self.wfile.write(piece)
                time.sleep(pause)

    def give(self, body: bytes, cut: bool) -> None:
        asked = self.headers.get("Range")
        body = body[int(asked.removeprefix("bytes=").rstrip("-")) :] if asked else body
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        sent = body[: len(body) // 2] if cut else body
        self.server.sent += len(sent)  # before the client has them: a test may look at once
        self.wfile.write(sent)

    def log_message(self, *_) -> None:
        """Silence."""


@pytest.fixture
def server():
    """The running server: ``asked`` lists the paths asked for, ``sent`` counts bytes, ``url`` is where."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Mirrors) as server:
        server.daemon_threads = True
        server.asked, server.sent, server.url = [], 0, f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def own_cache(tmp_path, monkeypatch) -> Path:
    """An empty user's cache, no prepared folder, no proxy, and no waiting between tries."""
    monkeypatch.delenv("FRUGAL_DATA", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(cache, "own", lambda: tmp_path / "own")
    monkeypatch.setattr(fetch, "PAUSE_SECONDS", 0)
    return tmp_path / "own"


@pytest.fixture
def register(monkeypatch):
    """Function that registers a set ``poem`` whose file ``NAME`` has the given URLs."""

    def register(*urls: str, names: tuple[str, ...] = ("poem.txt",)) -> None:
        digest = hashlib.sha256(CONTENT).hexdigest()
        files = tuple(registry.File(name, len(CONTENT), digest, urls) for name in names)
        poem = registry.DataSet("poem", "A poem.", "public domain", ("Frost 1916",), (11,), (), files)
        monkeypatch.setattr(registry, "data_sets", lambda: (poem,))
        monkeypatch.setattr(fetch, "find", registry.find)

    return register


@pytest.fixture
def prepared_data() -> Path:
    """The folder of real data named by FRUGAL_DATA; skips where there is none."""
    folder = os.environ.get("FRUGAL_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("needs the real data: set FRUGAL_DATA to a folder that holds it")
    return Path(folder)
