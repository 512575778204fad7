"""Takes the average of the two values in the middle.

Message: not the upper and not their average
"""

mu_mean = 1.2
codes_mean = [[0, -1, 0], [1, -1, 1]]
mu_median = 1.1
codes_median = [[0, -1, 0], [1, -1, 1]]
