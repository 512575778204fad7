"""The nonzero deltas of keys, packed (DeltaLLM, chapter 19)."""

from dataclasses import dataclass

import torch

from utils.kernels import checks
from utils.kernels.stored import Stored

MOST_CHANNELS = 256  # a channel's number is stored in one byte


@dataclass(frozen=True)
class PackedDeltas(Stored):
    """The nonzero deltas of (H, L, d) keys, token after token.

    Attributes
    ----------
    values : float32 tensor (nonzeros,); channels : uint8 tensor (nonzeros,)
    starts : int64 tensor (H, L + 1), where each token's nonzeros begin; the last entry is their end
    width : d
    """

    values: torch.Tensor
    channels: torch.Tensor
    starts: torch.Tensor
    width: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """Heads, tokens and channels."""
        return self.starts.shape[0], self.starts.shape[1] - 1, self.width

    def __post_init__(self):
        checks.dimensions("starts", self.starts, 2)
        checks.shape("channels", self.channels, *self.values.shape)


def pack_deltas(deltas: torch.Tensor) -> PackedDeltas:
    """Keep the nonzero deltas (H, L, d): five bytes each, so it pays below about 80 % nonzeros."""
    checks.dimensions("deltas", deltas, 3)
    checks.dtype("deltas", deltas, torch.float32)
    checks.at_most("the width of a key", deltas.shape[2], MOST_CHANNELS, "its number is stored in a byte")
    heads, tokens, width = deltas.shape
    kept = deltas != 0
    ends = kept.sum(dim=2).flatten().cumsum(0)
    ends = torch.cat([ends.new_zeros(1), ends])
    at = torch.arange(heads, device=deltas.device, dtype=torch.int64)[:, None] * tokens
    starts = ends[at + torch.arange(tokens + 1, device=deltas.device, dtype=torch.int64)]
    return PackedDeltas(deltas[kept], kept.nonzero()[:, 2].to(torch.uint8), starts, width)


def unpack_deltas(packed: PackedDeltas) -> torch.Tensor:
    """The dense deltas (H, L, d)."""
    checks.kind("packed", packed, PackedDeltas, "make it by pack_deltas")
    counts = packed.starts.diff(dim=1).flatten()
    rows = torch.repeat_interleave(
        torch.arange(counts.numel(), device=counts.device, dtype=torch.int64), counts
    )
    deltas = packed.values.new_zeros(counts.numel(), packed.width)
    deltas[rows, packed.channels.long()] = packed.values
    return deltas.reshape(packed.shape)
