"""Forgets the signs of the weights.

Message: is not the one nearest
"""

mu_mean = 1.2
codes_mean = [[0, 1, 0], [1, 1, 1]]
mu_median = 0.9
codes_median = [[1, 1, 0], [1, 1, 1]]
