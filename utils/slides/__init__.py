"""Slides of a chapter, from its executed notebook."""
