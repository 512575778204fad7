"""Benchmark of ``ternary_linear`` beside dense PyTorch and ONNX Runtime's 2- and 4-bit products."""

from collections.abc import Callable, Iterator

import torch

from utils.kernels.bench import peers
from utils.kernels.bench.case import Case
from utils.kernels.ternary_linear import cost, ternary_linear
from utils.kernels.ternary_pack import PER_BYTE, PackedTernary, bytes_per_row, pack_ternary

# (rows, columns, batch): the layers of a 7-billion-parameter language model, decode and small batches.
SHAPES = [(4096, 4096, 1), (4096, 4096, 16), (4096, 4096, 256), (4096, 11008, 1), (4096, 11008, 16)]


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    for rows, columns, batch in SHAPES:
        codes = torch.randint(-1, 2, (rows, columns), dtype=torch.int8)
        x = torch.randint(-127, 128, (batch, columns), dtype=torch.int8, device=device)
        rivals = peers.low_bit_linear(codes.float().to(device), x.float())
        for base in PER_BYTE:
            packed = pack_ternary(codes, 1.0, base).to(device)
            shape = f"{rows} x {columns}, batch {batch}, {base}"
            ours = _ours(x, packed)
            yield Case(shape, ours, rivals, cost(batch, rows, columns, base), packed.bytes, "int8")


def _ours(x, packed):
    x_scale = torch.ones(x.shape[0], device=x.device)
    return lambda: ternary_linear(x, x_scale, packed)


def forms() -> dict[str, Callable[[], object]]:
    """Calls that take the launcher's different ways, to be compiled; the tensors have no memory."""
    sizes = [
        (4096, 4096, 1),
        (4096, 4096, 16),
        (4096, 4096, 256),
        (4096, 5120, 1),
        (4096, 5120, 256),
        (4096, 11008, 256),
        (37, 101, 1),
        (37, 101, 20),
    ]
    found = {
        f"{base}, {rows} x {columns}, batch {batch}": _form(rows, columns, batch, base)
        for base in PER_BYTE
        for rows, columns, batch in sizes
    }
    return found | {"2bit, 10 million rows": _form(10**7, 64, 1, "2bit")}


def _form(rows: int, columns: int, batch: int, base: str) -> Callable[[], object]:
    with torch.device("meta"):
        data = torch.empty(rows, bytes_per_row(columns, base), dtype=torch.uint8)
        packed = PackedTernary(data, columns, torch.empty(()), base)
        x, x_scale = torch.empty(batch, columns, dtype=torch.int8), torch.empty(batch)
    return lambda: ternary_linear(x, x_scale, packed, backend="triton")
