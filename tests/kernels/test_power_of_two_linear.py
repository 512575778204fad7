import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels import cpu
from utils.kernels.power_of_two_linear import MOST_COLUMNS, cost, power_of_two_linear
from utils.kernels.power_of_two_linear_cpu import power_of_two_linear_cpu
from utils.kernels.power_of_two_pack import (
    GROUPS,
    PackedPowerOfTwo,
    bytes_per_row,
    dense_power_of_two,
    pack_power_of_two,
    unpack_power_of_two,
)

# batch, rows, columns: single, prime, around a block (128, 256 or 512 columns), above a tile of 4, empty.
SHAPES = [
    (1, 1, 1),
    (1, 7, 13),
    (2, 3, 256),
    (3, 5, 513),
    (1, 4, 512),
    (5, 6, 641),
    (17, 9, 523),
    (0, 3, 4),
    (2, 0, 5),
    (2, 3, 0),
]
NUMBERS = [torch.float32, torch.int8]


def weights(rows, columns, bits, seed=0):
    generator = torch.Generator().manual_seed(seed)
    signs = (2 * torch.randint(0, 2, (rows, columns), generator=generator) - 1).to(torch.int8)
    exponents = torch.randint(0, 2 ** (bits - 1), (rows, columns), generator=generator).to(torch.int8)
    return pack_power_of_two(signs, exponents, 0.5 + torch.rand(rows, generator=generator), bits)


def example(batch, rows, columns, bits=3, number=torch.float32, seed=0):
    """x, packed weights, x_scale (None for floats) and bias."""
    packed = weights(rows, columns, bits, seed)
    generator = torch.Generator().manual_seed(seed + 1)
    bias = torch.randn(rows, generator=generator)
    if number == torch.float32:
        return torch.randn(batch, columns, generator=generator), packed, None, bias
    x = torch.randint(-128, 128, (batch, columns), dtype=torch.int8, generator=generator)
    return x, packed, 0.5 + torch.rand(batch, generator=generator), bias


def exact(x, packed, x_scale, bias, parts=False):
    """In float64, and a bound of the float32 error.

    A float32 sum of K exact products is off by at most K - 1 half ulps, 2^-24 each, of the sum of their
    magnitudes, in any order. An int8 sum is exact; its conversion, both scales and the sum with the bias are
    off by half an ulp each. In ``parts`` on matrix units, which truncate, 3 K products are added, and a whole
    ulp is lost for each and for every eight, which they take together: 3 K (1 + 2 / 8) < 4 K.
    """
    signs, exponents = unpack_power_of_two(packed)
    weight = torch.ldexp(signs.double(), exponents.int()) * packed.scale.double()[:, None]
    y, size = x.double() @ weight.T, x.double().abs() @ weight.abs().T
    lost = 2**-24 * x.shape[1] * size
    if parts:
        lost = 2**-23 * 4 * x.shape[1] * size + 2**-125 * weight.abs().sum(1)
    if x_scale is not None:
        y, lost = y * x_scale.double()[:, None], 0
    return y + bias.double(), (lost + 2**-24 * (3 * y.abs() + (y + bias).abs())) * (1 + 1e-4)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("bits", GROUPS)
@pytest.mark.parametrize("shape", SHAPES)
def test_result_is_that_of_float64(run, shape, bits, number):
    x, packed, x_scale, bias = example(*shape, bits, number)
    expected, bound = exact(x, packed, x_scale, bias, parts=run.name == "triton" and shape[0] > 1)
    y = run(power_of_two_linear, x, packed, x_scale=x_scale, bias=bias)
    assert y.dtype == torch.float32
    assert y.shape == shape[:2]
    assert ((y.double() - expected).abs() <= bound).all()


@pytest.mark.parametrize("bits", GROUPS)
@pytest.mark.parametrize("instructions", ["vnni512", "vnni256", "avx2", "portable"])
@pytest.mark.parametrize("shape", [*SHAPES, (9, 67, 1283)])
def test_every_instruction_set_is_right(instructions, shape, bits):
    if instructions not in cpu.instruction_sets():
        pytest.skip(f"this processor has no {instructions}")
    integers = example(*shape, bits, torch.int8)
    expected = power_of_two_linear(*integers, backend="reference")
    assert torch.equal(power_of_two_linear_cpu(*integers, instructions), expected)
    floats = example(*shape, bits, torch.float32)
    expected, bound = exact(*floats)
    y = power_of_two_linear_cpu(*floats, instructions)
    assert ((y.double() - expected).abs() <= bound).all()


