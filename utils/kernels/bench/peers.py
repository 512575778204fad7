"""Linear layers of other libraries on a CPU, for weights of few bits."""

from collections.abc import Callable

import numpy as np
import torch

from utils.kernels.bench import peers_cuda
from utils.kernels.bench.optional import Peers, optional

# accuracy_level 4 lets ONNX Runtime quantize the activations to int8, which is its fastest form.
INT8_ACTIVATIONS = 4
ONNX_OPERATORS, MICROSOFT_OPERATORS, ONNX_FORMAT = 17, 1, 8


# The largest scale blocks for which ONNX Runtime 1.2x has a fast 2- or 4-bit kernel.
ONNX_FORMS = [(2, 128), (4, 128)]


def low_bit_linear(weight: torch.Tensor, x: torch.Tensor) -> Peers:
    """Dense and low-bit linear layers for a weight (N, K) and float32 activations (B, K), on their device."""
    found = {f"PyTorch {dtype}": _dense(weight, x, dtype) for dtype in ("float32", "bfloat16", "float16")}
    if x.device.type == "cuda":
        return found | peers_cuda.low_bit_linear(weight, x)
    del found["PyTorch float16"]  # processors without float16 arithmetic emulate it
    found |= optional("PyTorch dynamic int8", lambda: dynamic_int8(weight, x))
    for bits, block in ONNX_FORMS:
        name = f"ONNX Runtime MatMulNBits, {bits} bits, blocks of {block}"
        build = lambda bits=bits, block=block: matmul_nbits(*weight.shape, bits, block, x)  # noqa: E731
        found |= optional(name, build, "onnx", "onnxruntime")
    return found


def _dense(weight: torch.Tensor, x: torch.Tensor, dtype: str) -> Callable[[], object]:
    weight, x = weight.to(getattr(torch, dtype)), x.to(getattr(torch, dtype))
    return lambda: torch.nn.functional.linear(x, weight)


def matmul_nbits(rows: int, columns: int, bits: int, block: int, x: torch.Tensor) -> Callable[[], object]:
    """A call of ONNX Runtime's MatMulNBits with random weights: float32 x (B, K) in, int8 inside."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.inter_op_num_threads = 1
    model = _matmul_nbits_model(rows, columns, bits, block)
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {"x": x.numpy()}
    return lambda: session.run(None, feed)


def _matmul_nbits_model(rows: int, columns: int, bits: int, block: int) -> bytes:
    from onnx import TensorProto, helper, numpy_helper

    random, blocks = np.random.default_rng(0), columns // block
    packed = random.integers(0, 256, (rows, blocks, block * bits // 8), dtype=np.uint8)
    scales = random.random((rows, blocks), dtype=np.float32)
    node = helper.make_node(
        "MatMulNBits",
        ["x", "packed", "scales"],
        ["y"],
        domain="com.microsoft",
        K=columns,
        N=rows,
        bits=bits,
        block_size=block,
        accuracy_level=INT8_ACTIVATIONS,
    )
    graph = helper.make_graph(
        [node],
        "linear",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", columns])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", rows])],
        [numpy_helper.from_array(packed, "packed"), numpy_helper.from_array(scales, "scales")],
    )
    domains = [
        helper.make_opsetid("", ONNX_OPERATORS),
        helper.make_opsetid("com.microsoft", MICROSOFT_OPERATORS),
    ]
    model = helper.make_model(graph, opset_imports=domains, ir_version=ONNX_FORMAT)
    return model.SerializeToString()


def dynamic_int8(weight: torch.Tensor, x: torch.Tensor) -> Callable[[], object]:
    """PyTorch's dynamically quantized linear layer: int8 weights, activations quantized in the call."""
    layer = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    layer.weight = torch.nn.Parameter(weight, requires_grad=False)
    quantized = torch.ao.quantization.quantize_dynamic(layer, {torch.nn.Linear}, dtype=torch.qint8)
    return lambda: quantized(x)
