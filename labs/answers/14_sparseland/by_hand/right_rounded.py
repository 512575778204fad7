"""Rounds to three significant digits."""

epsilon = 0.769
densities = [0.015, 0.00601, 0.0799]
per_output_uniform = 2.56
per_output_erk = 20.4
