"""Believes that three bits mean three sizes.

Message: every one of the eight codes
"""

free_3 = [-4, -2, -1, 1, 2, 4]
zero_3 = [-4, -2, -1, 0, 1, 2, 4]
latents_3 = 4
mean_square_2 = 2.5
