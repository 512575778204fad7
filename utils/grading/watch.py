"""How much memory the processes of a submission hold together, seen from outside of the sandbox."""

import re
from collections.abc import Iterator
from pathlib import Path

FIELDS = re.compile(r"^(?:RssAnon|RssShmem):\s+(\d+)", re.MULTILINE)


def megabytes(root: int) -> float:
    """What all processes below ``root`` hold in MB, without what each shares with its parent.

    Forks share their parent's memory until one of them writes. A process counts with what it has more than
    its parent, so that a chain of forks counts once, and twelve children with a gigabyte
    each count as twelve.
    """
    held = {root: _held(root)}
    total = 0.0
    for parent, child in _below(root):
        held[child] = _held(child)
        total += max(0.0, held[child] - held[parent])
    return total


def _below(root: int) -> Iterator[tuple[int, int]]:
    """Pairs of a process and its child, parents first."""
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        for child in _children(parent):
            yield parent, child
            waiting.append(child)


def _children(process: int) -> list[int]:
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        return [int(n) for thread in threads for n in (thread / "children").read_text().split()]
    except OSError:
        return []


def _held(process: int) -> float:
    try:
        return sum(map(int, FIELDS.findall(Path(f"/proc/{process}/status").read_text()))) / 1024
    except OSError:
        return 0.0
