"""Spread notebooks over Dask workers: processes of this machine, or a cluster by its scheduler's address."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from utils.errors import FrugalError
from utils.execution.fingerprint import PYTHON, surroundings, surroundings_in
from utils.execution.narrow import narrow
from utils.execution.notebook import Job, Outcome, execute
from utils.execution.plan import Task
from utils.execution.scratch import clear, scratch
from utils.paths import ROOT

if TYPE_CHECKING:
    from distributed import Client, Future

BYTES_EACH = 2 << 30  # memory for one notebook: its 1.5 GiB, and what the system needs beside
TOPIC = "frugal-cell"
CONNECT_SECONDS = 10
LOOK_SECONDS = 5  # how often a cluster is looked at while no notebook ends
PATIENCE_SECONDS = 60  # how long it may be without any worker: one that died may come back


@contextmanager
def local(device: str, tasks: int, workers: int | None = None) -> Iterator["Client"]:
    """A client of workers on this machine, closed at the end with all that they run.

    A worker only watches its notebook, whose kernel is a process of its own; so the workers live in this
    process, and Ctrl-C reaches nothing but it. By default there are as many as tasks, at most one for each
    core and 2 GiB of free memory, and one on a GPU, whose work is measured better alone.
    """
    import dask
    from distributed import Client, LocalCluster

    clear()
    workers = workers or min(tasks, _default_workers(dask.system.cpu_count(), device))
    with (
        scratch() as folder,
        dask.config.set({"distributed.admin.tick.limit": "1h", "temporary-directory": str(folder)}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=False,
            memory_limit=0,  # the kernels are processes of their own: this one's memory says nothing
            dashboard_address=":0",  # any free port: two runs at a time must not meet
            silence_logs="CRITICAL",
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def remote(address: str) -> Iterator["Client"]:
    """A client of a running scheduler.

    Raises
    ------
    FrugalError
        when it does not answer within ``CONNECT_SECONDS``, or has no worker.
    """
    from distributed import Client

    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError):
        raise FrugalError(
            f"no Dask scheduler answers at {address}; start one with `dask scheduler`."
        ) from None
    with client:
        if not _workers(client):
            raise FrugalError(
                f"the scheduler at {address} has no worker; start one with `dask worker {address}`."
            )
        yield client


def run(
    client: "Client",
    tasks: Iterator[tuple[Task, float]],
    report: Callable[[str, int], None] = lambda slug, cell: None,
) -> Iterator[tuple[Task, Outcome]]:
    """Run one notebook per core of the workers and give each outcome as it comes.

    A notebook whose worker is lost runs again on another one.

    Parameters
    ----------
    tasks
        Pairs of a task and its time limit in seconds; asked for the next only when a core is free.
    report
        Called with slug and cell number when a cell starts.

    Raises
    ------
    FrugalError
        when the cluster has had no worker for ``PATIENCE_SECONDS``, or its scheduler has gone.
    """
    client.subscribe_topic(TOPIC, lambda event: report(*event[1]))
    running: dict[Future, Task] = {}
    try:
        while _fill(client, tasks, running) or running:
            future = _first_done(client, running)
            yield running.pop(future), _outcome(future)
    finally:
        with suppress(Exception):  # the scheduler may have gone: the reason has been told
            client.cancel(list(running))
            client.unsubscribe_topic(TOPIC)


def on_worker(job: Job, expected: dict[str, str]) -> Outcome:
    """Run on a worker: check that it has the client's code, then execute."""
    from distributed import get_worker

    if differing := _differing(expected):
        named = ", ".join(differing[:3])
        return Outcome("", {}, 0.0, 0, f"has other code on its worker than here ({named}); update it there")
    clear()
    worker = get_worker()
    state, key = worker.state, worker.get_current_task()

    def cancelled() -> bool:
        """The client has gone, or was interrupted."""
        return key not in state.tasks or state.tasks[key].state != "executing"

    outcome = execute(job, lambda cell: worker.log_event(TOPIC, (job.slug, cell)), cancelled)
    return replace(outcome, changed=_differing(expected))


def _differing(expected: dict[str, str]) -> tuple[str, ...]:
    """The names under which this machine's surroundings differ from those expected."""
    here = surroundings([name for name in expected if name != PYTHON], ROOT)
    return tuple(name for name in expected if here[name] != expected[name])


def _default_workers(cores: int, device: str) -> int:
    from distributed.system import MEMORY_LIMIT

    return 1 if device == "cuda" else max(1, min(cores, MEMORY_LIMIT // BYTES_EACH))


def _workers(client: "Client") -> list[dict]:
    return list(client.scheduler_info(n_workers=-1)["workers"].values())


def _fill(client: "Client", tasks: Iterator[tuple[Task, float]], running: dict["Future", Task]) -> bool:
    """Give each free core a notebook; whether anything was given."""
    workers, given = _workers(client), False
    while len(running) < max(1, _places(workers, running)) and (following := next(tasks, None)):
        task, limit = following
        share, version = _share(workers, task), narrow(task.inputs)
        job = Job(task.slug, task.source.text, task.parameters, limit, share, version)
        key = f"{task.slug}.{task.profile}-{time.time_ns()}"
        future = client.submit(on_worker, job, surroundings_in(task.inputs), key=key, pure=False)
        running[future] = task
        given = True
    return given


def _places(workers: list[dict], running: dict["Future", Task]) -> int:
    """How many notebooks fit: one per thread of a worker, on a GPU one per worker."""
    on_gpu = any(task.device == "cuda" for task in running.values())
    return len(workers) if on_gpu else sum(worker["nthreads"] for worker in workers)


def _share(workers: list[dict], task: Task) -> float:
    """The part of a GPU's memory that a notebook may take: workers of one machine share its GPU."""
    hosts = [worker["host"] for worker in workers]
    return (task.device == "cuda") / max(map(hosts.count, hosts), default=1)


def _first_done(client: "Client", running: dict["Future", Task]) -> "Future":
    from distributed import CancelledError, wait

    seen = time.monotonic()
    while True:
        with suppress(TimeoutError, CancelledError):
            wait(list(running), timeout=LOOK_SECONDS, return_when="FIRST_COMPLETED")
        for future in running:
            if future.done():
                return future
        if client.status != "running":
            raise FrugalError("the scheduler has gone; start it and call again: what is done is kept.")
        seen = time.monotonic() if _workers(client) else seen
        if time.monotonic() > seen + PATIENCE_SECONDS:
            raise FrugalError("the cluster has lost all its workers; start one and call again to go on.")


def _outcome(future: "Future") -> Outcome:
    try:
        return future.result()
    except Exception as error:  # a worker that died, or one that cannot import the project
        return Outcome("", {}, 0.0, 0, f"lost its worker ({type(error).__name__}: {error})")
