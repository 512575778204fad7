import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.bit_pack import BITS, pack_bits, unpack_bits


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("bits", BITS)
def test_every_code_survives_at_every_place(bits, signed):
    first = -(2 ** (bits - 1)) if signed else 0
    codes = torch.arange(first, first + 2**bits).to(torch.int8 if signed else torch.uint8)
    rolled = torch.stack([codes.roll(shift) for shift in range(2**bits)])
    packed = pack_bits(rolled, bits)
    assert packed.shape == (2**bits, -(-bits * 2**bits // 8))
    assert torch.equal(unpack_bits(packed, 2**bits, bits, signed), rolled)


@given(st.integers(0, 5), st.integers(0, 70), st.sampled_from(BITS), st.booleans(), st.integers(0, 99))
def test_unpacking_gives_back_what_was_packed(rows, columns, bits, signed, seed):
    first = -(2 ** (bits - 1)) if signed else 0
    generator = torch.Generator().manual_seed(seed)
    codes = torch.randint(first, first + 2**bits, (rows, columns), generator=generator)
    codes = codes.to(torch.int8 if signed else torch.uint8)
    packed = pack_bits(codes, bits)
    assert packed.numel() == rows * -(-columns * bits // 8)
    assert torch.equal(unpack_bits(packed, columns, bits, signed), codes)


def test_bits_lie_where_the_docstring_says():
    """Five codes of three bits: 1 | 2 << 3 | 3 << 6 | 4 << 9 | 5 << 12 = 0x58D1, lower byte first."""
    packed = pack_bits(torch.tensor([[1, 2, 3, 4, 5]], dtype=torch.uint8), 3)
    assert packed.tolist() == [[0xD1, 0x58]]


def test_strided_codes():
    codes = torch.randint(0, 8, (30, 7), dtype=torch.uint8).T
    assert torch.equal(unpack_bits(pack_bits(codes, 3), 30, 3), codes)


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: pack_bits(torch.tensor([[4]], dtype=torch.uint8), 2), "outside 0 to 3"),
        (lambda: pack_bits(torch.tensor([[2]], dtype=torch.int8), 2), "outside -2 to 1"),
        (lambda: pack_bits(torch.zeros(3, dtype=torch.uint8), 2), "2 dimension"),
        (lambda: pack_bits(torch.zeros(3, 3), 2), "codes is float32"),
        (lambda: pack_bits(torch.zeros(3, 3, dtype=torch.uint8), 9), "bits is 9"),
        (lambda: unpack_bits(torch.zeros(1, 2, dtype=torch.uint8), 9, 1 + 1), "packed has shape"),
        (lambda: unpack_bits(torch.zeros(1, 2), 4, 4), "packed is float32"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(call, sentence):
    with pytest.raises(FrugalError, match=sentence):
        call()
