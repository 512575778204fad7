"""Spread notebooks over Dask workers: processes of this machine, or a cluster by its scheduler's address."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from utils.errors import FrugalError
from utils.execution.fingerprint import PYTHON, surroundings, surroundings_in
from utils.execution.notebook import Job, Outcome, execute
from utils.execution.plan import Task
from utils.paths import ROOT

if TYPE_CHECKING:
    from distributed import Client, Future

CORES_EACH = 2  # the machine that the profiles' budgets are stated for: two cores and 2 GiB a notebook
BYTES_EACH = 2 << 30
TOPIC = "frugal-cell"
CONNECT_SECONDS = 10


@contextmanager
def local(device: str, tasks: int, workers: int | None = None) -> Iterator["Client"]:
    """A client of worker processes on this machine, closed at the end with all that they run.

    ``workers`` is by default as many as there are tasks, at most one for two cores and 2 GiB of free memory,
    and one on a GPU, whose work is measured better alone.
    """
    import dask
    from distributed import Client, LocalCluster

    cores = dask.system.cpu_count()
    workers = workers or min(tasks, _default_workers(cores, device))
    quiet = {"distributed.scheduler.allowed-failures": 0, "distributed.admin.tick.limit": "1h"}
    with (
        dask.config.set(quiet),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=max(1, cores // workers),
            memory_limit=0,  # the kernels are processes of their own: a worker's own memory says nothing
            dashboard_address=":0",  # any free port: two runs at a time must not meet
            silence_logs="ERROR",
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
    """Run one notebook a worker and give each outcome as it comes.

    Parameters
    ----------
    tasks
        Pairs of a task and its time limit in seconds; asked for the next only when a worker is free.
    report
        Called with slug and cell number when a cell starts.
    """
    from distributed import as_completed

    client.subscribe_topic(TOPIC, lambda event: report(*event[1]))
    running: dict[Future, Task] = {}
    finished = as_completed()
    try:
        while _fill(client, tasks, running, finished) or running:
            future = next(finished)
            yield running.pop(future), _outcome(future)
    finally:
        client.cancel(list(running))
        client.unsubscribe_topic(TOPIC)


def on_worker(job: Job, expected: dict[str, str]) -> Outcome:
    """Run on a worker: check that it has the client's code, then execute with all of the worker's threads."""
    from distributed import get_worker

    if differing := _differing(expected):
        named = ", ".join(differing[:3])
        return Outcome("", {}, 0.0, 0, f"has other code on its worker than here ({named}); update it there")
    worker = get_worker()
    state, key = worker.state, worker.get_current_task()

    def cancelled() -> bool:
        """The client has gone, or was interrupted."""
        return key not in state.tasks or state.tasks[key].state != "executing"

    job = replace(job, threads=state.nthreads)
    outcome = execute(job, lambda cell: worker.log_event(TOPIC, (job.slug, cell)), cancelled)
    return replace(outcome, changed=_differing(expected))


def _differing(expected: dict[str, str]) -> tuple[str, ...]:
    """The names under which this machine's surroundings differ from those expected."""
    here = surroundings([name for name in expected if name != PYTHON], ROOT)
    return tuple(name for name in expected if here[name] != expected[name])


def _default_workers(cores: int, device: str) -> int:
    from distributed.system import MEMORY_LIMIT

    return 1 if device == "cuda" else max(1, min(cores // CORES_EACH, MEMORY_LIMIT // BYTES_EACH))


def _workers(client: "Client") -> dict:
    return client.scheduler_info(n_workers=-1)["workers"]


def _fill(client: "Client", tasks: Iterator[tuple[Task, float]], running: dict, finished: Iterator) -> bool:
    """Give each free worker a notebook; whether anything was given."""
    hosts = [worker["host"] for worker in _workers(client).values()]
    share = 1 / max(map(hosts.count, hosts), default=1)
    given = False
    while len(running) < max(1, len(hosts)) and (following := next(tasks, None)):
        task, limit = following
        job = Job(task.slug, task.source.text, task.parameters, limit, 1, share * (task.device == "cuda"))
        key = f"{task.slug}.{task.profile}-{time.time_ns()}"
        future = client.submit(on_worker, job, surroundings_in(task.inputs), key=key, pure=False)
        running[future] = task
        finished.add(future)
        given = True
    return given


def _outcome(future: "Future") -> Outcome:
    try:
        return future.result()
    except Exception as error:  # a worker that died, or one that cannot import the project
        return Outcome("", {}, 0.0, 0, f"lost its worker ({type(error).__name__}: {error})")
