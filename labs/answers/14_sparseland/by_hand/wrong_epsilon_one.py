"""Takes epsilon for one instead of solving it.

Message: all layers together must keep
"""

epsilon = 1.0
densities = [0.01953125, 0.0078125, 0.10390625]
per_output_uniform = 2.56
per_output_erk = 26.6
