"""Rounding after training: by hand, against a search over all scales, and what it takes."""

import pytest
import torch

from utils.models.rounding import levels, round_to_bits, stored_bytes


def test_values_lie_on_one_grid_of_so_many_levels():
    W = torch.randn(3, 40, 50, generator=torch.Generator().manual_seed(0))
    for bits in (2, 3, 4):
        for member in round_to_bits(W, bits):
            levels = member.unique()
            assert len(levels) == 2**bits - 1
            torch.testing.assert_close(levels, -levels.flip(0))
            torch.testing.assert_close(
                levels.diff(), levels.diff()[:1].expand(2**bits - 2), rtol=1e-4, atol=0
            )


def test_what_fits_the_grid_is_kept():
    W = torch.tensor([[3.0, -1.0], [0.0, 2.0]])
    torch.testing.assert_close(round_to_bits(W, 3), W)


def test_the_scale_is_nearly_the_best():
    W = torch.randn(60, 60, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    ours = (round_to_bits(W, 4) - W).square().mean()
    scales = torch.linspace(0.05, 1, 2000, dtype=torch.float64) * W.abs().max() / 7
    best = min(((W / s).round().clamp(-7, 7) * s - W).square().mean() for s in scales)
    largest = ((W / (W.abs().max() / 7)).round() * W.abs().max() / 7 - W).square().mean()
    assert best <= ours < 1.02 * best < largest


def test_zeros_stay_zeros():
    assert not round_to_bits(torch.zeros(2, 3)).any()


@pytest.mark.parametrize(("bits", "expected"), [(1.6, 3 + 4), (4, 6 + 4), (3, 5 + 4), (16, 24)])
def test_bytes_by_hand(bits, expected):
    assert stored_bytes(12, bits) == expected


def test_levels_end_where_they_are_clipped():
    W = torch.randn(3, 40, 50, generator=torch.Generator().manual_seed(2))
    clip = torch.tensor([1.0, 2.0, 8.0])[:, None, None]
    values = levels(W, clip)
    far = (values / W.std(dim=(1, 2), keepdim=True)).abs().amax(dim=(1, 2))
    torch.testing.assert_close(far[:2], clip[:2, 0, 0])  # 2000 draws reach beyond two deviations, not eight
    assert far[2] < 5
    assert len(values[1].unique()) == 15
    assert not levels(torch.zeros(2, 3), 2.0).any()
