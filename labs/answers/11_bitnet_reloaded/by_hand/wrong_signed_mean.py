"""Averages the weights with their signs.

Message: where is the border
"""

mu_mean = 0.4667
codes_mean = [[0, -1, 0], [1, -1, 1]]
mu_median = 0.9
codes_median = [[1, -1, 0], [1, -1, 1]]
