import math

import pytest
import torch

from utils.errors import FrugalError
from utils.kernels.delta_attention import cost, delta_attention
from utils.kernels.delta_keys import delta_keys, pack_deltas

CPU_BACKENDS = ["reference", "numba"]


def smooth(heads, tokens, width, seed=0):
    """Keys that drift, so that some deltas vanish and others do not."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(heads, tokens, width, generator=generator).cumsum(dim=1) * 0.3


def exact(queries, held, values, keys, window):
    """Attention in float64 on the held keys, with exact keys inside the window."""
    group = queries.shape[0] // held.shape[0]
    held, values, keys = (part.double().repeat_interleave(group, 0) for part in (held, values, keys))
    count, tokens = queries.shape[1], held.shape[1]
    position = torch.arange(tokens - count, tokens)[:, None]
    key = torch.arange(tokens)[None]
    scores = queries.double() @ held.mT
    near = (key > position - window) & (key <= position)
    scores = torch.where(near, queries.double() @ keys.mT, scores)
    scores = scores.masked_fill(key > position, -torch.inf) / math.sqrt(queries.shape[2])
    return scores.softmax(dim=2) @ values


@pytest.mark.parametrize("backend", CPU_BACKENDS)
@pytest.mark.parametrize("window", [0, 1, 5, 1000])
@pytest.mark.parametrize(
    "heads, groups, count, tokens, width",
    [
        (1, 1, 1, 1, 1),
        (4, 2, 1, 37, 8),
        (2, 1, 15, 40, 7),
        (2, 2, 16, 16, 4),
        (3, 3, 131, 131, 16),
        (2, 1, 70, 200, 3),
    ],
)
def test_attention_is_that_of_float64(backend, window, heads, groups, count, tokens, width):
    keys, values = smooth(groups, tokens, width), torch.randn(groups, tokens, 5)
    queries = torch.randn(heads, count, width, generator=torch.Generator().manual_seed(1))
    deltas = delta_keys(keys, 0.4)
    held = deltas.double().cumsum(dim=1)
    recent = keys[:, max(0, tokens - count - window + 1) :] if window else None
    output = delta_attention(queries, pack_deltas(deltas), values, recent, window, backend)
    # A score is a sum of at most L * d products in float32: the error bound of recursive summation,
    # relative to the sum of magnitudes; a softmax weight moves by at most twice that, relatively.
    magnitude = (queries.abs().amax(dim=1).double().sum(-1).max() * deltas.abs().sum(1).max()) / math.sqrt(
        width
    )
    bound = (2 * 2**-24 * (tokens + width) * magnitude + 2**-24 * (tokens + 8)) * values.abs().max()
    assert (output - exact(queries, held, values, keys, window)).abs().max() <= bound


@pytest.mark.parametrize("backend", CPU_BACKENDS)
def test_decode_gives_the_last_row_of_prefill(backend):
    keys, values = smooth(2, 90, 8), torch.randn(2, 90, 8)
    queries, packed = torch.randn(4, 90, 8), pack_deltas(delta_keys(keys, 0.4))
    whole = delta_attention(queries, packed, values, keys, 7, backend)
    last = delta_attention(queries[:, -1:], packed, values, keys[:, -7:], 7, backend)
    assert torch.allclose(last, whole[:, -1:], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("backend", CPU_BACKENDS)
def test_later_keys_do_not_change_earlier_outputs(backend):
    keys, values, queries = smooth(1, 80, 6), torch.randn(1, 80, 6), torch.randn(1, 80, 6)
    before = delta_attention(queries, pack_deltas(delta_keys(keys, 0.2)), values, backend=backend)
    keys[:, 70:] += 5
    values[:, 70:] -= 5
    after = delta_attention(queries, pack_deltas(delta_keys(keys, 0.2)), values, backend=backend)
    assert torch.equal(after[:, :64], before[:, :64])
    assert torch.allclose(after[:, :70], before[:, :70], atol=1e-6)


@pytest.mark.parametrize("backend", CPU_BACKENDS)
@pytest.mark.parametrize("count", [1, 40])
def test_strided_and_misaligned_inputs(backend, count):
    keys, values = smooth(2, 40, 8), torch.randn(2, 40, 8)
    queries, packed = torch.randn(4, count, 8), pack_deltas(delta_keys(keys, 0.4))
    wide = torch.zeros(4, count, 17)
    wide[:, :, 1::2] = queries
    moved = torch.zeros(values.numel() + 1)[1:].view(2, 8, 40).mT.copy_(values)
    expected = delta_attention(queries, packed, values, keys, 5, backend)
    output = delta_attention(wide[:, :, 1::2], packed, moved, keys.mT.contiguous().mT, 5, backend)
    assert torch.allclose(output, expected, rtol=0, atol=1e-5)  # BLAS may add in another order


@pytest.mark.parametrize("backend", CPU_BACKENDS)
@pytest.mark.parametrize("count", [1, 70])
def test_more_queries_than_are_held_at_a_time_and_few_give_the_same(backend, count, monkeypatch):
    keys, values, queries = smooth(1, 90, 6), torch.randn(1, 90, 6), torch.randn(2, count, 6)
    packed = pack_deltas(delta_keys(keys, 0.3))
    whole = delta_attention(queries, packed, values, keys, 9, backend)
    monkeypatch.setattr("utils.kernels.delta_attention.QUERIES", 32)
    parts = delta_attention(queries, packed, values, keys, 9, backend)
    assert torch.allclose(parts, whole, rtol=0, atol=1e-5)


@pytest.mark.parametrize("backend", CPU_BACKENDS)
@pytest.mark.parametrize("size", [1e-30, 1e15])
def test_very_large_and_very_small_keys(backend, size):
    """Tiny scores give the mean of the values seen; huge ones give the value of the largest score."""
    keys = size * smooth(1, 20, 4)
    values, queries = torch.randn(1, 20, 3), torch.randn(1, 20, 4)
    output = delta_attention(queries, pack_deltas(delta_keys(keys, 0.0)), values, backend=backend)
    expected = exact(queries, keys, values, keys, 0)
    assert torch.allclose(output.double(), expected, rtol=0, atol=20 * 2**-22)


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"queries": torch.ones(4, 6)}, "3 dimension"),
        ({"queries": torch.ones(3, 6, 5)}, "3 query heads"),
        ({"queries": torch.ones(2, 9, 5)}, "each needs its own key"),
        ({"queries": torch.ones(2, 6, 4)}, "queries has shape"),
        ({"values": torch.ones(2, 7, 5)}, "values has shape"),
        ({"values": torch.ones(2, 8, 5).double()}, "float64"),
        ({"window": -1}, "window is -1"),
        ({"window": 3}, "needs the last 8 keys"),
        ({"window": 3, "recent": torch.ones(2, 7, 5)}, "needs the last 8 keys"),
        ({"backend": "triton"}, "no back end 'triton'"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(change, sentence):
    keys = smooth(2, 8, 5)
    arguments = {"queries": torch.ones(2, 6, 5), "deltas": pack_deltas(keys), "values": torch.ones(2, 8, 5)}
    with pytest.raises(FrugalError, match=sentence):
        delta_attention(**arguments | change)


def test_cost_follows_the_nonzeros():
    assert cost(100, 50, 8).operations == cost(100, 100, 8).operations / 2
