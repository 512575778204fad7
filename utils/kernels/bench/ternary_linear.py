"""Benchmark of ``ternary_linear`` beside dense PyTorch and ONNX Runtime's 2- and 4-bit products."""

from collections.abc import Iterator

import torch

from utils.kernels.bench import peers
from utils.kernels.bench.case import Case
from utils.kernels.ternary_linear import cost, ternary_linear
from utils.kernels.ternary_pack import PER_BYTE, pack_ternary

# (rows, columns, batch): the layers of a 7-billion-parameter language model, decode and small batches.
SHAPES = [(4096, 4096, 1), (4096, 4096, 16), (4096, 4096, 256), (4096, 11008, 1), (4096, 11008, 16)]
# The largest scale blocks for which ONNX Runtime 1.2x has a fast 2- or 4-bit kernel.
ONNX_FORMS = [(2, 128), (4, 128)]


def cases(device: str) -> Iterator[Case]:
    for rows, columns, batch in SHAPES:
        codes = torch.randint(-1, 2, (rows, columns), dtype=torch.int8)
        x = torch.randint(-127, 128, (batch, columns), dtype=torch.int8, device=device)
        rivals = _peers(codes.float().to(device), x)
        for base in PER_BYTE:
            packed = pack_ternary(codes, 1.0, base).to(device)
            shape = f"{rows} x {columns}, batch {batch}, {base}"
            ours = _ours(x, packed)
            yield Case(shape, ours, rivals, cost(batch, rows, columns, base), packed.bytes, "int8")


def _ours(x, packed):
    x_scale = torch.ones(x.shape[0], device=x.device)
    return lambda: ternary_linear(x, x_scale, packed)


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