@settings(max_examples=20, deadline=None)
@given(
    st.integers(0, 3),
    st.integers(1, 70),
    st.integers(1, 700),
    st.sampled_from(list(GROUPS)),
    st.integers(0, 9),
)
def test_back_ends_agree_on_random_shapes(batch, rows, columns, bits, seed):
    arguments = example(batch, rows, columns, bits, torch.int8, seed)
    result = power_of_two_linear(*arguments)
    assert torch.equal(result, power_of_two_linear(*arguments, backend="reference"))


@pytest.mark.parametrize("bits", GROUPS)
def test_whole_number_floats_give_the_same_bits_as_int8(run, bits):
    """Small integers make every float32 sum exact, so the order of the sum cannot matter."""
    x, packed, _, bias = example(3, 7, 523, bits, torch.int8)
    floats = run(power_of_two_linear, x.float(), packed, bias=bias)
    assert torch.equal(floats, run(power_of_two_linear, x, packed, x_scale=torch.ones(3), bias=bias))


@pytest.mark.parametrize("bits", GROUPS)
def test_extreme_activations_and_long_sums_do_not_overflow(run, bits):
    columns, largest = 5_003, 2 ** (bits - 1) - 1
    signs = torch.tensor([[1], [-1]], dtype=torch.int8).expand(2, columns)
    packed = pack_power_of_two(signs, torch.full_like(signs, largest), 1.0, bits)
    for batch in (1, 17):  # one and the other kernel of the GPU
        x = torch.full((batch, columns), -128, dtype=torch.int8)
        y = run(power_of_two_linear, x, packed, x_scale=torch.ones(batch))
        whole = torch.tensor(128.0 * columns * 2**largest)  # 5,003 has 13 bits: exact in float32
        assert torch.equal(y, torch.stack([-whole, whole]).expand(batch, 2))


@pytest.mark.parametrize("size", [1e-42, 1e-30, 1e30, 2.0**126])
def test_very_small_and_very_large_floats(run, size):
    """Products are exact even of subnormal numbers; 2^126 * 8 is beyond float32 and gives infinity."""
    x = torch.full((1, 1), size)
    packed = pack_power_of_two(torch.ones(1, 1, dtype=torch.int8), torch.full((1, 1), 3, dtype=torch.int8))
    assert torch.equal(run(power_of_two_linear, x, packed), 8 * x)


@pytest.mark.parametrize("size", [1e-42, 1e-38, 1e-34, 1.0, 1e30])
@pytest.mark.parametrize("bits", GROUPS)
def test_a_sum_of_three_parts_keeps_its_bound(run, bits, size):
    """Also where parts are subnormal numbers of bfloat16; one column shows a single product."""
    for columns in (1, 700):
        x, packed, _, _ = example(3, 5, columns, bits)
        expected, bound = exact(size * x, packed, None, torch.zeros(5), parts=run.name == "triton")
        y = run(power_of_two_linear, size * x, packed)
        assert ((y.double() - expected).abs() <= bound + 2**-149).all()


def test_nan_and_infinity_spread_over_their_row_only(run):
    x, packed, _, bias = example(4, 5, 300)
    clean = run(power_of_two_linear, x, packed, bias=bias)
    x[0, 7], x[1, 299], x[2, 0] = torch.nan, torch.inf, -torch.inf
    y = run(power_of_two_linear, x, packed, bias=bias)
    signs, _ = unpack_power_of_two(packed)
    assert y[0].isnan().all()
    assert torch.equal(y[1], signs[:, 299] * torch.tensor(torch.inf))
    assert torch.equal(y[2], signs[:, 0] * torch.tensor(-torch.inf))
    assert torch.equal(y[3], clean[3])


def test_strided_and_misaligned_inputs(run):
    for number in NUMBERS:
        x, packed, x_scale, bias = example(3, 6, 523, 3, number)
        wide = torch.zeros(3, 2 * 523 + 1, dtype=number)
        wide[:, 1::2] = x
        padded = torch.zeros(6, packed.data.shape[1] + 3, dtype=torch.uint8)
        padded[:, 3:] = packed.data
        every_other = torch.stack([packed.scale, packed.scale], dim=1)[:, 0]
        shifted = PackedPowerOfTwo(padded[:, 3:], packed.columns, every_other, packed.bits)
        bias_2 = torch.stack([bias, bias], dim=1)[:, 0]
        y = run(power_of_two_linear, wide[:, 1::2], shifted, x_scale=x_scale, bias=bias_2)
        assert torch.equal(y, run(power_of_two_linear, x, packed, x_scale=x_scale, bias=bias))


