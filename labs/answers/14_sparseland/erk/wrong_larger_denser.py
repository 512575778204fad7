"""Makes a layer denser the larger it is.

Message: each layer keeps epsilon times
"""


def erk(shapes, density):
    sizes = [math.prod(s) for s in shapes]
    scale = density * sum(sizes) / sum(size**2 for size in sizes)
    return [scale * size for size in sizes]
