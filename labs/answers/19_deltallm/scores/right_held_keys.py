"""Uses that the running sum is the product with the held keys."""


def delta_scores(Q, K, deltas, w):
    T, d = K.shape
    age = torch.arange(T)[:, None] - torch.arange(T)
    scores = torch.where(age < w, Q @ K.T, Q @ deltas.cumsum(0).T) / d**0.5
    scores[age < 0] = -float("inf")
    return scores


def bound(Q, theta):
    return theta * torch.linalg.vector_norm(Q, ord=1, dim=1) / Q.shape[1] ** 0.5
