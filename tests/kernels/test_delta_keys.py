import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.delta_keys import cost, delta_keys, pack_deltas, unpack_deltas


def smooth(heads, tokens, width, seed=0):
    """Keys that drift, so that some deltas vanish and others do not."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(heads, tokens, width, generator=generator).cumsum(dim=1) * 0.3


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 7, 13), (3, 65, 5), (2, 0, 4), (0, 3, 4)])
@pytest.mark.parametrize("threshold", [0.0, 0.3, 1e9])
def test_back_ends_build_the_same_deltas(run, shape, threshold):
    keys = smooth(*shape)
    expected = delta_keys(keys, threshold, "reference")
    assert torch.equal(run(delta_keys, keys, threshold), expected)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 40), st.integers(1, 9), st.floats(0, 2), st.integers(0, 99))
def test_the_error_never_accumulates(tokens, width, threshold, seed):
    keys = smooth(2, tokens, width, seed)
    held = delta_keys(keys, threshold).double().cumsum(dim=1)
    # Each delta and each reference is rounded once: half an ulp of the largest value, a token.
    slack = 2 * tokens * 2**-24 * keys.abs().max()
    assert ((held - keys).abs() <= threshold + slack).all()


def test_a_nan_is_sent_once_and_stops_its_element_only(run):
    keys = smooth(1, 6, 3)
    expected = run(delta_keys, keys, 0.2)
    keys[0, 0, 1] = torch.nan
    deltas = run(delta_keys, keys, 0.2)
    assert deltas[0, 0, 1].isnan()
    assert (deltas[0, 1:, 1] == 0).all()
    assert torch.equal(deltas[:, :, [0, 2]], expected[:, :, [0, 2]])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 3), st.integers(0, 9), st.integers(0, 9), st.integers(0, 99))
def test_unpacking_gives_back_what_was_packed(heads, tokens, width, seed):
    deltas = torch.randn(heads, tokens, width, generator=torch.Generator().manual_seed(seed)).relu()
    packed = pack_deltas(deltas)
    assert packed.shape == (heads, tokens, width)
    assert torch.equal(unpack_deltas(packed), deltas)


@pytest.mark.parametrize(
    "keys, threshold, sentence",
    [
        (torch.ones(2, 3), 0.1, "3 dimension"),
        (torch.ones(2, 3, 4).half(), 0.1, "float16"),
        (torch.ones(2, 3, 4), -0.1, "threshold is"),
        (torch.ones(2, 3, 4), math.nan, "threshold is"),
    ],
)
def test_bad_keys_are_refused_with_a_sentence(keys, threshold, sentence):
    with pytest.raises(FrugalError, match=sentence):
        delta_keys(keys, threshold)


def test_too_many_channels_are_refused():
    with pytest.raises(FrugalError, match="stored in a byte"):
        pack_deltas(torch.ones(1, 2, 257))


def test_cost():
    assert cost(2, 3, 4).bytes == 2 * 4 * 24
    assert cost(2, 3, 4).operations == 72
