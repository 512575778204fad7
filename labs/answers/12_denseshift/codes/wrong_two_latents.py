"""Counts a sign and an exponent.

Message: how many switches
"""

free_3 = [-8, -4, -2, -1, 1, 2, 4, 8]
zero_3 = [-4, -2, -1, 0, 1, 2, 4]
latents_3 = 2
mean_square_2 = 2.5
