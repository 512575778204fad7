import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.ternary_pack import bytes_per_row, pack_ternary, unpack_ternary


@pytest.mark.parametrize("base", ["2bit", "base3"])
@given(rows=st.integers(0, 9), columns=st.integers(0, 700), seed=st.integers(0, 99))
def test_unpacking_gives_back_what_was_packed(base, rows, columns, seed):
    codes = torch.randint(-1, 2, (rows, columns), generator=torch.Generator().manual_seed(seed))
    packed = pack_ternary(codes, 2.0, base)
    assert torch.equal(unpack_ternary(packed).long(), codes)
    assert packed.data.shape == (rows, bytes_per_row(columns, base))


@given(rows=st.integers(0, 9), columns=st.integers(0, 700), seed=st.integers(0, 99))
def test_tiles_hold_the_same_bytes_in_another_order(rows, columns, seed):
    codes = torch.randint(-1, 2, (rows, columns), generator=torch.Generator().manual_seed(seed))
    tiles, lines = (pack_ternary(codes, 2.0, "2bit", tiled) for tiled in (True, False))
    assert torch.equal(unpack_ternary(tiles), unpack_ternary(lines))
    assert tiles.bytes == lines.bytes
    assert torch.equal(tiles.with_tiles(False).data, lines.data)
    assert torch.equal(lines.with_tiles(True).data, tiles.data)


def test_tiles_are_what_a_processor_reads_in_a_row():
    """128 columns of four rows: 32 bytes of the first row, 32 of the second, ..."""
    codes = torch.arange(4)[:, None].expand(4, 128) % 3 - 1
    packed = pack_ternary(codes)
    assert packed.tiled
    digits = torch.tensor([0, 1, 2, 0])
    assert torch.equal(packed.data.flatten(), (digits * 0b01010101).repeat_interleave(32).to(torch.uint8))


def test_base_3_has_no_tiles():
    with pytest.raises(FrugalError, match="only two bits"):
        pack_ternary(torch.ones(4, 4, dtype=torch.int8), 1.0, "base3", tiled=True)


def test_every_byte_of_five_trits_survives():
    codes = torch.tensor(list(itertools.product((-1, 0, 1), repeat=5)))
    packed = pack_ternary(codes, 1.0, "base3")
    assert packed.data.shape == (243, 1)
    assert packed.data.unique().numel() == 243
    assert torch.equal(unpack_ternary(packed).long(), codes)


@pytest.mark.parametrize("base, per_byte", [("2bit", 4), ("base3", 5)])
@pytest.mark.parametrize("columns", [1, 4, 5, 63, 256, 257, 320, 321, 4096])
def test_a_row_takes_no_more_bytes_than_its_codes_need(base, per_byte, columns):
    assert bytes_per_row(columns, base) == -(-columns // per_byte)


def test_strided_codes_and_a_move_keep_the_matrix():
    codes = torch.randint(-1, 2, (300, 6)).T
    packed = pack_ternary(codes, 3.0).to("cpu")
    assert torch.equal(unpack_ternary(packed).long(), codes)
    assert packed.shape == (6, 300)
    assert packed.bytes == 6 * 75 + 4


@pytest.mark.parametrize(
    "codes, scale, base, sentence",
    [
        (torch.tensor([[2]]), 1.0, "2bit", "other values"),
        (torch.tensor([[-2]]), 1.0, "base3", "other values"),
        (torch.zeros(3, dtype=torch.int8), 1.0, "2bit", "2 dimension"),
        (torch.zeros(3, 3), 1.0, "2bit", "convert it"),
        (torch.zeros(3, 3, dtype=torch.int8), torch.ones(3), "2bit", "scale has shape"),
        (torch.zeros(3, 3, dtype=torch.int8), 1.0, "base4", "base is 'base4'"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(codes, scale, base, sentence):
    with pytest.raises(FrugalError, match=sentence):
        pack_ternary(codes, scale, base)
