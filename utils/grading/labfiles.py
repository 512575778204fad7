"""The files of a lab that decide about marks, and the digest by which every worker knows that it has them."""

import hashlib
from functools import cache
from pathlib import Path

from utils.labs.build import build
from utils.labs.master import master_path


@cache
def prepare(slug: str) -> tuple[Path, Path]:
    """The lab's master and its built archive with the checks."""
    return master_path(slug), build(slug)["autograder"]


def digest_of(slug: str) -> str:
    """SHA-256 of what decides about a mark beside the submission: the lab, its checks, the grader."""
    total = hashlib.sha256()
    for file in (*prepare(slug), *sorted(Path(__file__).parent.glob("*.py"))):
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
