"""Compile the forms of an operation for several GPUs, and hold the machine code against what is declared."""

import importlib
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict

from utils.errors import FrugalError
from utils.kernels import backends
from utils.kernels.compiled.targets import MOST_PROGRAMS, TARGETS, Target
from utils.kernels.operation import Operation, Promise
from utils.kernels.operations import operations

Form = Callable[[], object]
# Of the forms that no operation speaks of: where rows are not aligned, addresses of single bytes may fall out
# of the registers. Such calls are right, not fast.
OTHERS = Promise(stack=2048)


def compiled() -> list[Operation]:
    """The operations that have a Triton kernel."""
    return [operation for operation in operations() if "triton" in operation.backends]


def forms(operation: Operation) -> dict[str, Form]:
    """Calls that make the launcher of an operation take its different ways, by name (see its benchmark)."""
    return importlib.import_module(f"utils.kernels.bench.{operation.stem}").forms()


def run(
    operation: Operation,
    every: bool = False,
    targets: tuple[str, ...] = tuple(TARGETS),
    calls: dict[str, Form] | None = None,
) -> Iterator[dict]:
    """A row for each kernel, form and target, with its facts and the problems found.

    Parameters
    ----------
    every : also the forms of which the operation promises nothing of its own
    calls : other forms than those of the benchmark

    Raises
    ------
    FrugalError
        where Triton is missing, or was imported to step through kernels on the CPU.
    """
    require_compiler()
    from utils.kernels.compiled.capture import launches

    calls = forms(operation) if calls is None else calls
    for form in calls if every else operation.promises:
        promise = operation.promises.get(form, OTHERS)
        known = set()
        for launch in launches(calls[form], targets):
            for name in targets if repr(launch) not in known else ():
                yield {"form": form, "kernel": launch.name, "target": name, "grid": launch.grid} | _row(
                    launch, TARGETS[name], promise
                )
            known.add(repr(launch))


def problems(found: dict, grid: tuple[int, ...], promise: Promise, target: Target) -> Iterator[str]:
    """What breaks the limits of the GPU or the promise, one sentence each."""
    yield from beyond(grid)
    if found["shared"] > target.shared:
        yield f"it needs {found['shared']:,} bytes of shared memory; {target.name} has {target.shared:,}"
    if found["stack"] > promise.stack:
        yield f"it keeps {found['stack']:,} bytes in local memory; {promise.stack} are declared"
    if promise.matrix and not found["matrix"]:
        yield "it has no matrix instruction; one is declared"
    if found["load"] < promise.load:
        yield f"its loads are {found['load']} bytes wide; {promise.load} are declared"


def beyond(grid: tuple[int, ...]) -> Iterator[str]:
    """A sentence where a grid has more programs than a GPU launches."""
    if any(size > most for size, most in zip(grid, MOST_PROGRAMS, strict=False)):
        yield f"its grid {grid} is beyond CUDA's {MOST_PROGRAMS}"


def _row(launch, target: Target, promise: Promise) -> dict:
    from utils.kernels.compiled.facts import facts

    try:
        found = asdict(facts(launch, target))
    except Exception as error:  # whatever the compiler raises
        lines = str(error).strip().splitlines() or [""]
        return {"problems": [f"it does not compile: {type(error).__name__}: {lines[0]}"]}
    said = problems(found, launch.grid, promise.of(launch.name), target)
    return found | {"problems": list(said)}


def require_compiler() -> None:
    """Refuse where Triton is missing, or steps through kernels on the CPU."""
    if not backends.has_triton():
        raise FrugalError("compiling needs the package triton (Linux only): pip install -e '.[gpu]'.")
    if os.environ.get("TRITON_INTERPRET") == "1":
        raise FrugalError("TRITON_INTERPRET=1 makes Triton step through kernels instead: unset it.")
