"""Forked children, and several Python threads at once: right, and no waiting for ever."""

import importlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from tests.kernels.examples import examples
from utils.kernels.operations import FOLDER
from utils.timing import threads_set_to

EXAMPLES, OTHERS = examples(size=4), examples(size=5)
FORK = """
import os, sys, torch
from tests.kernels.examples import examples
from tests.kernels.test_concurrency import kernels_on_threads
for module in kernels_on_threads():
    module.WORTH_A_THREAD = 0
torch.set_num_threads(2)
calls = examples(size=4)
before = {name: call() for name, call in calls.items()}
child = os.fork()
if child == 0:
    pairs = [pair for name in calls for pair in zip(before[name], calls[name](), strict=True)]
    # A child computes on one thread, and BLAS then adds in another order.
    os._exit(0 if all(torch.allclose(a.float(), b.float(), 1e-5, 1e-5) for a, b in pairs) else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def kernels_on_threads():
    """The CPU kernels that share work when it is worth a thread."""
    paths = [path for path in FOLDER.glob("*_cpu.py") if "\nWORTH_A_THREAD" in path.read_text("utf-8")]
    return [importlib.import_module(f"utils.kernels.{path.stem}") for path in paths]


@pytest.fixture(autouse=True)
def any_work_is_worth_a_thread(monkeypatch):
    for module in kernels_on_threads():
        monkeypatch.setattr(module, "WORTH_A_THREAD", 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_gets_the_same_results():
    """The child has the parent's pool of threads, but none of the threads: waiting for them never ends."""
    subprocess.run([sys.executable, "-c", FORK], check=True, timeout=300)


@pytest.mark.parametrize("name", EXAMPLES)
def test_python_threads_do_not_disturb_each_other(name):
    """Interleaved calls with different inputs: a buffer that they share would mix them up."""
    calls = EXAMPLES[name], OTHERS[name]
    with threads_set_to(2), ThreadPoolExecutor(4) as pool:
        wanted = [call() for call in calls]
        found = list(pool.map(lambda i: calls[i % 2](), range(40)))
    for i, result in enumerate(found):
        assert all(torch.equal(a, b) for a, b in zip(result, wanted[i % 2], strict=True))
