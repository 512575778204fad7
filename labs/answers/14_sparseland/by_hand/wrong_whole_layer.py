"""Counts the weights of the whole layer, not of one output unit.

Message: one percent of the inputs of an output unit
"""

epsilon = 0.769
densities = [0.015, 0.006, 0.0799]
per_output_uniform = 25.6
per_output_erk = 205
