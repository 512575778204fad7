"""Starts the sizes at one half.

Message: the smallest size is 1
"""

free_3 = [-4, -2, -1, -0.5, 0.5, 1, 2, 4]
zero_3 = [-4, -2, -1, 0, 1, 2, 4]
latents_3 = 4
mean_square_2 = 2.5
