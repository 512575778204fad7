"""Chapter 11: where the thresholds of a quantizer fall in the histogram of the weights."""

import math

import numpy as np
import traitlets

from utils.errors import FrugalError
from utils.widgets.base import Widget, unpack
from utils.widgets.controls import Choice, Slider
from utils.widgets.samples import even_sample

SAMPLES = 4096
OUTLIER = 100.0  # in standard deviations
SMALLEST_SCALE = 1e-5  # the released layer's epsilon
BITS = (1, 1.58, 2, 3, 4, 5, 6, 7, 8)
LAWS = {"gaussian": "Gaussian", "laplace": "heavy-tailed (Laplace)", "trained": "trained"}
MEASURES = {"mean": "mean |W|", "median": "median |W|", "max": "largest |W|"}


def sample(law: str, outliers: float) -> np.ndarray:
    """``SAMPLES`` weights of unit variance, spread evenly over their law: (n,) float64, without chance.

    The share ``outliers`` of them is replaced by plus and minus ``OUTLIER``.
    """
    values = even_sample(law, SAMPLES)
    count = int(np.round(outliers * SAMPLES))
    places = np.arange(count) * (SAMPLES // max(count, 1))
    values[places] = np.where(np.arange(count) % 2, -OUTLIER, OUTLIER)
    return values


def code_range(bits: float) -> tuple[int, int]:
    """Smallest and largest code; one bit means the two signs, 1.58 bits the three ternary codes."""
    if bits < 2:
        return -1, 1
    return -(2 ** int(bits - 1)), 2 ** int(bits - 1) - 1


def measure_of(values: np.ndarray, measure: str) -> float:
    """Mean, lower median or maximum of the absolute values."""
    size = np.sort(np.abs(values))
    chosen = {"mean": size.mean(), "median": size[(size.size - 1) // 2], "max": size[-1]}[measure]
    return max(float(chosen), SMALLEST_SCALE)


def packed_bytes(count: int, bits: float) -> int:
    """Bytes of the codes and of one float32 scale; five ternary codes share a byte (3^5 = 243)."""
    return math.ceil(count / 5 if bits == 1.58 else count * bits / 8) + 4


def compute(weights: str, measure: str, bits: float, outliers: float, trained: bytes) -> dict:
    """Codes of the weights and what they cost, as in the released BitLinear (bitlinear, ``range_from_bits``).

    The weights become ``codes / factor`` with ``factor = max |code| / scale``.

    Raises
    ------
    FrugalError
        when there is nothing to quantize: no weights, all zero, or not finite.
    """
    values = unpack(trained) if weights == "trained" else sample(weights, outliers)
    power = float(np.sum(values**2))
    if not (math.isfinite(power) and power > 0):
        raise FrugalError("there are no finite weights other than zero; pass trained ones or choose a law.")
    scale = measure_of(values, measure)
    low, high = code_range(bits)
    factor = max(-low, high) / scale
    rounded = np.where(values < 0, -1, 1) if bits == 1 else np.round(values * factor)
    codes = np.clip(rounded, low, high)
    shares = np.unique(codes, return_counts=True)[1] / codes.size
    return {
        "scale": scale,
        "zeros": float(np.mean(codes == 0)),
        "clipped": float(np.mean(codes != rounded)),
        "error": float(np.sum((values - codes / factor) ** 2)) / power,
        "entropy": float(-np.sum(shares * np.log2(shares))),
        "bytes": packed_bytes(values.size, bits),
        "factor": factor,
        "codes": codes,
        "values": values,
    }


class TernaryThreshold(Widget):
    """Histogram of weights, colored by the code each one gets; ``trained=pack(W)`` adds your own."""

    summary = (
        "A histogram of weights with the thresholds that decide which become minus one, zero and one: choose "
        "the distribution, the share of outliers, the number of bits and how the scale is measured, and read "
        "the share of zeros, the error and the bytes."
    )
    weights = Choice("gaussian", "Weights", LAWS)
    measure = Choice("mean", "Scale", MEASURES)
    bits = Slider(1.58, "Bits", values=BITS)
    outliers = Slider(
        0, f"Outliers at ±{OUTLIER:.0f} standard deviations", 0, 0.01, step=0.0005, format="percent2"
    )
    trained = traitlets.Bytes(b"").tag(sync=True)
    compute = staticmethod(compute)
