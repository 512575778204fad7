import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels import cpu, sparse_linear_cpu
from utils.kernels.sparse_formats import nm_mask, to_blocks, to_csr, to_nm
from utils.kernels.sparse_linear import cost, sparse_linear

# How a random weight is pruned further, where the format asks for it, and stored.
FORMATS = {
    "csr": lambda w: to_csr(w),
    "1:2": lambda w: _nm(w, 1, 2),
    "2:4": lambda w: _nm(w, 2, 4),
    "3:8": lambda w: _nm(w, 3, 8),
    "blocks of 3": lambda w: to_blocks(w * _some_blocks(w, 3), 3),
    "blocks of 16": lambda w: to_blocks(w * _some_blocks(w, 16), 16),
}
# batch, rows, columns; rows and columns are rounded up to what the format can store.
SHAPES = [(1, 1, 1), (1, 7, 13), (2, 17, 64), (5, 35, 101), (0, 3, 4), (2, 0, 5), (2, 3, 0)]
BATCHES = [1, 2, 4, 5, 16, 17, 33, 64, 67]  # around every change of method or width


def _nm(weight, n, m):
    return to_nm(weight, n, m, nm_mask(weight, n, m))


def _some_blocks(weight, block):
    kept = (
        torch.rand(weight.shape[0] // block, weight.shape[1] // block, generator=torch.manual_seed(3)) < 0.6
    )
    return kept.repeat_interleave(block, 0).repeat_interleave(block, 1)


def random_weight(rows, columns, density, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    dense = torch.randn(rows, columns, generator=generator, dtype=dtype)
    return dense * (torch.rand(rows, columns, generator=generator) < density)


def example(form, batch, rows, columns, density=0.4, seed=0, dtype=torch.float32):
    side = int(form.split()[-1]) if "blocks" in form else 1
    part = int(form.split(":")[-1]) if ":" in form else side
    weight = random_weight(-(-rows // side) * side, -(-columns // part) * part, density, seed, dtype)
    generator = torch.Generator().manual_seed(seed + 1)
    stored = FORMATS[form](weight)
    x = torch.randn(batch, stored.shape[1], generator=generator, dtype=dtype)
    return x, stored, torch.randn(stored.shape[0], generator=generator, dtype=dtype)


def smaller(run, form, rows, columns):
    """Of the smallest blocks the interpreter, which is slow and has a program for each, gets fewer."""
    few = run.name == "triton" and form == "blocks of 3"
    return (min(rows, 11), min(columns, 31)) if few else (rows, columns)


def agrees(y, x, stored, bias):
    """With float64, up to the error bound of a sum of K products (Higham) and of adding the bias."""
    dense = stored.to_dense().double()
    size = x.double().abs() @ dense.abs().T + bias.double().abs()
    bound = (stored.shape[1] + 2) * torch.finfo(x.dtype).eps / 2 * 1.01 * size
    return ((y.double() - (x.double() @ dense.T + bias.double())).abs() <= bound).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("shape", SHAPES)
def test_result_is_that_of_float64(run, shape, form, dtype):
    x, stored, bias = example(form, shape[0], *smaller(run, form, *shape[1:]), dtype=dtype)
    y = run(sparse_linear, x, stored, bias=bias)
    assert y.dtype == dtype
    assert y.shape == (x.shape[0], stored.shape[0])
    if dtype == torch.float32:
        assert agrees(y, x, stored, bias)
    else:
        assert torch.allclose(y, x @ stored.to_dense().T + bias, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("batch", BATCHES)
def test_every_size_of_batch(run, form, batch):
    if run.name == "triton" and batch > 5 and (form, batch) not in (("csr", 67), ("2:4", 17)):
        pytest.skip("the interpreter is slow; these two batches are beyond every limit of the kernels")
    x, stored, bias = example(form, batch, *smaller(run, form, 19, 50))
    assert agrees(run(sparse_linear, x, stored, bias=bias), x, stored, bias)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(list(FORMATS)),
    st.integers(1, 20),
    st.integers(1, 40),
    st.integers(1, 300),
    st.floats(0, 1),
    st.integers(0, 99),
)
def test_the_cpu_kernel_agrees_on_random_shapes(form, batch, rows, columns, density, seed):
    x, stored, bias = example(form, batch, rows, columns, density, seed)
    assert agrees(sparse_linear(x, stored, bias, "numba"), x, stored, bias)


@pytest.mark.parametrize("permute", [True, False])
@pytest.mark.parametrize("n, m", [(1, 2), (2, 3), (2, 4), (3, 8), (11, 16)])
def test_both_ways_to_pick_from_a_group(n, m, permute):
    if permute and not cpu.has_features("avx512f"):
        pytest.skip("this processor has no AVX-512")
    stored = _nm(random_weight(33, 5 * m, 1.0), n, m)
    x = torch.randn(2, 5 * m, generator=torch.Generator().manual_seed(1))
    assert agrees(sparse_linear_cpu._nm(x, stored, permute), x, stored, torch.zeros(33))


def test_rows_of_very_different_lengths(run):
    weight = torch.zeros(5, 300)
    weight[0] = 1
    weight[2, 7] = 2
    weight[4, ::3] = -1
    x = torch.randn(3, 300, generator=torch.Generator().manual_seed(2))
    assert agrees(run(sparse_linear, x, to_csr(weight)), x, to_csr(weight), torch.zeros(5))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("scale", [1e-38, 1e-20, 1e18])
def test_very_large_and_very_small_values(run, form, scale):
    x, stored, _ = example(form, 3, 16, 48)
    grown = stored.with_values(stored.values * scale)
    y, expected = run(sparse_linear, x, grown), x.double() @ grown.to_dense().double().T
    # Below the smallest normal number a product is off by half of the smallest step, 2^-149, at most.
    size = x.double().abs() @ grown.to_dense().double().abs().T
    assert ((y - expected).abs() <= 50 * 2**-24 * size + 48 * 2**-149).all()


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
@pytest.mark.parametrize("batch", [1, 6])
def test_nan_reaches_only_rows_that_store_its_column(run, bad, batch):
    weight = torch.tensor([[1.0, 0, 0, 2.0], [0, 3.0, 0, 0], [0, 0, 0, 0]])
    x = torch.ones(batch, 4)
    x[0, 3] = bad
    y = run(sparse_linear, x, to_csr(weight))
    assert torch.equal(y.isfinite().all(dim=0), torch.tensor([False, True, True]))
    assert y[1:].isfinite().all()


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("batch", [1, 3, 16, 17, 40])
def test_a_broken_entry_reaches_only_outputs_that_store_its_column(run, bad, form, batch):
    """Whatever the batch: dense products would multiply it by zeros that are not stored."""
    if run.name == "triton" and batch not in (3, 17):
        pytest.skip("the interpreter is slow; these two batches are on both sides of its limits")
    x, stored, _ = example(form, batch, *smaller(run, form, 33, 64))
    x[batch // 2, 5] = bad
    y = run(sparse_linear, x, stored)
    assert torch.equal(~y[batch // 2].isfinite(), stored.mask()[:, 5])
    assert y[torch.arange(batch) != batch // 2].isfinite().all()


@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
def test_padding_never_meets_the_numbers_beyond_a_row(run, bad):
    """Steps and rows that fill up a tile are zeros; zero times infinity would be NaN."""
    stored = _nm(random_weight(3, 6, 1.0), 1, 3)
    x = torch.ones(2, 6)
    x[1] = bad
    y = run(sparse_linear, x, stored)
    assert y[0].isfinite().all()


@pytest.mark.parametrize("form", FORMATS)
def test_strided_and_misaligned_inputs(run, form):
    x, stored, bias = example(form, 3, 16, 48)
    wide = torch.zeros(3, 2 * x.shape[1] + 1)
    wide[:, 1::2] = x
    shifted = torch.zeros(stored.values.numel() + 1)
    shifted[1:] = stored.values.flatten()
    moved = stored.with_values(shifted[1:].view(stored.values.shape))
    y = run(sparse_linear, wide[:, 1::2], moved, bias=torch.stack([bias, bias], dim=1)[:, 0])
    assert torch.equal(y, run(sparse_linear, x, stored, bias=bias))


@pytest.mark.parametrize("batch", [2, 7])
def test_permuting_rows_of_the_weight_permutes_the_outputs(run, batch):
    weight, x = random_weight(11, 37, 0.3), torch.randn(batch, 37)
    order = torch.randperm(11, generator=torch.Generator().manual_seed(1))
    y = run(sparse_linear, x, to_csr(weight))
    assert torch.equal(run(sparse_linear, x, to_csr(weight[order])), y[:, order])


@pytest.mark.parametrize("form", FORMATS)
def test_the_layer_is_linear_in_x(run, form):
    x, stored, _ = example(form, 2, 16, 48)
    x, stored = (8 * x).round(), stored.with_values((8 * stored.values).round())  # sums far below 2^24: exact
    parts = [run(sparse_linear, row[None], stored) for row in x]
    assert torch.equal(run(sparse_linear, x.sum(dim=0, keepdim=True), stored), sum(parts))


@pytest.mark.parametrize("form", ["csr", "2:4", "blocks of 3"])
@pytest.mark.parametrize("batch", [1, 6])
def test_gradients_are_those_of_finite_differences(run, form, batch):
    x, stored, bias = example(form, batch, 6, 9, dtype=torch.float64)
    stored = stored.to(run.device)
    inputs = [part.to(run.device).requires_grad_() for part in (x, stored.values, bias)]
    # Sums by atomic operations on a GPU differ in their last bits; its interpreter is slow.
    layer = lambda x, values, bias: sparse_linear(x, stored.with_values(values), bias, run.name)  # noqa: E731
    assert torch.autograd.gradcheck(layer, inputs, nondet_tol=1e-12, fast_mode=run.name == "triton")


@pytest.mark.parametrize("batch", [1, 5, 40, 70])
def test_gradients_are_those_of_the_reference(batch):
    x, stored, _ = example("csr", batch, 50, 90)
    gradient = torch.randn(batch, 50, generator=torch.Generator().manual_seed(5))
    found = {}
    for backend in ("reference", "numba"):
        leaves = [part.clone().requires_grad_() for part in (x, stored.values)]
        y = sparse_linear(leaves[0], stored.with_values(leaves[1]), backend=backend)
        found[backend] = torch.autograd.grad(y, leaves, gradient)
    # Sums of at most 90 or ``batch`` products of numbers below 5.
    for ours, theirs in zip(found["numba"], found["reference"], strict=True):
        assert torch.allclose(ours, theirs, rtol=0, atol=2 * 90 * 90 * 2**-24)


def test_threads_do_not_change_a_bit():
    threads = torch.get_num_threads()
    for form in ("csr", "2:4", "blocks of 16"):
        x, stored, _ = example(form, 2, 512, 1024)
        try:
            torch.set_num_threads(1)
            single = sparse_linear(x, stored)
            torch.set_num_threads(3)
            assert torch.equal(sparse_linear(x, stored), single)
        finally:
            torch.set_num_threads(threads)


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"x": torch.zeros(13)}, "2 dimension"),
        ({"x": torch.zeros(2, 12)}, "x has shape"),
        ({"x": torch.zeros(2, 13, dtype=torch.int8)}, "convert it"),
        ({"x": torch.zeros(2, 13, dtype=torch.float64)}, "the weight is float32"),
        ({"weight": torch.zeros(7, 13)}, "not in a sparse format"),
        ({"bias": torch.ones(6)}, "bias has shape"),
        ({"bias": torch.ones(7).double()}, "bias is float64"),
        ({"bias": torch.ones(7, device="meta")}, "cpu and meta"),
        ({"backend": "magic"}, "no back end 'magic'"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(change, sentence):
    x, stored, bias = example("csr", 2, 7, 13)
    with pytest.raises(FrugalError, match=sentence):
        sparse_linear(**{"x": x, "weight": stored, "bias": bias} | change)


def test_cost_counts_every_byte_once():
    stored = to_csr(torch.eye(10))
    assert cost(3, stored).operations == 2 * 3 * 10
    assert cost(3, stored).bytes_read == stored.bytes + 4 * 3 * 10
    assert cost(3, stored).bytes_written == 4 * 3 * 10
