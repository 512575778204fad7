import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels import cpu
from utils.kernels.group_quantize import group_quantize
from utils.kernels.ternary_linear import MOST_COLUMNS, cost, ternary_linear
from utils.kernels.ternary_linear_cpu import ternary_linear_cpu
from utils.kernels.ternary_pack import PackedTernary, pack_ternary, unpack_ternary

BASES = ["2bit", "base3"]
# batch, rows, columns: single, prime, around a block (256 or 320 columns), above a tile of 4, empty.
SHAPES = [
    (1, 1, 1),
    (1, 7, 13),
    (2, 3, 256),
    (3, 5, 257),
    (1, 4, 320),
    (5, 6, 641),
    (17, 9, 523),
    (13, 128, 31),
    (16, 131, 641),
    (61, 130, 385),  # tables for 32 rows, then for 29
    (0, 3, 4),
    (2, 0, 5),
    (2, 3, 0),
]


def example(batch, rows, columns, base="2bit", seed=0):
    generator = torch.Generator().manual_seed(seed)
    codes = torch.randint(-1, 2, (rows, columns), generator=generator)
    x = torch.randint(-128, 128, (batch, columns), dtype=torch.int8, generator=generator)
    x_scale = 0.5 + torch.rand(batch, generator=generator)
    return x, x_scale, pack_ternary(codes, 2.5, base), torch.randn(rows, generator=generator)


def exact(x, x_scale, packed, bias):
    """In float64, from the unpacked codes; the second result bounds the float32 error.

    The integer product is exact. Its conversion, the product of the scales, that of both and the sum with
    the bias are off by half an ulp, 2^-24, each.
    """
    product = x.double() @ unpack_ternary(packed).double().T
    y = product * (packed.scale.double() * x_scale.double())[:, None]
    return y + bias.double(), 2**-24 * (3 * y.abs() + (y + bias).abs()) * (1 + 1e-6)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("shape", SHAPES)
def test_result_is_that_of_float64(run, shape, base):
    x, x_scale, packed, bias = example(*shape, base)
    expected, bound = exact(x, x_scale, packed, bias)
    y = run(ternary_linear, x, x_scale, packed, bias=bias)
    assert y.dtype == torch.float32
    assert y.shape == shape[:2]
    assert ((y.double() - expected).abs() <= bound).all()


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("instructions", cpu.instruction_sets())
@pytest.mark.parametrize("shape", [*SHAPES, (9, 67, 1283)])
def test_every_instruction_set_gives_the_same_bits(instructions, shape, base):
    """Those that this processor has; ``test_assembly`` looks at the instructions of all."""
    x, x_scale, packed, bias = example(*shape, base)
    expected = ternary_linear(x, x_scale, packed, bias, backend="reference")
    assert torch.equal(ternary_linear_cpu(x, x_scale, packed, bias, instructions), expected)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 3), st.integers(1, 6), st.integers(1, 700), st.sampled_from(BASES), st.integers(0, 9))
def test_back_ends_agree_on_random_shapes(batch, rows, columns, base, seed):
    x, x_scale, packed, _ = example(batch, rows, columns, base, seed)
    assert torch.equal(
        ternary_linear(x, x_scale, packed), ternary_linear(x, x_scale, packed, None, "reference")
    )


