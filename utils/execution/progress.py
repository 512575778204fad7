"""Progress of notebooks and their cells: bars in a terminal, plain lines in a log."""

import sys
import time

from tqdm import tqdm

LINE_SECONDS = 10.0  # in a log, one line for a notebook at most this often


class Progress:
    """One bar a running notebook in a terminal; elsewhere a line now and then, which CI logs can show."""

    def __init__(self, cells: dict[str, int], interactive: bool | None = None):
        self.cells = cells
        self.interactive = sys.stderr.isatty() if interactive is None else interactive
        self._bars: dict[str, tqdm] = {}
        self._said: dict[str, float] = {}
        self._done = 0

    def cell(self, slug: str, cell: int) -> None:
        """A cell starts, or goes on."""
        if self.interactive:
            bar = self._bars.get(slug) or self._bar(slug)
            bar.update(cell - bar.n)
            bar.refresh()
        elif time.monotonic() - self._said.get(slug, -LINE_SECONDS) >= LINE_SECONDS:
            self._said[slug] = time.monotonic()
            self.say(f"{slug}: cell {cell} of {self.cells[slug]}")

    def done(self, slug: str, text: str) -> None:
        """A notebook has ended."""
        self._done += 1
        if bar := self._bars.pop(slug, None):
            bar.close()
        self.say(f"[{self._done}/{len(self.cells)}] {slug}: {text}")

    def say(self, text: str) -> None:
        """Print a line above the bars."""
        tqdm.write(text, file=sys.stderr)
        sys.stderr.flush()

    def close(self) -> None:
        """Remove the bars that are left."""
        for bar in self._bars.values():
            bar.close()

    def _bar(self, slug: str) -> tqdm:
        form = "{desc} |{bar}| cell {n_fmt}/{total_fmt} {elapsed}"
        self._bars[slug] = tqdm(
            total=self.cells[slug], desc=slug, leave=False, mininterval=0, bar_format=form, file=sys.stderr
        )
        return self._bars[slug]
