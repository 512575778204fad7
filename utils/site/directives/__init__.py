"""Directives and roles of this book."""
