"""Solves the rest of the network by calling itself."""


def erk(shapes, density):
    sizes, fans = [math.prod(s) for s in shapes], [sum(s) for s in shapes]

    def solve(open_layers, left):
        epsilon = left / sum(fans[i] for i in open_layers)
        fitting = [i for i in open_layers if epsilon * fans[i] <= sizes[i]]
        if len(fitting) == len(open_layers):
            return {i: epsilon * fans[i] / sizes[i] for i in fitting}
        return solve(fitting, left - sum(sizes[i] for i in open_layers if i not in fitting))

    found = solve(list(range(len(shapes))), density * sum(sizes))
    return [found.get(i, 1.0) for i in range(len(shapes))]
