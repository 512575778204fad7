"""Data sets: loaders with checksums, generators, and tiny stand-ins."""
