"""Triton kernels of ``noisy_step``: every program computes its own noise."""

import torch
import triton
import triton.language as tl

# Groups of four parameters for one program, and how it runs: 8 parameters a thread. Where a tensor begins
# with a group it is ALIGNED: a thread loads the parameters that it made noise for, no number changes threads.
FORM = {"GROUPS": 256, "num_warps": 4}
# Numbers that change from call to call: a kernel specialized to one of them would be compiled again.
COUNTERS = ("start", "seed", "step")


def noisy_sgd_triton(p, g, start, lr, deviation, seed, step):
    """See ``noisy_step.noisy_sgd``."""
    if p.numel():
        _sgd_kernel[_grid(p, start)](
            p, g, p.numel(), start, seed, step, lr, deviation, start % 4 == 0, **FORM
        )


def noisy_adam_triton(p, g, m, v, start, lr, deviation, seed, step, betas, eps):
    """See ``noisy_step.noisy_adam``."""
    if p.numel():
        first, second = (1 - beta ** (step + 1) for beta in betas)
        numbers = (lr / first, deviation, *betas, 1 - betas[0], 1 - betas[1], 1 / second, eps)
        _adam_kernel[_grid(p, start)](
            p, g, m, v, p.numel(), start, seed, step, *numbers, start % 4 == 0, **FORM
        )


def _grid(p: torch.Tensor, start: int) -> tuple[int]:
    groups = -(-(start + p.numel()) // 4) - start // 4
    return (triton.cdiv(groups, FORM["GROUPS"]),)


@triton.jit(do_not_specialize=COUNTERS)
def _sgd_kernel(p, g, count, start, seed, step, lr, deviation, ALIGNED: tl.constexpr, GROUPS: tl.constexpr):
    at, noise = _noise(start, seed, step, ALIGNED, GROUPS)
    inside = (at >= 0) & (at < count)
    noisy = tl.load(g + at, inside, 0.0) + deviation * noise
    tl.store(p + at, tl.load(p + at, inside, 0.0) - lr * noisy, inside)


@triton.jit(do_not_specialize=COUNTERS)
def _adam_kernel(
    p,
    g,
    m,
    v,
    count,
    start,
    seed,
    step,
    rate,
    deviation,
    beta_1,
    beta_2,
    keep_1,
    keep_2,
    correction,
    eps,
    ALIGNED: tl.constexpr,
    GROUPS: tl.constexpr,
):
    at, noise = _noise(start, seed, step, ALIGNED, GROUPS)
    inside = (at >= 0) & (at < count)
    noisy = tl.load(g + at, inside, 0.0) + deviation * noise
    mean = beta_1 * tl.load(m + at, inside, 0.0) + keep_1 * noisy
    square = beta_2 * tl.load(v + at, inside, 0.0) + keep_2 * (noisy * noisy)
    tl.store(m + at, mean, inside)
    tl.store(v + at, square, inside)
    update = rate * mean / (tl.sqrt(square * correction) + eps)
    tl.store(p + at, tl.load(p + at, inside, 0.0) - update, inside)


@triton.jit
def _noise(start, seed, step, ALIGNED: tl.constexpr, GROUPS: tl.constexpr):
    """Positions in this tensor, and the normals that belong there: four a group, side by side."""
    group = start.to(tl.int64) // 4 + tl.program_id(0).to(tl.int64) * GROUPS + tl.arange(0, GROUPS)
    low, high = (group & 0xFFFFFFFF).to(tl.uint32), (group >> 32).to(tl.uint32)
    fixed = tl.zeros([GROUPS], tl.uint32)
    w0, w1, w2, w3 = tl.philox(seed, low, high, fixed + step.to(tl.uint32), fixed)
    n0, n1 = _box_muller(w0, w1)
    n2, n3 = _box_muller(w2, w3)
    noise = tl.interleave(tl.interleave(n0, n2), tl.interleave(n1, n3))
    first = tl.program_id(0).to(tl.int64) * (4 * GROUPS)
    if not ALIGNED:
        first -= start.to(tl.int64) % 4
    return first + tl.arange(0, 4 * GROUPS), noise


@triton.jit
def _box_muller(word, angle):
    radius = tl.sqrt(-2.0 * tl.log(_uniform(word)))
    turn = 6.283185307179586 * _uniform(angle)
    return radius * tl.cos(turn), radius * tl.sin(turn)


@triton.jit
def _uniform(word):
    return ((word >> 9).to(tl.float32) + 0.5) * 1.1920928955078125e-07
