"""Quotas of both versions of control groups are seen; a machine without any counts as it is."""

import pytest

from utils import limits


@pytest.mark.parametrize(
    "files, expected",
    [
        ({"cpu.max": "100000 100000\n"}, 1),
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu.max": "150000 100000\n"}, 2),
        ({"cpu.max": "max 100000\n"}, 8),
        ({"cpu/cpu.cfs_quota_us": "200000", "cpu/cpu.cfs_period_us": "100000"}, 2),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 8),
        ({}, 8),
    ],
)
def test_quota_of_cores(tmp_path, monkeypatch, files, expected):
    monkeypatch.setattr(limits.os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert limits.cores(tmp_path) == expected


def test_limit_of_memory(tmp_path):
    assert limits.memory(tmp_path) > 2**28
    (tmp_path / "memory.max").write_text("268435456\n")
    assert limits.memory(tmp_path) == 2**28
    (tmp_path / "memory.max").write_text("max\n")
    assert limits.memory(tmp_path) > 2**28
