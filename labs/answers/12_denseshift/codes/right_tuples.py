"""Gives tuples of floats."""

free_3 = (-8.0, -4.0, -2.0, -1.0, 1.0, 2.0, 4.0, 8.0)
zero_3 = (-4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0)
latents_3 = 4
mean_square_2 = 5 / 2
