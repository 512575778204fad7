"""Benchmark of ``power_of_two_linear`` beside dense PyTorch and ONNX Runtime's 2- and 4-bit products."""

from collections.abc import Iterator

import torch

from utils.kernels.bench import peers
from utils.kernels.bench.case import Case
from utils.kernels.power_of_two_linear import cost, power_of_two_linear
from utils.kernels.power_of_two_pack import GROUPS, PackedPowerOfTwo, dense_power_of_two, pack_power_of_two

# (rows, columns, batch): the layers of a 7-billion-parameter language model, decode and small batches.
SHAPES = [(4096, 4096, 1), (4096, 4096, 16), (4096, 4096, 256), (4096, 11008, 1)]
# The largest scale blocks for which ONNX Runtime 1.2x has a fast 2- or 4-bit kernel.
ONNX_FORMS = [(2, 128), (4, 128)]


def cases(device: str) -> Iterator[Case]:
    for rows, columns, batch in SHAPES:
        matrices = [random_weights(rows, columns, bits).to(device) for bits in GROUPS]
        x = torch.randint(-127, 128, (batch, columns), dtype=torch.int8, device=device)
        rivals = _peers(dense_power_of_two(matrices[1]), x)
        for packed in matrices:
            for values in (x, x.float()):
                yield _case(values, packed, rivals)


def random_weights(rows: int, columns: int, bits: int) -> PackedPowerOfTwo:
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


def _peers(weight: torch.Tensor, x: torch.Tensor) -> dict:
    linear = torch.nn.functional.linear
    floats, half, half_weight = x.float(), x.bfloat16(), weight.bfloat16()
    found = {
        "PyTorch float32": lambda: linear(floats, weight),
        "PyTorch bfloat16": lambda: linear(half, half_weight),
    }
    if x.device.type == "cpu":
        found["PyTorch dynamic int8"] = peers.dynamic_int8(weight, floats)
        if peers.has_onnxruntime():
            for bits, block in ONNX_FORMS:
                name = f"ONNX Runtime MatMulNBits, {bits} bits, blocks of {block}"
                found[name] = peers.matmul_nbits(*weight.shape, bits, block, floats)
    return found
