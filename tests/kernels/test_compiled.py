"""Every Triton kernel as machine code for GPUs that are not here, held against limits and declarations."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

from utils.kernels.compiled import run
from utils.kernels.compiled.targets import TARGETS
from utils.kernels.operation import Promise
from utils.paths import RESULTS

pytest.importorskip("triton", reason="kernels are compiled where Triton installs: on Linux")
from utils.kernels.compiled import facts

FRUGAL = "from utils.cli import main; main()"
every_kernel = pytest.mark.parametrize("operation", run.compiled(), ids=lambda operation: operation.stem)


def python(*arguments: str, **options: str) -> subprocess.CompletedProcess:
    """Another process, since in this one Triton may have been imported to step through kernels."""
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, **options)


@pytest.fixture(scope="module")
def compiled(request, tmp_path_factory) -> tuple[str, dict[str, list[dict]]]:
    """What ``frugal compile`` says and writes of the operations that are tested, in one process."""
    asking = (item for item in request.session.items if "compiled" in getattr(item, "fixturenames", ()))
    stems = sorted({item.callspec.params["operation"].stem for item in asking})
    path = tmp_path_factory.mktemp("compiled") / "found.json"
    said = python("-c", FRUGAL, "compile", *stems, "--json", str(path))
    assert path.is_file(), said.stdout + said.stderr
    return said.stdout + said.stderr, json.loads(path.read_text())["operations"]


@every_kernel
def test_machine_code_keeps_to_limits_and_promises(operation, compiled):
    said, found = compiled
    rows = found[operation.stem]
    assert [row["problems"] for row in rows if row["problems"]] == [], said
    assert {(row["form"], row["target"]) for row in rows} == {
        (form, target) for form in operation.promises for target in TARGETS
    }


@every_kernel
def test_every_operation_promises_something(operation):
    assert operation.promises
    assert set(operation.promises) <= set(run.forms(operation))


LAUNCH = """
from utils.kernels.compiled import run
from utils.kernels.compiled.capture import launches
for operation in run.compiled():
    for name, call in run.forms(operation).items():
        for launch in launches(call, ("sm_90",)):
            print(operation.stem, name, *run.beyond(launch.grid), sep=": ")
"""


def test_no_launch_asks_the_gpu_or_leaves_its_grid():
    """Most tensors of the forms have no memory: a launcher that reads one, which waits for a GPU, fails."""
    said = python("-c", LAUNCH)
    assert said.returncode == 0, said.stderr
    assert [line for line in said.stdout.splitlines() if line.count(": ") > 1] == []


BREAK = """
import json, sys
from dataclasses import replace
from unittest import mock
from utils.kernels import ternary_linear, ternary_linear_triton as kernel
from utils.kernels.compiled import run

found = []
for way, batch, change in json.load(sys.stdin):
    form = f"2bit, 4096 x 4096, batch {batch}"
    operation = replace(ternary_linear.OP, promises={form: ternary_linear.OP.promises[form]})
    with mock.patch.dict(getattr(kernel, way), change):
        rows = list(run.run(operation, targets=("sm_80",)))
    found.append([problem for row in rows for problem in row["problems"]])
print(json.dumps(found))
"""
WORSE = {
    ("UNITS", 256, ("STAGES", 14)): "bytes of shared memory; sm_80 has",
    ("UNITS", 256, ("num_warps", 1)): "bytes in local memory; 0 are declared",
    ("DIRECT", 1, ("num_warps", 32)): "bytes wide; 8 are declared",
    ("DIRECT", 1, ("TILE_N", 3)): "it does not compile",
}


@pytest.fixture(scope="module")
def made_worse() -> dict[tuple, list[str]]:
    """The problems of each worse kernel, all from one process."""
    cases = [(way, batch, dict([change])) for way, batch, change in WORSE]
    said = python("-c", BREAK, input=json.dumps(cases))
    assert said.returncode == 0, said.stderr
    return dict(zip(WORSE, json.loads(said.stdout), strict=True))


@pytest.mark.parametrize("case", WORSE, ids=str)
def test_a_kernel_made_worse_is_found(made_worse, case):
    assert any(WORSE[case] in problem for problem in made_worse[case]), made_worse[case]


GOOD = {"registers": 32, "stack": 8, "shared": 1000, "matrix": 4, "load": 16, "barriers": 1}


@pytest.mark.parametrize(
    "change, grid, sentences",
    [
        ({}, (2**31 - 1, 65_535), []),
        ({}, (1, 65_536), ["its grid (1, 65536) is beyond CUDA's (2147483647, 65535, 65535)"]),
        ({"shared": 65_537}, (1,), ["it needs 65,537 bytes of shared memory; gfx942 has 65,536"]),
        ({"stack": 9}, (1,), ["it keeps 9 bytes in local memory; 8 are declared"]),
        ({"matrix": 0}, (1,), ["it has no matrix instruction; one is declared"]),
        ({"load": 4}, (1,), ["its loads are 4 bytes wide; 8 are declared"]),
    ],
)
def test_each_limit_is_a_sentence(change, grid, sentences):
    promise = Promise(load=8, matrix=True, stack=8)
    assert list(run.problems(GOOD | change, grid, promise, TARGETS["gfx942"])) == sentences


def test_a_promise_may_speak_of_one_kernel():
    promise = Promise(load=8, matrix=True, stack=8, kernel="block_kernel")
    assert promise.of("block_kernel") == promise
    assert promise.of("sum_kernel") == Promise(stack=8)


PTX = """
  @%p1 ld.global.v4.b32 { %r1, %r2, %r3, %r4 }, [ %rd1 + 0 ];
  ld.global.L1::evict_last.v2.b64 { %rd5, %rd6 }, [ %rd2 + 0 ];
  @%p2 ld.global.b8 { %rs1 }, [ %rd3 + 0 ];
  cp.async.cg.shared.global [ %r9 + 0 ], [ %rd4 + 0 ], 0x10, %r10;
  ld.shared.v4.b32 { %r1, %r2, %r3, %r4 }, [ %r5 ];
  ld.global.nc.b32 %r2, [%rd8];
  st.global.b32 [ %rd7 + 0 ], { %r1 };
"""


def test_loads_are_counted_by_their_width():
    assert facts.ptx_loads(PTX) == Counter({16: 3, 1: 1})


@pytest.mark.parametrize(
    "loads, wide",
    [({16: 3, 1: 1}, 16), ({16: 1, 4: 2}, 4), ({16: 3, 4: 4}, 16), ({1: 9}, 1), ({}, 0)],
)
def test_the_width_is_that_of_three_quarters_of_the_bytes(loads, wide):
    assert facts.width(Counter(loads)) == wide


def test_recorded_facts_are_of_what_is_declared():
    recorded = json.loads((RESULTS / "kernels.compiled.json").read_text(encoding="utf-8"))["operations"]
    forms = {stem: {row["form"] for row in rows} for stem, rows in recorded.items()}
    assert forms == {operation.stem: set(operation.promises) for operation in run.compiled()}
