"""Benchmark of ``sparse_linear`` in its three formats beside dense and the libraries' sparse products."""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

import scipy.sparse
import torch

from utils.kernels.bench import peers_cuda
from utils.kernels.bench.case import Case
from utils.kernels.bench.optional import Peers
from utils.kernels.sparse_formats import SparseWeight, nm_mask, to_blocks, to_csr, to_nm
from utils.kernels.sparse_linear import cost, sparse_linear

SIDE, BLOCK = 4096, 64
DENSE = "PyTorch dense float32"
linear = torch.nn.functional.linear
# (format, density, batch); between the densities of a batch lies the one at which sparse and dense are even.
DENSITIES = {1: (0.01, 0.05, 0.2, 0.3, 0.5), 16: (0.05, 0.2, 0.5), 256: (0.01, 0.05, 0.2, 0.5)}
CSR = [("CSR", density, batch) for batch, densities in DENSITIES.items() for density in densities]
STRUCTURED = [("2:4", 0.5, 1), ("2:4", 0.5, 16), ("blocks", 0.1, 1), ("blocks", 0.5, 1), ("blocks", 0.1, 256)]


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    dense = torch.randn(SIDE, SIDE, device=device)
    for form, density, batch in CSR + STRUCTURED:
        weight, stored = _weight(form, dense, density)
        x = torch.randn(batch, SIDE, device=device)
        kind = f"blocks of {BLOCK}" if form == "blocks" else form
        yield Case(
            f"{SIDE} x {SIDE}, {kind}, density {100 * density:g} %, batch {batch}",
            lambda x=x, stored=stored: sparse_linear(x, stored),
            _peers(x, weight, form),
            cost(batch, stored),
            stored.bytes,
            settings={"form": form, "density": density, "batch": batch},
        )


def _weight(form: str, dense: torch.Tensor, density: float) -> tuple[torch.Tensor, SparseWeight]:
    if form == "2:4":
        mask = nm_mask(dense, 2, 4)
        return dense * mask, to_nm(dense, 2, 4, mask)
    if form == "blocks":
        kept = torch.rand(SIDE // BLOCK, SIDE // BLOCK, device=dense.device) < density
        mask = kept.repeat_interleave(BLOCK, 0).repeat_interleave(BLOCK, 1)
        return dense * mask, to_blocks(dense * mask, BLOCK)
    weight = dense * (torch.rand_like(dense) < density)
    return weight, to_csr(weight)


def _peers(x: torch.Tensor, weight: torch.Tensor, form: str) -> Peers:
    found = {DENSE: lambda: linear(x, weight)}
    found |= _blocks(x, weight) if form == "blocks" else _rows(x, weight)
    if x.is_cuda:
        half, half_weight = x.bfloat16(), weight.bfloat16()
        found["PyTorch dense bfloat16"] = lambda: linear(half, half_weight)
        found |= peers_cuda.two_of_four(weight, x) if form == "2:4" else {}
    return found


def _rows(x: torch.Tensor, weight: torch.Tensor) -> Peers:
    compressed = weight.to_sparse_csr()
    vector = x[0] if x.shape[0] == 1 else x.T
    found = {"torch.sparse CSR": lambda: compressed @ vector}
    if x.device.type == "cpu":
        rows, columns = scipy.sparse.csr_matrix(weight.numpy()), vector.numpy()
        found["SciPy CSR"] = lambda: rows @ columns
    return found


def _blocks(x: torch.Tensor, weight: torch.Tensor) -> Peers:
    compressed = weight.to_sparse_bsr((BLOCK, BLOCK))
    return {"torch.sparse BSR": lambda: linear(x, compressed)}


def finding(rows: list[dict]) -> str:
    """Below which density CSR beats the dense product: where the measured ratios cross 1."""
    mine = [row for row in rows if row["settings"]["form"] == "CSR" and DENSE in row["peers"]]
    batches = sorted({row["settings"]["batch"] for row in mine})
    return " ".join(_break_even(mine, batch) for batch in batches)


def _break_even(rows: list[dict], batch: int) -> str:
    mine = [row for row in rows if row["settings"]["batch"] == batch]
    points = sorted((row["settings"]["density"], row["peers"][DENSE]["ratio"]) for row in mine)
    (low, high), start = (points[0][0], points[-1][0]), f"Batch {batch}: CSR beats the dense float32 product"
    if points[0][1] < 1:
        return f"Batch {batch}: CSR loses to the dense float32 product even at {100 * low:.3g} % density."
    for (before, faster), (after, slower) in pairwise(points):
        if slower < 1:
            share = math.log(faster) / math.log(faster / slower)
            return f"{start} below {100 * before * (after / before) ** share:.3g} % density."
    return f"{start} at every density measured, up to {100 * high:.3g} %."


def forms() -> dict[str, Callable[[], object]]:
    """Calls that take the launcher's different ways, to be compiled: small, divisible as large ones are."""
    side = 256
    dense = (torch.arange(side * side) % 7).float().reshape(side, side)
    stored = {"CSR": to_csr(dense), "2:4": to_nm(dense, 2, 4, nm_mask(dense, 2, 4))}
    stored |= {f"blocks of {block}": to_blocks(dense, block) for block in (8, 32, 64, 128)}
    found = {
        f"{name}, {str(dtype).removeprefix('torch.')}, batch {batch}": _form(weight, dtype, batch)
        for name, weight in stored.items()
        for dtype in (torch.float32, torch.float64)
        for batch in (1, 16, 256)
    }
    small = dense[:64, :64]
    for name, weight in {
        "2:4": to_nm(small, 2, 4, nm_mask(small, 2, 4)),
        "blocks of 8": to_blocks(small, 8),
    }.items():
        found[f"{name}, float64, batch 70,000"] = _form(weight, torch.float64, 70_000)
    return found


def _form(weight: SparseWeight, dtype: torch.dtype, batch: int) -> Callable[[], object]:
    def call():
        values = weight.values.to(dtype).requires_grad_()
        x = torch.ones(batch, weight.shape[1], dtype=dtype, requires_grad=True)
        sparse_linear(x, weight.with_values(values), backend="triton").sum().backward()

    return call
