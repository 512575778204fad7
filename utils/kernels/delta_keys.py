"""Delta keys: what changed since the value last sent, element by element (DeltaLLM, chapter 19)."""

from dataclasses import dataclass

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.backends import choose
from utils.kernels.costs import Cost

MOST_CHANNELS = 256  # a channel's number is stored in one byte


@dataclass(frozen=True)
class PackedDeltas:
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
        return self.starts.shape[0], self.starts.shape[1] - 1, self.width

    @property
    def bytes(self) -> int:
        tensors = (self.values, self.channels, self.starts)
        return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def delta_keys(keys: torch.Tensor, threshold: float, backend: str = "auto") -> torch.Tensor:
    """Deltas against a reference that follows a key element only when it moves by more than ``threshold``.

    ``delta_t = k_t - r`` where ``|k_t - r| > threshold``, else 0; then ``r = r + delta_t``. The first token
    is sent whole. The running sum of the deltas is never farther than the threshold from the keys (up to
    float32 rounding): errors do not accumulate.

    Parameters
    ----------
    keys : float32 tensor (H, L, d), after rotary embedding; threshold : not negative
    backend : "auto", "reference", "triton" or "numba"

    Returns
    -------
    float32 tensor (H, L, d). NaN in an element is sent once and then stays in its reference, and its later
    deltas are 0: comparisons with NaN are false.

    Raises
    ------
    FrugalError
        for another shape or dtype, or a negative or NaN threshold.

    Source
    ------
    DeltaLLM, section on the delta matrix; the reference rule is that of delta networks.
    """
    checks.dimensions("keys", keys, 3)
    checks.dtype("keys", keys, torch.float32)
    if not threshold >= 0:
        raise FrugalError(f"threshold is {threshold}; give a number that is not negative.")
    chosen = choose(backend, keys)
    if chosen == "triton":
        from utils.kernels.delta_keys_triton import delta_keys_triton as run
    elif chosen == "numba":
        from utils.kernels.delta_attention_cpu import delta_keys_cpu as run
    else:
        run = delta_keys_reference
    return run(keys.detach().contiguous(), threshold)


def delta_keys_reference(keys: torch.Tensor, threshold: float) -> torch.Tensor:
    """The definition: a scan over the tokens."""
    deltas = torch.zeros_like(keys)
    if keys.shape[1] == 0:
        return deltas
    deltas[:, 0] = sent = keys[:, 0]
    for token in range(1, keys.shape[1]):
        change = keys[:, token] - sent
        deltas[:, token] = torch.where(change.abs() > threshold, change, 0.0)
        sent = sent + deltas[:, token]
    return deltas


def pack_deltas(deltas: torch.Tensor) -> PackedDeltas:
    """Keep the nonzero deltas (H, L, d): five bytes each, so it pays below about 80 % nonzeros."""
    checks.dimensions("deltas", deltas, 3)
    checks.dtype("deltas", deltas, torch.float32)
    checks.at_most("the width of a key", deltas.shape[2], MOST_CHANNELS, "its number is stored in a byte")
    heads, tokens, width = deltas.shape
    kept = deltas != 0
    ends = kept.sum(dim=2).flatten().cumsum(0)
    ends = torch.cat([ends.new_zeros(1), ends])
    at = torch.arange(heads, device=deltas.device)[:, None] * tokens
    starts = ends[at + torch.arange(tokens + 1, device=deltas.device)]
    return PackedDeltas(deltas[kept], kept.nonzero()[:, 2].to(torch.uint8), starts, width)


def unpack_deltas(packed: PackedDeltas) -> torch.Tensor:
    """The dense deltas (H, L, d)."""
    counts = packed.starts.diff(dim=1).flatten()
    rows = torch.repeat_interleave(torch.arange(counts.numel(), device=counts.device), counts)
    deltas = packed.values.new_zeros(counts.numel(), packed.width)
    deltas[rows, packed.channels.long()] = packed.values
    return deltas.reshape(packed.shape)


def cost(heads: int, tokens: int, width: int) -> Cost:
    """A subtraction, a comparison and an addition an element; keys in, deltas out."""
    elements = heads * tokens * width
    return Cost(3 * elements, 4 * elements, 4 * elements)
