"""The Triton kernels as machine code for GPUs that are not here, and what it says about them."""
