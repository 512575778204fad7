"""Fast kernels: one operation, one stem."""
