"""Wrong calls are refused in a sentence before anything is computed, whatever their back end."""

import math

import pytest
import torch

from tests.kernels.examples import examples
from utils.errors import FrugalError
from utils.kernels.bit_pack import unpack_bits
from utils.kernels.delta_keys import delta_keys
from utils.kernels.delta_pack import PackedDeltas, pack_deltas, unpack_deltas
from utils.kernels.graph import Graph, build_graph
from utils.kernels.group_quantize import group_dequantize
from utils.kernels.mx_quantize import MXQuantized, mx_dequantize
from utils.kernels.noisy_step import annealed_deviation
from utils.kernels.power_of_two_pack import PackedPowerOfTwo, unpack_power_of_two
from utils.kernels.sparse_formats import CSRWeight, nm_mask, to_blocks, to_csr, to_nm
from utils.kernels.ternary_pack import PackedTernary, unpack_ternary

EXAMPLES = examples()
X = torch.ones(4, 8)
BYTES = torch.zeros(2, 3, dtype=torch.uint8)
COLUMNS, STARTS = torch.zeros(5, dtype=torch.int32), torch.tensor([0, 2, 5])
ONE = torch.ones(())
OTHER_WEIGHTS = {
    name: EXAMPLES[name].arguments["packed"] for name in ("ternary_linear", "power_of_two_linear")
}

# Example, what is changed in its arguments, and what the sentence says.
CHANGED = [
    ("float_round, stochastic", {"step": 1.5}, "step is 1.5; give it as a whole number"),
    ("float_round, stochastic", {"step": True}, "step is True"),
    ("float_round, stochastic", {"seed": "7"}, "seed is '7'"),
    ("float_round, stochastic", {"seed": math.nan}, "seed is nan"),
    ("float_round, stochastic", {"seed": -1}, "seed is -1, below 0"),
    ("float_round, stochastic", {"seed": 2**64}, "above"),
    ("float_round", {"form": ["e4m3"]}, "choose one of"),
    ("float_round", {"x": [1.0, 2.0]}, "x is a list; give it as a torch.Tensor"),
    ("mx_quantize, stochastic", {"step": 1.5}, "step is 1.5"),
    ("mx_quantize", {"block": 32.0}, "block is 32.0"),
    ("fp8_quantize", {"group": 32.0}, "group is 32.0"),
    ("fp8_quantize", {"group": None}, "group is None"),
    ("group_quantize", {"bits": 4.0}, "bits is 4.0; choose one of"),
    ("group_quantize", {"bits": True}, "bits is True"),
    ("group_quantize", {"group": 16.5}, "group is 16.5"),
    ("group_quantize", {"group": "column"}, "'column'"),
    ("graph_propagation", {"steps": 2.0}, "steps is 2.0"),
    ("graph_propagation", {"graph": X}, "graph is a Tensor; make one by build_graph"),
    ("delta_keys", {"threshold": -0.1}, "threshold is -0.1"),
    ("delta_keys", {"threshold": math.nan}, "threshold is nan"),
    ("delta_keys", {"threshold": "high"}, "threshold is 'high'"),
    ("delta_attention", {"window": 4.0}, "window is 4.0"),
    ("delta_attention", {"recent": [1]}, "needs the last"),
    ("delta_attention", {"deltas": X}, "deltas is a Tensor; make them by pack_deltas"),
    ("ternary_linear", {"packed": OTHER_WEIGHTS["power_of_two_linear"]}, "packed is a PackedPowerOfTwo"),
    ("power_of_two_linear", {"packed": OTHER_WEIGHTS["ternary_linear"]}, "packed is a PackedTernary"),
    ("ternary_quantize", {"eps": -1.0}, "eps is -1.0"),
    ("ternary_quantize", {"eps": math.nan}, "eps is nan"),
    ("sparse_linear, CSR", {"weight": X}, "sparse format"),
    (
        "noisy_sgd",
        {"gradients": [None, None]},
        "a gradient is a NoneType; leave a parameter",
    ),
    ("noisy_sgd", {"step": 0.5}, "step is 0.5"),
    ("noisy_sgd", {"seed": None}, "seed is None"),
    ("noisy_sgd", {"lr": math.nan}, "lr is nan"),
    ("noisy_sgd", {"deviation": -1.0}, "deviation is -1.0"),
    ("noisy_adam", {"betas": (1, 0.9)}, "a beta is 1; give it as a number of at least 0 and below 1"),
    ("noisy_adam", {"betas": (0.9, -0.1)}, "a beta is -0.1"),
    ("noisy_adam", {"eps": -1e-8}, "eps is"),
]
# Other wrong calls, and what the sentence says.
CALLS = [
    (lambda: nm_mask(X, -1, 4), "n is -1, below 1"),
    (lambda: nm_mask(X, 9, 4), "n is 9, above 4"),
    (lambda: nm_mask(X, 2, 0), "m is 0, below 2"),
    (lambda: to_nm(X, 2.0, 4), "n is 2.0"),
    (lambda: to_blocks(X, 2.0), "block is 2.0"),
    (lambda: build_graph(torch.zeros(2, 0, dtype=torch.int64), -1), "nodes is -1"),
    (lambda: build_graph(torch.zeros(2, 0, dtype=torch.int64), 3.0), "nodes is 3.0"),
    (lambda: unpack_bits(BYTES, -1, 4), "columns is -1"),
    (lambda: unpack_bits(BYTES[0], 2, 4), "2 dimension"),
    (lambda: annealed_deviation(3, -0.1), "eta is -0.1"),
    (lambda: annealed_deviation(-1, 0.1), "step is -1"),
    (lambda: unpack_ternary(OTHER_WEIGHTS["power_of_two_linear"]), "make it by pack_ternary"),
    (lambda: unpack_power_of_two(OTHER_WEIGHTS["ternary_linear"]), "make it by pack_power_of_two"),
    (lambda: group_dequantize(X), "make it by group_quantize"),
    (lambda: mx_dequantize(X), "make it by mx_quantize"),
    (lambda: unpack_deltas(X), "make it by pack_deltas"),
    # Stored tensors whose shapes do not belong together would be read beyond their ends.
    (lambda: PackedTernary(BYTES, 13, ONE, "2bit"), "data has shape"),
    (lambda: PackedTernary(BYTES, 12, torch.ones(2), "2bit"), "scale has shape"),
    (lambda: PackedPowerOfTwo(BYTES, 9, ONE, 3), "data has shape"),
    (lambda: PackedPowerOfTwo(BYTES, 8, torch.ones(3), 3), "scale has shape"),
    (lambda: CSRWeight(torch.zeros(3), COLUMNS, STARTS, 8), "values has shape"),
    (lambda: MXQuantized(BYTES, BYTES, "e2m1", 2), "exponents has shape"),
    (lambda: PackedDeltas(torch.zeros(3), COLUMNS, STARTS[None], 8), "channels has shape"),
    (lambda: Graph(STARTS, COLUMNS, torch.ones(3)), "starts has shape"),
]


