"""How much of the machine this process may use: a container or a hub gives less than the machine has."""

import math
import os
from pathlib import Path

import psutil

CGROUP = Path("/sys/fs/cgroup")


def cores(root: Path = CGROUP) -> int:
    """Cores that this process may use: those that it may run on, cut to the quota of its control group.

    A quota of 1.5 cores counts as 2, one of 0.5 as 1.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, math.ceil(min(allowed, _quota(root))))


def memory(root: Path = CGROUP) -> float:
    """Bytes of memory that this process may use."""
    limit = _number(root / "memory.max") or _number(root / "memory/memory.limit_in_bytes") or math.inf
    return min(psutil.virtual_memory().total, limit)


def _quota(root: Path) -> float:
    """Cores by quota, of either version of control groups; infinite without one."""
    words = _text(root / "cpu.max").split()
    if len(words) == 2 and words[0].isdigit():
        return int(words[0]) / int(words[1])
    quota, period = _number(root / "cpu/cpu.cfs_quota_us"), _number(root / "cpu/cpu.cfs_period_us")
    return quota / period if quota and period else math.inf


def _number(path: Path) -> int:
    """The number in a file; 0 where there is none, or no limit."""
    text = _text(path).strip()
    return int(text) if text.isdigit() else 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""
