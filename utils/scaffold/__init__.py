"""Drafts of chapters, widgets, kernels and data sets."""
