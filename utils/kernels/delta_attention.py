"""Attention scores as running sums of products with the nonzero deltas only (DeltaLLM, chapter 19)."""

from collections.abc import Callable
from itertools import product

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.delta_pack import PackedDeltas, unpack_deltas
from utils.kernels.operation import Operation

# Queries whose scores are held at a time: 2 MB for 2,048 keys, so that softmax and product read them from a
# cache. Keys ahead of the last of them are left out altogether.
QUERIES = 256
OP = Operation(
    "delta_attention",
    chapter=19,
    says="causal attention from the nonzero changes of the keys",
    source="DeltaLLM, scores by running sum with an exact local window",
    gradient="refused",
    backends=("reference", "numba"),
)


@OP
def delta_attention(
    queries: torch.Tensor,
    deltas: PackedDeltas,
    values: torch.Tensor,
    recent: torch.Tensor | None = None,
    window: int = 0,
    backend: str = "auto",
) -> torch.Tensor:
    """Causal attention whose keys are the running sum of their deltas, exact within a sliding window.

    The score of query i and key j is ``q_i . k_j`` where ``i - window < j <= i`` and else
    ``R_ij = R_i(j-1) + q_i . delta_j``; then softmax over ``R / sqrt(d)``, times the values.

    Parameters
    ----------
    queries : float32 tensor (H, T, d), the last T positions: T = L is prefill, T = 1 is decode
    deltas : packed deltas of H_kv heads and L tokens; H must be a multiple of H_kv
    values : float32 tensor (H_kv, L, d_v)
    recent : float32 tensor (H_kv, M, d), the last M >= min(L, T + window - 1) keys; needed for a window
    window : exact keys a query sees, its own included
    backend : "auto", "reference" or "numba"; on a GPU "auto" takes the reference, since no skipping pays
        beside its matrix units

    Returns
    -------
    float32 tensor (H, T, d_v). Forward only. NaN or infinity in a key or query spoils every later score.

    Raises
    ------
    FrugalError
        for shapes, dtypes, devices or a window that do not fit.

    References
    ----------
    DeltaLLM: scores by running sum, hybrid with an exact local window.
    """
    _check(queries, deltas, values, recent, window)
    score = OP.pick(backend, queries.device, "delta_scorer")(deltas)
    output = queries.new_empty(*queries.shape[:2], values.shape[2])
    (heads, count), group = queries.shape[:2], queries.shape[0] // max(1, deltas.shape[0])
    for head, first in product(range(heads), range(0, count, QUERIES)):
        some = queries[head, first : first + QUERIES] / deltas.width**0.5
        ahead = count - first - len(some)
        seen = deltas.shape[1] - ahead
        scores = score(some, head // group, seen)
        if window:
            near = recent[head // group]
            _put_exact(scores, some, near[: len(near) - ahead], window)
        weights = torch.softmax(scores, dim=1)
        torch.mm(weights, values[head // group, :seen], out=output[head, first : first + QUERIES])
    return output


def delta_scores_reference(queries: torch.Tensor, deltas: torch.Tensor) -> torch.Tensor:
    """The definition, (T, L): products with dense deltas, summed along the keys, -inf ahead of a query."""
    scores = (queries @ deltas.T).cumsum(dim=1)
    return scores.masked_fill_(~_visible(*scores.shape, scores.device), -torch.inf)


def delta_scorer_reference(deltas: PackedDeltas) -> Callable[[torch.Tensor, int, int], torch.Tensor]:
    """A function of queries (T, d), head and L: scores of the queries, the last of them at key L - 1."""
    dense = unpack_deltas(deltas)
    return lambda queries, head, seen: delta_scores_reference(queries, dense[head, :seen])


def cost(tokens: int, nonzeros: int, width: int) -> Cost:
    """Prefill scores of one head: each nonzero serves on average half of the queries; a multiply-add each.

    Bytes: queries and packed deltas in, the lower half of the scores out.
    """
    return Cost(nonzeros * (tokens + 1), 4 * tokens * width + 5 * nonzeros, 2 * tokens * (tokens + 1))


def _visible(queries: int, keys: int, device: torch.device) -> torch.Tensor:
    """Which keys a query may see: those up to its own position, the last query sitting at the last key."""
    return torch.ones(queries, keys, dtype=torch.bool, device=device).tril(keys - queries)


def _put_exact(scores: torch.Tensor, queries: torch.Tensor, recent: torch.Tensor, window: int) -> None:
    """Overwrite the scores of the last ``window`` keys of each query by exact products, in place."""
    count, keys = scores.shape
    first = max(0, keys - recent.shape[0])
    visible = _visible(count, keys, scores.device)
    near = visible & ~visible.tril(keys - count - window)
    exact = queries @ recent[recent.shape[0] - (keys - first) :].T
    scores[:, first:] = torch.where(near[:, first:], exact, scores[:, first:])


def _check(queries, deltas, values, recent, window) -> None:
    checks.kind("deltas", deltas, PackedDeltas, "make them by pack_deltas")
    heads, tokens, width = deltas.shape
    for name, tensor in (("queries", queries), ("values", values)):
        checks.dimensions(name, tensor, 3)
        checks.dtype(name, tensor, torch.float32)
    checks.shape("queries", queries, queries.shape[0], queries.shape[1], width)
    checks.shape("values", values, heads, tokens, values.shape[2])
    checks.at_most("the number of queries", queries.shape[1], tokens, "each needs its own key")
    if queries.shape[0] % heads if heads else queries.shape[0]:
        raise FrugalError(f"{queries.shape[0]} query heads cannot share {heads} key heads evenly.")
    checks.integer("window", window, 0, "it counts exact keys")
    if window:
        needed = min(tokens, queries.shape[1] + window - 1)
        if not isinstance(recent, torch.Tensor) or recent.dim() != 3 or recent.shape[1] < needed:
            raise FrugalError(f"a window of {window} needs the last {needed} keys in recent (H_kv, M, d).")
        checks.shape("recent", recent, heads, recent.shape[1], width)
        checks.dtype("recent", recent, torch.float32)