@pytest.mark.parametrize("backend", ["auto", "reference"])
@pytest.mark.parametrize("name, wrong, sentence", CHANGED)
def test_wrong_arguments_are_refused(name, wrong, sentence, backend):
    with pytest.raises(FrugalError, match=sentence):
        EXAMPLES[name](backend, **wrong)


@pytest.mark.parametrize("call, sentence", CALLS)
def test_wrong_calls_are_refused(call, sentence):
    with pytest.raises(FrugalError, match=sentence):
        call()


@pytest.mark.parametrize("name", ["sparse_linear, CSR", "sparse_linear, 2:4", "sparse_linear, blocks"])
@pytest.mark.parametrize("shape", [(3,), (0,), (1, 1)])
def test_sparse_values_of_another_shape_are_refused(name, shape):
    """They would be read beyond their end: garbage, or the death of the process."""
    with pytest.raises(FrugalError, match="values has shape"):
        EXAMPLES[name].arguments["weight"].with_values(torch.zeros(shape))


def test_query_heads_without_key_heads_are_refused():
    empty = pack_deltas(delta_keys(torch.zeros(0, 3, 4), 0.1))
    attend = EXAMPLES["delta_attention"].function
    with pytest.raises(FrugalError, match="cannot share 0 key heads"):
        attend(torch.zeros(2, 3, 4), empty, torch.zeros(0, 3, 5))
    assert attend(torch.zeros(0, 3, 4), empty, torch.zeros(0, 3, 5)).shape == (0, 3, 5)
    assert to_csr(torch.zeros(0, 4)).shape == (0, 4)
