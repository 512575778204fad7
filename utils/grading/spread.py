"""Submissions over workers: here one after the other, else Dask's, of this machine or of a cluster."""

import hashlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from utils.errors import FrugalError
from utils.grading import labfiles
from utils.grading.hand import Hand, Lost, Spec

LOST = "the grader itself stopped on this file; look at it by hand"
NOTHING = {"verdicts": [], "stopped": [], "written": {}, "sources": {}, "remark": ""}
_HANDS: dict[Spec, Hand] = {}  # of this process; a judge ends when the process that asks it has ended


@dataclass(frozen=True)
class Job:
    """One submission to mark."""

    key: str
    content: bytes
    seed: int
    variant: int


@dataclass(frozen=True)
class Lab:
    """A lab as every worker must have it: its name, and the digest of its checks and of the grader."""

    slug: str
    digest: str
    seconds: int
    memory: int
    unsafe: bool


def spread(
    lab: Lab, jobs: list[Job], workers: int, scheduler: str | None
) -> Iterator[tuple[Job, dict, float]]:
    """Each job with its marks and seconds, as they are done."""
    if scheduler is None and workers == 1:
        for job in jobs:
            yield job, *work(lab, job)
        return
    from distributed import as_completed

    from utils.execution.schedule import local, remote

    with remote(scheduler) if scheduler else local("cpu", len(jobs), workers) as client:
        waiting, running = iter(jobs), {}
        done = as_completed()
        room = 2 * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        while len(running) < room and _submit(client, lab, waiting, running, done):
            pass
        while running:
            future = next(done)
            job = running.pop(future)
            _submit(client, lab, waiting, running, done)
            yield job, *future.result()


def _submit(client, lab: Lab, waiting: Iterator[Job], running: dict, done) -> bool:
    job = next(waiting, None)
    if job:
        future = client.submit(work, lab, job, key=f"grade-{job.key}-{time.time_ns()}", pure=False)
        running[future] = job
        done.add(future)
    return job is not None


def work(lab: Lab, job: Job) -> tuple[dict, float]:
    """Mark one submission with this process's judge; a judge that is lost is tried once more.

    Raises
    ------
    FrugalError
        when this machine has other checks than the one that asks.
    """
    began = time.monotonic()
    master, archive = labfiles.prepare(lab.slug)
    if labfiles.digest_of(lab.slug) != lab.digest:
        raise FrugalError("a worker has other labs or another grader than here; update it there.")
    spec = Spec(str(master), str(archive), lab.seconds, lab.memory, lab.unsafe)
    hand = _HANDS.setdefault(spec, Hand(spec))
    with tempfile.NamedTemporaryFile(suffix=".ipynb") as file:
        file.write(job.content)
        file.flush()
        for _ in range(2):
            try:
                return hand.mark(Path(file.name), job.seed, job.variant), time.monotonic() - began
            except Lost:
                continue
    return {**NOTHING, "reason": LOST}, time.monotonic() - began


def seed_of(secret: str, key: str) -> int:
    """The seed of a student's inputs: the same in every run with the same secret."""
    return int.from_bytes(hashlib.sha256(f"{secret}:{key}".encode()).digest()[:6], "big")
