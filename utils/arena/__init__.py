"""The arena: every technique that compresses, on one task."""
