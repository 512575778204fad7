"""Gives percent where shares are asked for.

Message: a density is a share
"""

epsilon = 0.769
densities = [1.5, 0.6, 7.99]
per_output_uniform = 2.56
per_output_erk = 20.5
