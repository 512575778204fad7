"""Counts query by query."""


def kept(sent, w, shape):
    T, d = sent.shape
    nonzeros, work = sent.sum(1).tolist(), 0
    for i in range(T):
        first = max(0, i - w + 1) if shape == "band" else i - i % w
        work += sum(nonzeros[:first]) + (i + 1 - first) * d
    return work / (d * T * (T + 1) / 2)
