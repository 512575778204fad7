"""Delta keys: what changed since the value last sent, element by element (DeltaLLM, chapter 19)."""

import torch

from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.delta_pack import PackedDeltas, pack_deltas, unpack_deltas
from utils.kernels.operation import Operation, Promise

__all__ = ["PackedDeltas", "cost", "delta_keys", "pack_deltas", "unpack_deltas"]

OP = Operation(
    "delta_keys",
    chapter=19,
    says="what changed in each key since the value last sent",
    source="DeltaLLM, the delta matrix; the rule of delta networks",
    promises={
        "8 x 2048 tokens x 128": Promise(load=4),
    },
)


@OP
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

    References
    ----------
    DeltaLLM, section on the delta matrix; the reference rule is that of delta networks.
    """
    checks.dimensions("keys", keys, 3)
    checks.dtype("keys", keys, torch.float32)
    checks.number("threshold", threshold, 0)
    run = OP.pick(backend, keys.device)
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


def cost(heads: int, tokens: int, width: int) -> Cost:
    """A subtraction, a comparison and an addition an element; keys in, deltas out."""
    elements = heads * tokens * width
    return Cost(3 * elements, 4 * elements, 4 * elements)
