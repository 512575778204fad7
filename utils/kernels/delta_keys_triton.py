"""Triton kernel of ``delta_keys``: a program scans the tokens of one head, all channels side by side."""

import torch
import triton
import triton.language as tl

# A head is one chain of steps, so a warp or two keep its channels in registers; loads run stages ahead.
FORM = {"num_warps": 2, "num_stages": 4}


def delta_keys_triton(keys: torch.Tensor, threshold: float) -> torch.Tensor:
    """See ``delta_keys``."""
    heads, tokens, width = keys.shape
    deltas = torch.empty_like(keys)
    if deltas.numel():
        _scan_kernel[(heads,)](keys, deltas, tokens, width, threshold, triton.next_power_of_2(width), **FORM)
    return deltas


@triton.jit
def _scan_kernel(keys, deltas, tokens, width, threshold, WIDTH: tl.constexpr):
    channel = tl.arange(0, WIDTH)
    inside = channel < width
    at = tl.program_id(0).to(tl.int64) * tokens * width + channel
    sent = tl.load(keys + at, inside, 0.0)
    tl.store(deltas + at, sent, inside)
    for _ in range(1, tokens):
        at += width
        change = tl.load(keys + at, inside, 0.0) - sent
        delta = tl.where(tl.abs(change) > threshold, change, 0.0)
        tl.store(deltas + at, delta, inside)
        sent += delta
