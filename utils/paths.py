"""Where things lie. Folders that git ignores are created by whoever writes into them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"
CLAIMS = BOOK / "claims"
NOTEBOOKS = ROOT / "notebooks"
LABS = ROOT / "labs"
RESULTS = ROOT / "results"  # committed: what the book reports
PREPARED = RESULTS / "prepared"
PINS = ROOT / "requirements.txt"
BUILD = ROOT / "_build"  # ignored: everything that a command can make again
WORKSPACE = ROOT / "workspace"  # ignored: the reader's own copies
