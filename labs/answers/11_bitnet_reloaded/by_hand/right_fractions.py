"""Works with exact fractions and rounds at the end."""

from fractions import Fraction

sizes = sorted(Fraction(text) for text in ("0.5", "1.3", "0.1", "3.0", "0.9", "1.4"))
mu_mean, mu_median = float(sum(sizes) / 6), float(sizes[2])
codes_mean = [[0, -1, 0], [1, -1, 1]]
codes_median = [[1, -1, 0], [1, -1, 1]]
