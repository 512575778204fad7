"""Integers of k bits with a scale for the tensor, each row or each group: what is stored, and its limits."""

from dataclasses import dataclass

import torch

from utils.kernels.stored import Stored


@dataclass(frozen=True)
class GroupQuantized(Stored):
    """Codes of a matrix (N, K): ``value = (code - zero) * scale`` with zero and scale of the code's group.

    Attributes
    ----------
    codes : int8 (symmetric) or uint8 (asymmetric) tensor (N, K)
    scale : float32 tensor (N, groups a row); (1, 1) for the whole tensor
    zero : uint8 tensor of the same shape, the code of 0.0; None when symmetric
    bits : 1 to 8
    group : columns that share a scale
    """

    codes: torch.Tensor
    scale: torch.Tensor
    zero: torch.Tensor | None
    bits: int
    group: int

    @property
    def bytes(self) -> int:
        """Bytes with the codes packed (``bit_pack``) and one zero point of ``bits`` bits a group."""
        zeros = 0 if self.zero is None else self.zero.numel()
        return -(-self.bits * (self.codes.numel() + zeros) // 8) + 4 * self.scale.numel()


def limits(bits: int, symmetric: bool) -> tuple[int, int, torch.dtype]:
    """The first and the last code, and their dtype."""
    last = 2 ** (bits - 1) - 1 if symmetric else 2**bits - 1
    return (-last, last, torch.int8) if symmetric else (0, last, torch.uint8)


def scales(
    largest: torch.Tensor, smallest: torch.Tensor, bits: int, symmetric: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """Scale and zero point from the extremes, each divided by L first: their difference could overflow."""
    last = limits(bits, symmetric)[1]
    if symmetric:
        scale = torch.maximum(largest, -smallest) / last
        zero = torch.zeros_like(scale)
    else:
        low = smallest.clamp(max=0)
        scale = largest.clamp(min=0) / last - low / last
        zero = torch.where(scale > 0, -low / scale, 0).round().clamp(0, last)
    finite = largest.isfinite() & smallest.isfinite()
    return torch.where(finite, scale, torch.nan), torch.where(finite, zero, 0)


def spread(values: torch.Tensor, group: int, columns: int) -> torch.Tensor:
    """A value for each group (N, groups) to one for each column (N, K)."""
    if values.shape[1] == 1:
        return values
    return values.repeat_interleave(group, dim=1)[:, :columns]
