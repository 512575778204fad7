"""Shared plumbing, fast kernels and widgets of *Frugal Deep Learning*.

Every package below has an ``__init__`` without code: import the module you mean
(``from utils.kernels.ternary_linear import ternary_linear``), so that a notebook
depends on the files it uses and on no others.
"""

from utils.allocator import keep_memory
from utils.imports import leave_out_grammar
from utils.surroundings import settle

settle()
keep_memory()
leave_out_grammar()
