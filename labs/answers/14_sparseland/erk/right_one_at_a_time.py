"""Makes one layer dense at a time, the one that exceeds 1 most."""


def erk(shapes, density):
    size, fan = [math.prod(s) for s in shapes], [sum(s) for s in shapes]
    result = [None] * len(shapes)
    while True:
        free = [i for i, value in enumerate(result) if value is None]
        dense = [size[i] for i, value in enumerate(result) if value is not None]
        epsilon = (density * sum(size) - sum(dense)) / sum(fan[i] for i in free)
        worst = max(free, key=lambda i: fan[i] / size[i])
        if epsilon * fan[worst] / size[worst] <= 1:
            return [1.0 if result[i] else epsilon * fan[i] / size[i] for i in range(len(shapes))]
        result[worst] = 1.0
