"""Figures that move: a Python class and a front end each."""