@pytest.mark.parametrize("value", [-128, 127])
@pytest.mark.parametrize("batch, rows", [(1, 4), (13, 128), (32, 128)])
def test_extreme_activations_and_long_sums_do_not_overflow(run, batch, rows, value):
    if run.name == "triton" and batch > 1:
        pytest.skip("the interpreter is slow; one row goes through the same sums")
    columns = 20_011
    packed = pack_ternary(torch.tensor([[1], [-1]]).repeat(rows // 2, 1).expand(rows, columns))
    x = torch.full((batch, columns), value, dtype=torch.int8)
    y = run(ternary_linear, x, torch.ones(batch), packed)
    assert (y[:, ::2] == value * columns).all()
    assert (y[:, 1::2] == -value * columns).all()


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("shape", SHAPES)
def test_float_activations_are_rounded_in_the_call(run, shape, base):
    """To the codes of ``group_quantize`` with 8 bits per row, bit for bit."""
    _, _, packed, bias = example(*shape, base)
    x = torch.randn(shape[0], shape[2], generator=torch.Generator().manual_seed(3))
    if x.numel():
        x[0] = 0
    rounded = group_quantize(x, 8, "row", backend="reference")
    scale = rounded.scale[:, 0] if shape[2] else torch.zeros(shape[0])
    expected = run(ternary_linear, rounded.codes, scale, packed, bias=bias)
    assert torch.equal(run(ternary_linear, x, None, packed, bias=bias), expected)


@pytest.mark.parametrize("bad", [torch.nan, torch.inf, -torch.inf])
def test_a_float_row_that_is_not_finite_gives_nan_and_harms_no_other(run, bad):
    _, _, packed, bias = example(3, 6, 257)
    x = torch.randn(3, 257, generator=torch.Generator().manual_seed(3))
    good = run(ternary_linear, x, None, packed, bias=bias)
    x[1, 200] = bad
    y = run(ternary_linear, x, None, packed, bias=bias)
    assert y[1].isnan().all()
    assert torch.equal(y[[0, 2]], good[[0, 2]])


def test_strided_and_misaligned_inputs(run):
    x, x_scale, packed, bias = example(3, 6, 523)
    wide = torch.zeros(3, 2 * 523 + 1, dtype=torch.int8)
    wide[:, 1::2] = x
    padded = torch.zeros(6, packed.data.shape[1] + 3, dtype=torch.uint8)
    padded[:, 3:] = packed.data
    shifted = PackedTernary(padded[:, 3:], packed.columns, packed.scale, packed.base, packed.tiled)
    two_scales = torch.stack([x_scale, x_scale], dim=1)[:, 0]
    two_biases = torch.stack([bias, bias], dim=1)[:, 0]
    y = run(ternary_linear, wide[:, 1::2], two_scales, shifted, bias=two_biases)
    assert torch.equal(y, run(ternary_linear, x, x_scale, packed, bias=bias))


def test_permuting_rows_of_the_weights_permutes_the_outputs(run):
    x, x_scale, packed, _ = example(2, 7, 300)
    order = torch.randperm(7, generator=torch.Generator().manual_seed(1))
    codes = unpack_ternary(packed)
    y = run(ternary_linear, x, x_scale, packed)
    assert torch.equal(run(ternary_linear, x, x_scale, pack_ternary(codes[order], 2.5)), y[:, order])


def test_the_layer_is_linear_in_the_activations(run):
    x, _, packed, _ = example(2, 7, 300)
    half = (x // 2)[:1], (x // 2)[1:]
    one = torch.ones(1)
    parts = [run(ternary_linear, part, one / packed.scale, packed) for part in half]
    whole = run(ternary_linear, half[0] + half[1], one / packed.scale, packed)
    assert torch.equal(whole, parts[0] + parts[1])  # integers far below 2^24: exact in float32


def test_meaningless_scales_do_what_multiplication_does(run):
    x, _, packed, _ = example(4, 5, 64)
    x[2] = 0
    x[3, 1:] = 0  # each sum is one activation or its negative or zero
    y = run(ternary_linear, x, torch.tensor([0.0, torch.nan, torch.inf, torch.inf]), packed)
    assert (y[0] == 0).all()
    assert y[1].isnan().all()
    assert y[2].isnan().all()
    zero = unpack_ternary(packed)[:, 0] == 0
    assert torch.equal(y[3].isnan(), zero)
    assert torch.equal(y[3].isinf(), ~zero)


def test_threads_do_not_change_a_bit():
    x, x_scale, packed, bias = example(2, 1031, 1024)
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        single = ternary_linear(x, x_scale, packed, bias)
        torch.set_num_threads(3)
        assert torch.equal(ternary_linear(x, x_scale, packed, bias), single)
    finally:
        torch.set_num_threads(threads)


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"x": torch.zeros(4, dtype=torch.int8)}, "2 dimension"),
        ({"x": torch.zeros(2, 12, dtype=torch.int8)}, "x has shape"),
        ({"x": torch.zeros(2, 13).double()}, "convert it"),
        ({"x": torch.zeros(2, 13)}, "x_scale belongs to int8"),
        ({"x_scale": None}, "x_scale belongs to int8"),
        ({"x_scale": torch.ones(3)}, "x_scale has shape"),
        ({"x_scale": torch.ones(2, dtype=torch.float64)}, "x_scale is float64"),
        ({"bias": torch.ones(6)}, "bias has shape"),
        ({"bias": torch.ones(7, dtype=torch.int32)}, "bias is int32"),
        ({"backend": "magic"}, "no back end 'magic'"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(change, sentence):
    x, x_scale, packed, bias = example(2, 7, 13)
    arguments = {"x": x, "x_scale": x_scale, "packed": packed, "bias": bias} | change
    with pytest.raises(FrugalError, match=sentence):
        ternary_linear(**arguments)


def test_a_sum_that_could_overflow_is_refused():
    columns = MOST_COLUMNS + 1
    x = torch.zeros(0, columns, dtype=torch.int8)
    packed = PackedTernary(
        torch.zeros(0, -(-columns // 4), dtype=torch.uint8), columns, torch.ones(()), "2bit"
    )
    with pytest.raises(FrugalError, match="overflow"):
        ternary_linear(x, torch.ones(0), packed)


def test_cost_counts_every_byte_once():
    assert cost(1, 4096, 4096).bytes_read == 4096 * 1024 + 4 + 4096 + 4
    assert cost(2, 3, 10, "base3").bytes_read == 3 * 2 + 4 + 2 * 14
    assert cost(2, 3, 10).bytes_written == 4 * 6
    assert cost(2, 3, 10).operations == 120
