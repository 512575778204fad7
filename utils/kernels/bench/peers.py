"""Peers that need more than a line: ONNX Runtime's low-bit matrix product, the layers of PyTorch."""

import importlib.util
from collections.abc import Callable

import numpy as np
import torch

# accuracy_level 4 lets ONNX Runtime quantize the activations to int8, which is its fastest form.
INT8_ACTIVATIONS = 4
ONNX_OPERATORS, MICROSOFT_OPERATORS, ONNX_FORMAT = 17, 1, 8


def has_onnxruntime() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("onnx", "onnxruntime"))


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
