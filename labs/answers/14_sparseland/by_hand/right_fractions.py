"""Leaves the arithmetic to Python."""

epsilon = 0.01 * (64 * 256 + 256 * 256 + 256 * 10) / (64 + 256 + 256 + 256 + 256 + 10)
densities = [epsilon * (a + b) / (a * b) for a, b in ((64, 256), (256, 256), (256, 10))]
per_output_uniform = 0.01 * 256
per_output_erk = densities[2] * 256
