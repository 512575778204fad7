"""Chapter 14: four shapes of sparsity, what they keep, what they store, and when they are faster."""

import math

import numpy as np

from utils.errors import FrugalError
from utils.widgets.base import Widget
from utils.widgets.controls import Choice, Slider
from utils.widgets.samples import normals

SIDE = 32  # of the matrix drawn
SEED = 14
VALUE = 2  # bytes of a 16-bit weight
DENSITIES = 0.005 * 200 ** (np.arange(41) / 40)  # 0.5 % to all
SIZES = (256, 512, 1024, 2048, 4096, 8192)  # of the layer
PATTERNS = {"weights": "single weights", "n:m": "n of m", "blocks": "blocks", "rows": "rows (channels)"}


def mask_of(weights: np.ndarray, pattern: str, density: float, group: int) -> np.ndarray:
    """Which of the weights (SIDE, SIDE) stay: the largest, or groups of largest energy; 0 and 1.

    "weights" keeps single weights; "n:m" keeps n of every ``group`` in a row; "blocks" keeps squares of
    side ``group``; "rows" keeps whole output channels.
    """
    energy = weights**2
    if pattern == "n:m":
        return _largest(energy.reshape(-1, group), max(1, _half_up(density * group))).reshape(SIDE, SIDE)
    if pattern == "blocks":
        parts = SIDE // group
        totals = energy.reshape(parts, group, parts, group).sum(axis=(1, 3)).reshape(1, -1)
        kept = _largest(totals, max(1, _half_up(density * totals.size))).reshape(parts, parts)
        return np.kron(kept, np.ones((group, group), dtype=int))
    if pattern == "rows":
        kept = _largest(energy.sum(axis=1)[None], max(1, _half_up(density * SIDE)))[0]
        return np.repeat(kept[:, None], SIDE, axis=1)
    return _largest(energy.reshape(1, -1), max(1, _half_up(density * SIDE**2))).reshape(SIDE, SIDE)


def stored_bytes(pattern: str, density: float, group: int, size: int) -> float:
    """Bytes of a ``size`` x ``size`` layer: 16-bit values and the index that says where they belong.

    "weights": 16-bit columns and 32-bit row starts (CSR); "n:m": the place in its group, log2(m) bits;
    "blocks": a 32-bit column a block and row starts; "rows": a 16-bit number a row.
    """
    count = density * size**2
    index = {
        "weights": 2 * count + 4 * (size + 1),
        "n:m": count * math.log2(group) / 8,
        "blocks": 4 * count / group**2 + 4 * (size / group + 1),
        "rows": 2 * density * size,
    }
    return VALUE * count + index[pattern]


def speedup(stored: float, density: float, size: int, batch: float, ridge: float, rate: float) -> float:
    """Roofline time of the dense layer over that of the sparse one, for ``batch`` columns.

    Time is the larger of bytes moved (weights, input, output) and operations over ``ridge`` (operations a
    byte where the dense machine turns); the sparse kernel computes at ``rate`` of the dense one's peak.
    """
    moved = 2 * VALUE * size * batch
    dense = max(VALUE * size**2 + moved, 2 * size**2 * batch / ridge)
    return dense / max(stored + moved, 2 * density * size**2 * batch / (ridge * rate))


def compute(
    pattern: str, density: float, group: int, size: int, batch: float, ridge: float, rate: float
) -> dict:
    """The mask drawn and the costs of a ``size`` x ``size`` layer at the density that the pattern reaches.

    Returns ``mask``, ``kept`` (share of weights), ``energy`` (share of squares), ``bytes``, ``dense`` bytes,
    ``speedup``, ``curve`` over ``DENSITIES`` and ``break_even``, the largest density there that is no
    slower than dense (None if none is).
    """
    if not all(math.isfinite(value) and value > 0 for value in (density, batch, ridge, rate)):
        raise FrugalError("density, batch, ridge and rate must be positive numbers.")
    weights = normals(SEED, SIDE**2).reshape(SIDE, SIDE)
    mask = mask_of(weights, pattern, density, group)
    kept = float(mask.mean())

    def ratio(share: float) -> float:
        return speedup(stored_bytes(pattern, share, group, size), share, size, batch, ridge, rate)

    curve = [ratio(share) for share in DENSITIES]
    faster = [float(share) for share, value in zip(DENSITIES, curve, strict=True) if value >= 1]
    return {
        "mask": mask.ravel(),
        "kept": kept,
        "energy": float((mask * weights**2).sum() / (weights**2).sum()),
        "bytes": stored_bytes(pattern, kept, group, size),
        "dense": VALUE * size**2,
        "speedup": ratio(kept),
        "curve": curve,
        "break_even": max(faster) if faster else None,
    }


def _largest(scores: np.ndarray, count: int) -> np.ndarray:
    """1 at the ``count`` largest entries of every row, else 0."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    mask = np.zeros(scores.shape, dtype=int)
    np.put_along_axis(mask, order, 1, axis=1)
    return mask


def _half_up(value: float) -> int:
    return math.floor(value + 0.5)


class SparsityExplorer(Widget):
    """A matrix with what is left of it, and the roofline speed-up of such a layer against its density."""

    summary = (
        "A weight matrix with the entries that remain, and the modeled speed-up against density. Choose the "
        "shape of the sparsity, the density, the layer, the batch and how fast the sparse kernel computes."
    )
    pattern = Choice("weights", "What is kept", PATTERNS)
    density = Slider(0.1, "Density", 0.005, 1, log=True, format="percent")
    group = Slider(4, "m, or side of a block", values=[2, 4, 8, 16])
    size = Slider(4096, "Layer: rows and columns", values=SIZES, format="integer")
    batch = Slider(1, "Columns at once (batch)", 1, 4096, log=True, step=1, format="integer")
    ridge = Slider(200, "Machine: operations per byte", 5, 500, log=True)
    rate = Slider(0.1, "Sparse kernel's rate of dense peak", 0.01, 2, log=True, format="percent")
    compute = staticmethod(compute)
