"""Rounding to a smaller float format, to nearest or stochastically (low-precision training, chapter 13)."""

import torch

from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.float_formats import FORMATS, FloatFormat
from utils.kernels.operation import Operation, Promise
from utils.kernels.random_words import check_seed, random_words
from utils.kernels.straight_through import straight_through

OP = Operation(
    "float_round",
    chapter=13,
    says="rounding to bfloat16, float16, fp8, fp6 and fp4, to nearest or stochastically",
    source="Hao et al., Low-Precision Training of Large Language Models (arXiv:2505.01043)",
    gradient="flows",
    promises={
        "bfloat16, nearest": Promise(load=16),
        "e4m3, stochastic": Promise(load=16),
    },
)


@OP
def float_round(
    x: torch.Tensor, form: str, seed: int | None = None, step: int = 0, backend: str = "auto"
) -> torch.Tensor:
    """Round to the nearest number of a format, or to one of its two neighbors at random.

    With ``u`` the distance of neighbors around x, ``u * round(x / u)``, halves to even; or with a seed
    ``u * floor(|x| / u + r)`` with the sign of x and r uniform in [0, 1), whose mean is x.

    Parameters
    ----------
    x : float32 tensor of any shape
    form : "bfloat16", "float16", "e4m3", "e5m2", "e3m2", "e2m3" or "e2m1"
    seed, step : None rounds to nearest; else the random bits of element i depend on (seed, step, i) alone,
        seed 0 to 2^64 - 1, step 0 to 2^32 - 1
    backend : "auto", "reference", "triton" or "numba"

    Returns
    -------
    float32 tensor of x's shape; converting it to the format's dtype is exact. Values beyond the largest
    number and infinities become the largest number (and are then biased); NaN stays; zeros keep their sign.
    Gradients pass straight through, but not where x was clipped.

    Raises
    ------
    FrugalError
        for another dtype or format, a seed or step out of range.

    References
    ----------
    Hao et al., Low-Precision Training of Large Language Models (arXiv:2505.01043), its floating-point class;
    formats after arXiv:2209.05433 and arXiv:2310.10537.
    """
    checks.dtype("x", x, torch.float32)
    checks.option("form", form, *FORMATS)
    check_seed(seed, step)
    run = OP.pick(backend, x.device)
    rounded = run(x.detach().contiguous(), FORMATS[form], seed, step)
    return straight_through(x, rounded, largest=FORMATS[form].largest)


def float_round_reference(x: torch.Tensor, form: FloatFormat, seed: int | None, step: int) -> torch.Tensor:
    """The definition; in float64 every step is exact."""
    size = x.double().abs().clamp(max=form.largest)
    exponent = (torch.frexp(size).exponent - 1).clamp(min=form.least_exponent)
    places = exponent - form.mantissa_bits
    steps = torch.ldexp(size, -places)
    if seed is None:
        whole = steps.round()
    else:
        words = random_words(x.numel(), seed, step, x.device).reshape(x.shape)
        whole = (steps + words.double() * 2.0**-32).floor()
    return torch.ldexp(whole, places).copysign(x).float()


def cost(count: int, stochastic: bool = False) -> Cost:
    """About 15 integer operations per number, 20 more for its random word; float32 in and out."""
    return Cost((35 if stochastic else 15) * count, 4 * count, 4 * count)
