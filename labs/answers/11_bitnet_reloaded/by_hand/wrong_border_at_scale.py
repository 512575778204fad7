"""Believes that everything below the scale itself becomes zero.

Message: where is the border
"""

mu_mean = 1.2
codes_mean = [[0, -1, 0], [1, 0, 1]]
mu_median = 0.9
codes_median = [[0, -1, 0], [1, -1, 1]]
