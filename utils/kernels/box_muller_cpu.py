"""Logarithm, sine and cosine of random words as polynomials: a call of the library's would stop the vectors.

Coefficients: Moshier's Cephes library (logf, sinf, cosf), errors of about one unit in the last place.
"""

import numpy as np
from numba import float32

from utils.kernels.jit import njit

SQRT_HALF = np.int32(0x3F3504F3)  # the bits of sqrt(1/2)
MANTISSA = np.int32(23)
LOG_2 = np.float32(np.log(2))
TURN = np.float32(2 * np.pi)
LOG = (
    7.0376836292e-2,
    -1.1514610310e-1,
    1.1676998740e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
)
SINE = (-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
COSINE = (2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)


@njit(cache=True, nogil=True)
def radius(words, output):
    """Write sqrt(-2 ln u) of each word's u in (0, 1)."""
    uniform = np.empty(words.size, np.float32)
    bits, power = uniform.view(np.int32), np.empty(words.size, np.float32)
    for i in range(words.size):
        uniform[i] = _uniform(words[i])
    for i in range(words.size):  # u = 2^power * m with sqrt(1/2) <= m < sqrt(2)
        exponent = np.int32(bits[i] - SQRT_HALF) >> MANTISSA
        power[i] = np.float32(exponent)
        bits[i] = np.int32(bits[i] - np.int32(exponent << MANTISSA))
    for i in range(words.size):
        logarithm = _log_near_one(uniform[i] - float32(1)) + power[i] * LOG_2
        output[i] = np.sqrt(float32(-2) * logarithm)


@njit(cache=True, nogil=True)
def cos_sin(words, cosine, sine):
    """Cosine and sine of the angle 2 pi u of each word."""
    for i in range(words.size):
        turn = _uniform(words[i])
        quarter = np.int32(turn * float32(4) + float32(0.5))
        x = TURN * (turn - float32(quarter) * float32(0.25))
        square = x * x
        s = x + x * square * _polynomial(square, SINE)
        c = float32(1) - float32(0.5) * square + square * square * _polynomial(square, COSINE)
        odd = quarter & np.int32(1)
        cosine[i] = (s if odd else c) * float32(1 - np.int32((quarter + np.int32(1)) & np.int32(2)))
        sine[i] = (c if odd else s) * float32(1 - np.int32(quarter & np.int32(2)))


@njit(cache=True, nogil=True)
def _uniform(word):
    return (float32(word >> np.uint32(9)) + float32(0.5)) * float32(2**-23)


@njit(cache=True, nogil=True)
def _log_near_one(x):
    square = x * x
    return x + (x * square * _polynomial(x, LOG) - float32(0.5) * square)


@njit(cache=True, nogil=True)
def _polynomial(x, coefficients):
    total = float32(0)
    for coefficient in coefficients:
        total = total * x + float32(coefficient)
    return total
