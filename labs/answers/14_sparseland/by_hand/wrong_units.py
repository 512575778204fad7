"""Divides the last layer by its inputs, not by its outputs.

Message: over its ten units
"""

epsilon = 0.769
densities = [0.015, 0.006, 0.0799]
per_output_uniform = 2.56
per_output_erk = 0.8
