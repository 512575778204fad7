"""A lab's notebook for each student, in the student's own variant."""

from pathlib import Path

import nbformat

from utils.files import write_atomic
from utils.grading.submissions import key_of
from utils.labs.build import build
from utils.labs.variants import variant_of, with_variant


def hand_out(slug: str, students: list[str], secret: str, out: Path) -> int:
    """Write ``out/STUDENT/SLUG.ipynb`` for each student; how many there are.

    Raises
    ------
    FrugalError
        when the lab has no variants.
    """
    master = nbformat.read(build(slug)["student"], as_version=4)
    names = {key_of(name): name for name in students}
    for key, name in names.items():
        notebook = with_variant(master, variant_of(secret, name))
        write_atomic(out / key / f"{slug}.ipynb", nbformat.writes(notebook) + "\n")
    return len(names)
