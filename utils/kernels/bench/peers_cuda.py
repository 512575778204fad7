"""Peers on a GPU, used where they are installed: torchao, GemLite, Liger-Kernel, cuSPARSELt, FlexAttention.

Every function gives name to call, or name to the reason why it cannot be called here.
"""

import torch

from utils.kernels.bench.optional import Peers, optional

TWO_BITS, GEMLITE_GROUP = 2, 128
# Name to (class in torchao.quantization, dtype that its kernel takes).
TORCHAO = {
    "torchao int8 weights, float activations": ("Int8WeightOnlyConfig", torch.bfloat16),
    "torchao int8 weights, int8 activations": ("Int8DynamicActivationInt8WeightConfig", torch.bfloat16),
    "torchao int4 weights": ("Int4WeightOnlyConfig", torch.bfloat16),
}


def low_bit_linear(weight: torch.Tensor, x: torch.Tensor) -> Peers:
    """Linear layers with few bits per weight (N, K) for float32 activations x (B, K)."""
    found: Peers = {}
    for name, (config, dtype) in TORCHAO.items():
        found |= optional(name, lambda c=config, d=dtype: _torchao(weight, x, c, d), "torchao")
    found |= optional("GemLite 8 bits, int8 activations", lambda: _gemlite_int8(weight, x), "gemlite")
    found |= optional("GemLite 2 bits, float16 activations", lambda: _gemlite_2bit(weight, x), "gemlite")
    return found


def two_of_four(weight: torch.Tensor, x: torch.Tensor) -> Peers:
    """The sparse tensor cores through PyTorch, for a 2:4 weight (N, K)."""
    found: Peers = {}
    for dtype in (torch.float16, torch.bfloat16):
        name = f"PyTorch to_sparse_semi_structured, {_short(dtype)} ({_sparse_library()})"
        found |= optional(name, lambda d=dtype: _semi_structured(weight.to(d), x.to(d)))
    return found


def layer_norm(x: torch.Tensor, quantize) -> Peers:
    """Liger-Kernel's layer norm, then ``quantize(normal)`` in PyTorch."""
    return optional("Liger-Kernel LayerNorm, PyTorch quantize", lambda: _liger(x, quantize), "liger_kernel")


def attention(queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor) -> Peers:
    """FlexAttention, compiled; causal unless there is a single query (H, T, d)."""
    return optional("PyTorch FlexAttention, compiled", lambda: _flex(queries, keys, values))


def _torchao(weight, x, config, dtype):
    from torchao import quantization

    layer = torch.nn.Sequential(_layer(weight.to(dtype)))
    quantization.quantize_(layer, getattr(quantization, config)())
    x = x.to(dtype)
    return lambda: layer(x)


def _gemlite_int8(weight, x):
    from gemlite.helper import A8W8_int8_dynamic

    layer = A8W8_int8_dynamic(device=str(weight.device)).from_linear(_layer(weight.half()))
    x = x.half()
    return lambda: layer(x)


def _gemlite_2bit(weight, x):
    """Codes 0 to 3 with a scale and a zero for each group: the values do not matter for the time."""
    from gemlite.helper import A16Wn

    rows, columns = weight.shape
    codes = torch.randint(0, 2**TWO_BITS, (rows, columns), dtype=torch.uint8, device=weight.device)
    scales = torch.ones(rows * columns // GEMLITE_GROUP, 1, dtype=torch.float16, device=weight.device)
    pack = A16Wn(device=str(weight.device)).from_weights
    layer = pack(codes, scales, scales.clone(), W_nbits=TWO_BITS, group_size=GEMLITE_GROUP, bias=None)
    x = x.half()
    return lambda: layer(x)


def _layer(weight: torch.Tensor) -> torch.nn.Linear:
    layer = torch.nn.Linear(*weight.shape[::-1], bias=False, device="meta")
    layer.weight = torch.nn.Parameter(weight, requires_grad=False)
    return layer


def _sparse_library() -> str:
    return "cuSPARSELt" if torch.backends.cusparselt.is_available() else "CUTLASS, no cuSPARSELt here"


def _semi_structured(weight, x):
    compressed = torch.sparse.to_sparse_semi_structured(weight)
    return lambda: torch.nn.functional.linear(x, compressed)


def _liger(x, quantize):
    from liger_kernel.transformers import LigerLayerNorm

    layer = LigerLayerNorm(x.shape[1], eps=1e-5).to(x.device).requires_grad_(False)
    return lambda: quantize(layer(x))


def _flex(queries, keys, values):
    from torch.nn.attention.flex_attention import create_block_mask, flex_attention

    compiled, mask = torch.compile(flex_attention), None
    if queries.shape[1] > 1:
        lengths = queries.shape[1], keys.shape[1]
        mask = create_block_mask(lambda b, h, i, j: i >= j, None, None, *lengths, device=queries.device)
    q, k, v = (part[None] for part in (queries, keys, values))
    return lambda: compiled(q, k, v, block_mask=mask)


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
