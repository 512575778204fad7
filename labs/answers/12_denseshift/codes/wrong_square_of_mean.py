"""Squares the mean size.

Message: average the squares
"""

free_3 = [-8, -4, -2, -1, 1, 2, 4, 8]
zero_3 = [-4, -2, -1, 0, 1, 2, 4]
latents_3 = 4
mean_square_2 = 2.25
