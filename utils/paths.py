"""Where things lie, in a checkout and in an installation. Whoever writes into a folder creates it.

In a checkout everything lies below its root. An installed package (`pip install .`, a hub's image) may be
read-only and shared: it carries the book's files in ``utils/share``, and each user has a folder of their own,
whose ``book``, ``notebooks`` and so on are links to the shared ones. So a path below ``ROOT`` means the same
everywhere.
"""

import os
from pathlib import Path

import platformdirs

from utils.installed import furnish
from utils.surroundings import refuge

PACKAGE = Path(__file__).resolve().parent
SHARE = PACKAGE / "share"  # only in an installation
IS_CHECKOUT = not SHARE.is_dir()


def _users_folder() -> Path:
    """The user's data folder; below the temporary one where the user has no home that can be written."""
    return refuge() or Path(platformdirs.user_data_path("frugal-deep-learning", appauthor=False))


ROOT = PACKAGE.parent if IS_CHECKOUT else _users_folder()
SHARED = ROOT if IS_CHECKOUT else SHARE
BOOK = SHARED / "book"
CLAIMS = BOOK / "claims"
NOTEBOOKS = SHARED / "notebooks"
LABS = SHARED / "labs"  # masters, with solutions: an installation has none
RESULTS = SHARED / "results"  # committed: what the book reports
PREPARED = RESULTS / "prepared"
PINS = SHARED / "requirements.txt"
BUILD = ROOT / "_build"  # ignored: everything that a command can make again
STUDENT_LABS = BUILD / "labs/student" if IS_CHECKOUT else SHARE / "student"
WORKSPACE = (
    Path(os.environ.get("FRUGAL_WORKSPACE") or ROOT / "workspace").expanduser().absolute()
)  # the reader's own

if not IS_CHECKOUT:
    furnish(ROOT, SHARE, PACKAGE)