def test_permuting_rows_of_the_weights_permutes_the_outputs(run):
    x, packed, x_scale, _ = example(2, 7, 300, number=torch.int8)  # exact sums: no order of theirs matters
    order = torch.randperm(7, generator=torch.Generator().manual_seed(1))
    parts = (part[order] for part in (*unpack_power_of_two(packed), packed.scale))
    permuted = run(power_of_two_linear, x, pack_power_of_two(*parts, bits=3), x_scale=x_scale)
    assert torch.equal(permuted, run(power_of_two_linear, x, packed, x_scale=x_scale)[:, order])


def test_the_layer_is_linear_in_the_activations(run):
    x, packed, _, _ = example(2, 7, 300, number=torch.int8)
    unscaled = PackedPowerOfTwo(packed.data, packed.columns, torch.ones(()), packed.bits)
    half = (x // 2)[:1], (x // 2)[1:]
    parts = [run(power_of_two_linear, part, unscaled, x_scale=torch.ones(1)) for part in half]
    whole = run(power_of_two_linear, half[0] + half[1], unscaled, x_scale=torch.ones(1))
    assert torch.equal(whole, parts[0] + parts[1])  # integers far below 2^24: exact in float32


def test_meaningless_scales_do_what_multiplication_does(run):
    x, packed, _, _ = example(3, 5, 64, number=torch.int8)
    x[0] = 0
    y = run(power_of_two_linear, x, packed, x_scale=torch.tensor([torch.inf, torch.nan, 0.0]))
    assert y[0].isnan().all()
    assert y[1].isnan().all()
    assert (y[2] == 0).all()


@pytest.mark.parametrize("number", NUMBERS)
def test_threads_do_not_change_a_bit(number):
    arguments = example(2, 1031, 1024, 3, number)
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        single = power_of_two_linear(*arguments)
        torch.set_num_threads(3)
        assert torch.equal(power_of_two_linear(*arguments), single)
    finally:
        torch.set_num_threads(threads)


INT8 = torch.zeros(2, 13, dtype=torch.int8)


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"x": torch.zeros(4)}, "2 dimension"),
        ({"x": torch.zeros(2, 12)}, "x has shape"),
        ({"x": torch.zeros(2, 13).double()}, "convert it"),
        ({"x": INT8}, "belongs to int8"),
        ({"x_scale": torch.ones(2)}, "belongs to int8"),
        ({"x": INT8, "x_scale": torch.ones(3)}, "x_scale has shape"),
        ({"x": INT8, "x_scale": torch.ones(2, dtype=torch.float64)}, "x_scale is float64"),
        ({"bias": torch.ones(6)}, "bias has shape"),
        ({"bias": torch.ones(7, dtype=torch.int32)}, "bias is int32"),
        ({"bias": torch.ones(7, device="meta")}, "one device"),
        ({"backend": "magic"}, "no back end 'magic'"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(change, sentence):
    x, packed, _, bias = example(2, 7, 13)
    arguments = {"x": x, "packed": packed, "bias": bias} | change
    with pytest.raises(FrugalError, match=sentence):
        power_of_two_linear(**arguments)


@pytest.mark.parametrize("bits", GROUPS)
def test_a_sum_that_could_overflow_is_refused(bits):
    columns = MOST_COLUMNS[bits] + 1
    data = torch.zeros(0, bytes_per_row(columns, bits), dtype=torch.uint8)
    packed = PackedPowerOfTwo(data, columns, torch.ones(()), bits)
    x = torch.zeros(0, columns, dtype=torch.int8)
    assert 128 * 2 ** (2 ** (bits - 1) - 1) * (columns - 1) < 2**31
    with pytest.raises(FrugalError, match="overflow"):
        power_of_two_linear(x, packed, torch.ones(0))


def test_cost_counts_every_byte_once():
    assert cost(1, 4096, 4096, 3).bytes_read == 4096 * 1536 + 4 + 4 * 4096
    assert cost(2, 3, 10, 4, 1).bytes_read == 3 * 5 + 4 + 2 * 14
    assert cost(2, 3, 10, 2).bytes_written == 4 * 6
    assert cost(2, 3, 10, 2).operations == 120


def test_dense_weights_give_the_same_layer():
    x, packed, _, bias = example(2, 5, 100)
    dense = torch.nn.functional.linear(x.double(), dense_power_of_two(packed).double(), bias.double())
    expected, bound = exact(x, packed, None, bias)
    assert ((dense - expected).abs() <= bound).all()
