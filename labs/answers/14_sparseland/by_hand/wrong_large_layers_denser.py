"""Believes that the larger layer is the denser one.

Message: small layers come out denser
"""

epsilon = 0.769
densities = [0.006, 0.015, 0.002]
per_output_uniform = 2.56
per_output_erk = 0.5
