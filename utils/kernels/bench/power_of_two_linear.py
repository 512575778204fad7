"""Benchmark of ``power_of_two_linear`` beside dense PyTorch and ONNX Runtime's 2- and 4-bit products."""

from collections.abc import Callable, Iterator

import torch

from utils.kernels.bench import peers
from utils.kernels.bench.case import Case
from utils.kernels.power_of_two_linear import cost, power_of_two_linear
from utils.kernels.power_of_two_pack import (
    GROUPS,
    PackedPowerOfTwo,
    bytes_per_row,
    dense_power_of_two,
    pack_power_of_two,
)

# (rows, columns, batch): the layers of a 7-billion-parameter language model, decode and small batches.
SHAPES = [(4096, 4096, 1), (4096, 4096, 16), (4096, 4096, 256), (4096, 11008, 1)]


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    for rows, columns, batch in SHAPES:
        matrices = [random_weights(rows, columns, bits).to(device) for bits in GROUPS]
        x = torch.randint(-127, 128, (batch, columns), dtype=torch.int8, device=device)
        rivals = peers.low_bit_linear(dense_power_of_two(matrices[1]), x.float())
        for packed in matrices:
            for values in (x, x.float()):
                yield _case(values, packed, rivals)


def random_weights(rows: int, columns: int, bits: int) -> PackedPowerOfTwo:
    """Packed weights with random signs and exponents."""
    signs = (2 * torch.randint(0, 2, (rows, columns)) - 1).to(torch.int8)
    exponents = torch.randint(0, 2 ** (bits - 1), (rows, columns)).to(torch.int8)
    return pack_power_of_two(signs, exponents, 1.0, bits)


def _case(x: torch.Tensor, packed: PackedPowerOfTwo, rivals: dict) -> Case:
    (batch, columns), rows = x.shape, packed.shape[0]
    number = str(x.dtype).removeprefix("torch.")
    x_scale = torch.ones(batch, device=x.device) if number == "int8" else None
    return Case(
        f"{rows} x {columns}, batch {batch}, {packed.bits} bits, {number} activations",
        lambda: power_of_two_linear(x, packed, x_scale),
        rivals,
        cost(batch, rows, columns, packed.bits, x.element_size()),
        packed.bytes,
        number,
    )


def forms() -> dict[str, Callable[[], object]]:
    """Calls that take the launcher's different ways, to be compiled; the tensors have no memory."""
    sizes = [(4096, 4096, 1), (4096, 4096, 16), (4096, 4096, 256), (4096, 11008, 1), (37, 101, 20)]
    found = {
        f"{bits} bits, {str(number)[6:]}, {rows} x {columns}, batch {batch}": _form(
            rows, columns, batch, bits, number
        )
        for bits in GROUPS
        for number in (torch.int8, torch.float32)
        for rows, columns, batch in sizes
    }
    return found | {"2 bits, int8, 10 million rows": _form(10**7, 64, 1, 2, torch.int8)}


def _form(rows: int, columns: int, batch: int, bits: int, number: torch.dtype) -> Callable[[], object]:
    with torch.device("meta"):
        data = torch.empty(rows, bytes_per_row(columns, bits), dtype=torch.uint8)
        packed = PackedPowerOfTwo(data, columns, torch.empty(()), bits)
        x, x_scale = torch.empty(batch, columns, dtype=number), torch.empty(batch)
    scale = x_scale if number == torch.int8 else None
    return lambda: power_of_two_linear(x, packed, scale, backend="triton")
