"""Triton kernel of ``delta_keys``: a program scans the tokens of one head, some channels side by side."""

import torch
import triton
import triton.language as tl

# A channel is one chain of steps: a warp keeps its channels in registers, and loads run STAGES tokens ahead.
MOST_WIDTH = 32
FORM = {"STAGES": 8, "num_warps": 1}


def delta_keys_triton(keys: torch.Tensor, threshold: float) -> torch.Tensor:
    """See ``delta_keys``."""
    heads, tokens, width = keys.shape
    deltas = torch.empty_like(keys)
    if deltas.numel():
        block = min(MOST_WIDTH, triton.next_power_of_2(width))
        parts = triton.cdiv(width, block)
        _scan_kernel[(heads * parts,)](keys, deltas, tokens, width, parts, threshold, block, **FORM)
    return deltas


@triton.jit
def _scan_kernel(keys, deltas, tokens, width, parts, threshold, BLOCK: tl.constexpr, STAGES: tl.constexpr):
    channel = tl.program_id(0) % parts * BLOCK + tl.arange(0, BLOCK)
    inside = channel < width
    at = (tl.program_id(0) // parts).to(tl.int64) * tokens * width + channel
    sent = tl.load(keys + at, inside, 0.0)
    tl.store(deltas + at, sent, inside)
    for _ in tl.range(1, tokens, num_stages=STAGES):
        at += width
        change = tl.load(keys + at, inside, 0.0) - sent
        delta = tl.where(tl.abs(change) > threshold, change, 0.0)
        tl.store(deltas + at, delta, inside)
        sent += delta
