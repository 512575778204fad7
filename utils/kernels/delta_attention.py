"""Attention scores as running sums of products with the nonzero deltas only (DeltaLLM, chapter 19)."""

import torch

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.backends import choose
from utils.kernels.costs import Cost
from utils.kernels.delta_keys import PackedDeltas, unpack_deltas


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

    Source
    ------
    DeltaLLM: scores by running sum, hybrid with an exact local window.
    """
    _check(queries, deltas, values, recent, window)
    chosen = choose(backend, queries, deltas.values, values, available=("reference", "numba"))
    score = delta_scores_reference
    if chosen == "numba":
        from utils.kernels.delta_attention_cpu import delta_scores_cpu as score
    output = queries.new_empty(*queries.shape[:2], values.shape[2])
    group = queries.shape[0] // max(1, deltas.shape[0])
    for head in range(queries.shape[0]):
        scores = score(queries[head], deltas, head // group)
        if window:
            _put_exact(scores, queries[head], recent[head // group], window)
        weights = torch.softmax(scores / deltas.width**0.5, dim=1)
        output[head] = weights @ values[head // group]
    return output


def delta_scores_reference(queries: torch.Tensor, deltas: PackedDeltas, head: int) -> torch.Tensor:
    """The definition, (T, L): products with dense deltas, summed along the keys, -inf ahead of a query."""
    scores = (queries @ unpack_deltas(deltas)[head].T).cumsum(dim=1)
    return scores.masked_fill_(~_visible(*scores.shape, scores.device), -torch.inf)


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
    heads, tokens, width = deltas.shape
    for name, tensor in (("queries", queries), ("values", values)):
        checks.dimensions(name, tensor, 3)
        checks.dtype(name, tensor, torch.float32)
    checks.shape("queries", queries, queries.shape[0], queries.shape[1], width)
    checks.shape("values", values, heads, tokens, values.shape[2])
    checks.at_most("the number of queries", queries.shape[1], tokens, "each needs its own key")
    if queries.shape[0] % max(1, heads):
        raise FrugalError(f"{queries.shape[0]} query heads cannot share {heads} key heads evenly.")
    checks.at_least("window", window, 0, "it counts exact keys")
    if window:
        needed = min(tokens, queries.shape[1] + window - 1)
        if recent is None or recent.dim() != 3 or recent.shape[1] < needed:
            raise FrugalError(f"a window of {window} needs the last {needed} keys in recent (H_kv, M, d).")
        checks.shape("recent", recent, heads, recent.shape[1], width)
        checks.dtype("recent", recent, torch.float32)
        choose("reference", queries, recent)
