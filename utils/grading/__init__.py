"""Grading a class: each submission in its own sandbox."""
