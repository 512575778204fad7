import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.power_of_two_pack import (
    GROUPS,
    bytes_per_row,
    dense_power_of_two,
    pack_power_of_two,
    unpack_power_of_two,
)


def every_code(bits):
    """Signs and exponents of all codes, in one row."""
    exponents = torch.arange(2 ** (bits - 1), dtype=torch.int8).repeat(2)
    signs = torch.ones_like(exponents)
    signs[: exponents.numel() // 2] = -1
    return signs[None], exponents[None]


@pytest.mark.parametrize("bits", GROUPS)
@settings(deadline=None)
@given(rows=st.integers(0, 5), columns=st.integers(0, 1100), seed=st.integers(0, 99))
def test_unpacking_gives_back_what_was_packed(bits, rows, columns, seed):
    generator = torch.Generator().manual_seed(seed)
    signs = (2 * torch.randint(0, 2, (rows, columns), generator=generator) - 1).to(torch.int8)
    exponents = torch.randint(0, 2 ** (bits - 1), (rows, columns), generator=generator).to(torch.int8)
    packed = pack_power_of_two(signs, exponents, 2.0, bits)
    assert all(map(torch.equal, unpack_power_of_two(packed), (signs, exponents)))
    assert packed.data.shape == (rows, bytes_per_row(columns, bits))


@pytest.mark.parametrize("bits", GROUPS)
def test_every_code_survives_at_every_place(bits):
    """Rolled by every amount, each code stands once at each place of a lane, full blocks and the rest."""
    signs, exponents = (part.repeat(1, 70) for part in every_code(bits))
    for shift in range(2**bits):
        rolled = signs.roll(shift, 1), exponents.roll(shift, 1)
        assert all(map(torch.equal, unpack_power_of_two(pack_power_of_two(*rolled, bits=bits)), rolled))


@pytest.mark.parametrize("bits", GROUPS)
def test_weights_are_powers_of_two_times_their_rows_scale(bits):
    signs, exponents = (part.expand(3, -1) for part in every_code(bits))
    scale = torch.tensor([1.0, 0.5, -3.0])
    expected = (signs.double() * 2.0 ** exponents.double()) * scale.double()[:, None]
    packed = pack_power_of_two(signs, exponents, scale, bits)
    assert torch.equal(dense_power_of_two(packed).double(), expected)
    single = dense_power_of_two(pack_power_of_two(signs, exponents, 0.25, bits))
    assert torch.equal(single[0].double(), expected[0] / 4)


@pytest.mark.parametrize("bits", GROUPS)
@pytest.mark.parametrize("columns", [1, 2, 7, 8, 63, 512, 513, 1024, 4096, 11008])
def test_a_row_takes_its_bits_rounded_up_to_whole_lanes(bits, columns):
    size, codes = GROUPS[bits]
    assert 8 * size == bits * codes
    assert bits * columns / 8 <= bytes_per_row(columns, bits) < bits * columns / 8 + size


def test_strided_parts_and_a_move_keep_the_matrix():
    signs = (2 * torch.randint(0, 2, (600, 6)) - 1).to(torch.int8).T
    exponents = torch.randint(0, 4, (600, 6)).to(torch.int8).T
    packed = pack_power_of_two(signs, exponents, torch.ones(6), 3).to("cpu")
    assert all(map(torch.equal, unpack_power_of_two(packed), (signs, exponents)))
    assert packed.shape == (6, 600)
    assert packed.bytes == 6 * 225 + 6 * 4


ONES, ZEROS = torch.ones(2, 3, dtype=torch.int8), torch.zeros(2, 3, dtype=torch.int8)


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"signs": ZEROS}, "no zero"),
        ({"signs": -128 * ONES}, "other values"),
        ({"exponents": 4 * ONES}, "outside 0 to 3"),
        ({"exponents": -ONES}, "outside 0 to 3"),
        ({"exponents": 2 * ONES, "bits": 2}, "outside 0 to 1"),
        ({"signs": ONES[0]}, "2 dimension"),
        ({"exponents": ZEROS[:, :2]}, "exponents has shape"),
        ({"signs": ONES.float()}, "signs is float32"),
        ({"exponents": ZEROS.long()}, "exponents is int64"),
        ({"bits": 5}, "bits is 5"),
        ({"scale": torch.ones(3)}, "scale has shape"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(change, sentence):
    arguments = {"signs": ONES, "exponents": ZEROS, "scale": 1.0, "bits": 3} | change
    with pytest.raises(FrugalError, match=sentence):
        pack_power_of_two(**arguments)
