"""Benchmark of ``layernorm_quantize`` beside the same steps in PyTorch and Liger-Kernel."""

from collections.abc import Callable, Iterator

import torch

from utils.kernels.bench import peers_cuda
from utils.kernels.bench.case import Case
from utils.kernels.bench.optional import Peers
from utils.kernels.layernorm_quantize import cost, layernorm_quantize

SHAPES = [(1, 4096), (16, 4096), (256, 4096), (4096, 4096)]


def cases(device: str) -> Iterator[Case]:
    """The shapes at which it is measured, each with its peers."""
    for rows, columns in SHAPES:
        x = torch.randn(rows, columns, device=device)
        yield Case(
            f"{rows} rows of {columns}",
            lambda x=x: layernorm_quantize(x),
            _peers(x),
            cost(rows, columns),
            0,
        )


def _peers(x: torch.Tensor) -> Peers:
    normalize = torch.nn.functional.layer_norm
    found = {"PyTorch, one function after another": lambda: _quantize(normalize(x, x.shape[1:]))}
    return found | peers_cuda.layer_norm(x, _quantize) if x.device.type == "cuda" else found


def _quantize(normal: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    scale = 127 / normal.abs().amax(dim=1, keepdim=True).clamp(min=1e-5)
    return (normal * scale).round().to(torch.int8), scale


def forms() -> dict[str, Callable[[], object]]:
    """Calls that take the launcher's different ways, to be compiled; the tensors have no memory."""
    sizes = (77, 768, 4096, 11008, 16384, 32768)
    return {
        f"rows of {columns}, {str(dtype).removeprefix('torch.')}": _form(columns, dtype)
        for columns in sizes
        for dtype in (torch.float32, torch.bfloat16)
    }


def _form(columns: int, dtype: torch.dtype) -> Callable[[], object]:
    x = torch.empty(64, columns, dtype=dtype, device="meta")
    return lambda: layernorm_quantize(x, backend="triton")
