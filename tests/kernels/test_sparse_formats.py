import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.sparse_formats import nm_mask, to_blocks, to_csr, to_nm


def random_weight(rows, columns, density, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    dense = torch.randn(rows, columns, generator=generator, dtype=dtype)
    return dense * (torch.rand(rows, columns, generator=generator) < density)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 9), st.integers(0, 40), st.floats(0, 1), st.integers(0, 99))
def test_csr_gives_back_what_was_stored(rows, columns, density, seed):
    weight = random_weight(rows, columns, density, seed)
    stored = to_csr(weight)
    assert stored.shape == (rows, columns)
    assert torch.equal(stored.to_dense(), weight)
    assert torch.equal(stored.mask(), weight != 0)
    assert stored.bytes == 6 * int((weight != 0).sum()) + 8 * (rows + 1)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 35), st.integers(0, 9), st.integers(2, 16), st.data(), st.floats(0, 1), st.integers(0, 99)
)
def test_n_of_m_gives_back_what_was_stored(rows, groups, m, data, density, seed):
    n = data.draw(st.integers(1, m))
    weight = random_weight(rows, groups * m, density, seed)
    weight = weight * nm_mask(weight, n, m)
    stored = to_nm(weight, n, m)
    assert stored.shape == weight.shape
    assert torch.equal(stored.to_dense(), weight)
    assert stored.mask()[weight != 0].all()
    assert (stored.mask().reshape(rows, groups, m).sum(dim=2) == n).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5), st.integers(0, 5), st.integers(1, 9), st.floats(0, 1), st.integers(0, 99))
def test_blocks_give_back_what_was_stored(high, wide, block, density, seed):
    weight = random_weight(high * block, wide * block, density**3, seed)
    stored = to_blocks(weight, block)
    assert stored.shape == weight.shape
    assert torch.equal(stored.to_dense(), weight)
    kept = (weight != 0).reshape(high, block, wide, block).any(dim=3).any(dim=1)
    assert torch.equal(stored.mask(), kept.repeat_interleave(block, 0).repeat_interleave(block, 1))


def test_two_of_four_takes_two_bits_a_position():
    weight = random_weight(16, 64, 1.0)
    stored = to_nm(weight, 2, 4, nm_mask(weight, 2, 4))
    assert stored.bytes == 16 * 32 * 4 + 16 * 32 * 2 // 8


def test_the_largest_of_each_group_are_kept_and_of_equals_the_first():
    weight = torch.tensor([[1.0, -3.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0]])
    expected = [[False, True, True, False], [True, True, False, False]]
    assert nm_mask(weight, 2, 4).tolist() == expected


@pytest.mark.parametrize("m, bits", [(2, 1), (3, 2), (4, 2), (5, 4), (16, 4)])
def test_a_position_takes_as_few_bits_as_fill_a_word(m, bits):
    assert to_nm(torch.zeros(1, m), 1, m).bits == bits


@pytest.mark.parametrize(
    "store", [to_csr, lambda w, mask: to_nm(w, 2, 4, mask), lambda w, m: to_blocks(w, 2, m)]
)
def test_a_mask_keeps_zeros_that_are_to_grow_and_drops_what_it_leaves_out(store):
    weight = torch.tensor([[1.0, 2.0, 0.0, 4.0], [5.0, 6.0, 7.0, 0.0]])
    mask = torch.tensor([[True, False, True, False], [False, False, False, False]])
    stored = store(weight, mask)
    assert torch.equal(stored.to_dense(), torch.where(mask, weight, 0))
    assert stored.mask()[mask].all()


def test_columns_beyond_two_bytes_are_stored_in_four():
    weight = torch.zeros(2, 2**16 + 1)
    weight[1, -1] = 3
    assert to_csr(weight).columns.dtype == torch.int32
    assert torch.equal(to_csr(weight).to_dense(), weight)
    assert to_csr(weight[:, 1:]).columns.dtype == torch.uint16
    assert torch.equal(to_csr(weight[:, 1:]).to_dense(), weight[:, 1:])


@pytest.mark.parametrize("value", [torch.nan, torch.inf, 1e-45, -3e38])
def test_any_value_survives(value):
    weight = torch.zeros(4, 4)
    weight[1, 2] = value
    for stored in (to_csr(weight), to_nm(weight, 1, 4), to_blocks(weight, 2)):
        assert torch.equal(stored.to_dense().nan_to_num(5.0), weight.nan_to_num(5.0))


def test_strided_weights_and_a_move():
    weight = random_weight(8, 12, 0.2).T
    for stored in (to_csr(weight), to_blocks(weight, 4)):
        assert torch.equal(stored.to("cpu").to_dense(), weight)


def test_a_trained_weight_is_stored_without_its_history():
    weight = torch.nn.Parameter(torch.ones(4, 4))
    for stored in (to_csr(weight), to_nm(weight, 4, 4), to_blocks(weight, 2)):
        assert not stored.values.requires_grad


@pytest.mark.parametrize(
    "store, sentence",
    [
        (lambda: to_csr(torch.ones(3)), "2 dimension"),
        (lambda: to_csr(torch.ones(3, 3).half()), "float16"),
        (lambda: to_csr(torch.ones(3, 3), torch.ones(3, 3)), "mask is float32"),
        (lambda: to_csr(torch.ones(3, 3), torch.ones(3, 2, dtype=torch.bool)), "mask has shape"),
        (
            lambda: to_nm(torch.ones(3, 8), 2, 4),
            "a group of 4 columns has 4 nonzeros; prune the weight to 2:4",
        ),
        (lambda: to_nm(torch.ones(3, 9), 2, 4), "K is 9, not a multiple of 4"),
        (lambda: to_nm(torch.ones(3, 34), 2, 17), "m is 17"),
        (lambda: to_nm(torch.ones(3, 8), 5, 4), "n is 5"),
        (lambda: to_nm(torch.ones(3, 8), 0, 4), "n is 0"),
        (lambda: to_nm(torch.ones(3, 8), 1, 1), "m is 1"),
        (lambda: nm_mask(torch.ones(3, 9), 2, 4), "K is 9, not a multiple of 4"),
        (lambda: to_blocks(torch.ones(3, 8), 2), "N is 3, not a multiple of 2"),
        (lambda: to_blocks(torch.ones(4, 9), 2), "K is 9, not a multiple of 2"),
        (lambda: to_blocks(torch.ones(4, 8), 0), "block is 0"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(store, sentence):
    with pytest.raises(FrugalError, match=sentence):
        store()
