"""The old name of :mod:`utils.ensemble`, for notebooks in their first form; it goes with the last of them."""

from utils.ensemble import Adam, Momentum, linear_stack, train

__all__ = ["Adam", "Momentum", "linear_stack", "train"]
