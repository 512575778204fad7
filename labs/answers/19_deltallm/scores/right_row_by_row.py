"""One query after the other, as in decoding."""


def delta_scores(Q, K, deltas, w):
    T, d = K.shape
    scores = torch.full((T, T), -torch.inf, dtype=Q.dtype)
    for i in range(T):
        row = (deltas[: i + 1] @ Q[i]).cumsum(0)
        first = max(0, i - w + 1)
        row[first:] = K[first : i + 1] @ Q[i]
        scores[i, : i + 1] = row / d**0.5
    return scores


def bound(Q, theta):
    return (theta * Q.sign() * Q).sum(1) / Q.shape[1] ** 0.5
