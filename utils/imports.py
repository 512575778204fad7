"""What is kept out of every process of the book because it costs seconds and is never used."""

import sys

# jsonschema, which checks every notebook that is read, takes this grammar of addresses where it is installed
# and works without it; building its tables takes two to six seconds of each process.
GRAMMAR = "rfc3987_syntax"


def leave_out_grammar() -> None:
    """Make imports of the grammar fail from now on, as if it were not installed."""
    sys.modules.setdefault(GRAMMAR, None)
