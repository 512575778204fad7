"""Run benchmarks: every operation that has a file here, ours and its peers interleaved in one run."""

import importlib
from collections.abc import Callable

import torch

from utils import provenance, roofline
from utils.errors import FrugalError
from utils.kernels.bench.case import Absent, Case
from utils.kernels.bench.optional import raised
from utils.kernels.operations import operations as declared
from utils.timing import Timing, compare_times

SCHEMA = 1
OURS = "ours"


def operations() -> list[str]:
    """Names of the operations that can be measured, in alphabetical order."""
    return sorted(operation.stem for operation in declared())


def run(
    names: list[str],
    device: str,
    repeats: int = 15,
    report: Callable[[str, dict, dict], None] = lambda name, row, result: None,
) -> dict:
    """Measure the named operations (all for an empty list) on "cpu" or "cuda".

    Returns
    -------
    dict with "schema", "provenance", "machine" (measured bandwidth and peaks), "operations", a list of rows
    for each name, and "findings", a sentence for some. ``report(name, row, result)`` is called after each row
    with the result so far. A peer that is absent or raises is named in its row with the reason; it never ends
    the run.

    Raises
    ------
    FrugalError
        for an unknown name, or "cuda" without a GPU.
    """
    names = names or operations()
    for name in names:
        if name not in operations():
            raise FrugalError(f"there is no benchmark '{name}'; there are: {', '.join(operations())}.")
    if device == "cuda" and not torch.cuda.is_available():
        raise FrugalError("PyTorch sees no GPU here; call with --device cpu.")
    machine = roofline.measure(device, torch.get_num_threads(), anew=True)
    result = {
        "schema": SCHEMA,
        "provenance": provenance.describe(device),
        "machine": {"bandwidth": machine.bandwidth, "peak": machine.peak},
        "operations": {},
        "findings": {},
    }
    for name in names:
        module = importlib.import_module(f"utils.kernels.bench.{name}")
        rows = result["operations"].setdefault(name, [])
        for case in module.cases(device):
            rows.append(_measure(case, machine, repeats))
            report(name, rows[-1], result)
        if hasattr(module, "finding"):
            result["findings"][name] = module.finding(rows)
    return result


def _measure(case: Case, machine: roofline.Machine, repeats: int) -> dict:
    absent = {name: reason for name, peer in case.peers.items() if (reason := _reason(peer))}
    able = {name: peer for name, peer in case.peers.items() if name not in absent}
    times = compare_times({OURS: case.ours, **able}, repeats, threads=torch.get_num_threads())
    ours = times[OURS]
    return {
        "shape": case.shape,
        "settings": dict(case.settings),
        "ours": _times(ours) | {"first_call": ours.first, "bytes_held": case.held},
        "peers": {name: _peer(times[name]) for name in able},
        "absent": absent,
        "bytes_moved": case.cost.bytes,
        "operations": case.cost.operations,
        "share_of_bandwidth": case.cost.bytes / ours.median / machine.bandwidth["memory"],
        "share_of_peak": case.cost.operations / ours.median / machine.peak[case.dtype],
        "least_seconds": case.cost.least_seconds(machine.bandwidth["memory"], machine.peak[case.dtype]),
    }


def _reason(peer: Callable[[], object] | Absent) -> str:
    """Why a peer cannot be measured; empty when a first call of it succeeds."""
    if isinstance(peer, Absent):
        return peer.reason
    try:
        peer()
        if torch.cuda.is_available():
            torch.cuda.synchronize()  # an error on the GPU shows up here
    except Exception as error:  # another library's own errors, of any kind
        return raised(error)
    return ""


def _times(timing: Timing) -> dict:
    return {"median": timing.median, "low": timing.low, "high": timing.high}


def _peer(timing: Timing) -> dict:
    """Times of a peer, and how many times faster ours was in the same rounds (median and quartiles)."""
    ratios = {
        "ratio": 1 / timing.ratio,
        "ratio_low": 1 / timing.ratio_high,
        "ratio_high": 1 / timing.ratio_low,
    }
    return _times(timing) | ratios
