"""Sorts indices in Python."""


def drop_and_grow(W, V, M, gradient, share):
    active, inactive = M.flatten().nonzero().flatten().tolist(), (~M).flatten().nonzero().flatten().tolist()
    count = min(round(share * len(active)), len(inactive))
    out = sorted(active, key=lambda i: abs(W.flatten()[i].item()))[:count]
    into = sorted(inactive, key=lambda i: -abs(gradient.flatten()[i].item()))[:count]
    new_W, new_V, new_M = W.clone().reshape(-1), V.clone().reshape(-1), M.clone().reshape(-1)
    for i in out:
        new_M[i] = False
    for i in into:
        new_M[i] = True
    for i in range(len(new_M)):
        if i in out or i in into or not new_M[i]:
            new_W[i] = new_V[i] = 0
    return new_W.view_as(W), new_V.view_as(V), new_M.view_as(M)
