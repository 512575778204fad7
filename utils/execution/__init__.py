"""Running notebooks, remembering what ran, and knowing what to run again."""
