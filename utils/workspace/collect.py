"""What the reader's workspace is given: notebooks, pages, and labs without solutions."""

from pathlib import Path

from utils.chapters import Chapter
from utils.paths import BUILD, ROOT

STUDENT_LABS = BUILD / "labs" / "student"


def book_files(chapters: list[Chapter], root: Path = ROOT) -> dict[str, bytes]:
    """Notebook and page of each chapter, path to content; paths are those of the book, so that links hold."""
    names = [name for chapter in chapters for name in _names(chapter.slug)]
    return {name: (root / name).read_bytes() for name in names if (root / name).is_file()}


def student_labs(chapters: list[Chapter], root: Path = ROOT) -> dict[str, bytes]:
    """The students' version of each lab, built first where its master has changed."""
    slugs = [chapter.slug for chapter in chapters if (root / "labs" / f"{chapter.slug}.ipynb").is_file()]
    if not slugs:
        return {}
    from utils.labs.build import build

    for slug in slugs:
        build(slug)
    files = sorted(path for path in STUDENT_LABS.rglob("*") if path.is_file())
    return {f"labs/{path.relative_to(STUDENT_LABS).as_posix()}": path.read_bytes() for path in files}


def _names(slug: str) -> tuple[str, str]:
    return f"notebooks/{slug}.ipynb", f"book/{slug}.md"
