"""Philox's words on a GPU: a counter gives four, so whoever can takes all four (see ``random_words``)."""

import triton
import triton.language as tl


@triton.jit
def words_of(element, seed, step, STREAM: tl.constexpr):
    """The word of each element: one of the four that its counter gives."""
    w0, w1, w2, w3 = _words(element >> 2, seed, step, STREAM)
    place = element & 3
    return tl.where(place == 0, w0, tl.where(place == 1, w1, tl.where(place == 2, w2, w3)))


@triton.jit
def words_of_fours(counter, seed, step, STREAM: tl.constexpr):
    """The words of the elements ``4 * counter`` to ``4 * counter + 3``, side by side along the last axis."""
    w0, w1, w2, w3 = _words(counter, seed, step, STREAM)
    return tl.interleave(tl.interleave(w0, w2), tl.interleave(w1, w3))


@triton.jit
def _words(counter, seed, step, STREAM: tl.constexpr):
    low, high = (counter & 0xFFFFFFFF).to(tl.uint32), (counter >> 32).to(tl.uint32)
    fixed = tl.zeros_like(low)
    return tl.philox(seed, low, high, fixed + step.to(tl.uint32), fixed + STREAM)
