"""Leaves the kernel out of the sum.

Message: sums over all sizes
"""


def erk(shapes, density):
    sizes, fans = [math.prod(s) for s in shapes], [s[0] + s[1] for s in shapes]
    full = set()
    while True:
        free = [i for i in range(len(shapes)) if i not in full]
        left = density * sum(sizes) - sum(sizes[i] for i in full)
        epsilon = left / sum(fans[i] for i in free)
        over = [i for i in free if epsilon * fans[i] > sizes[i]]
        if not over:
            return [1.0 if i in full else epsilon * fans[i] / sizes[i] for i in range(len(shapes))]
        full.update(over)
