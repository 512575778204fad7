"""What the reader's workspace is given: notebooks, pages, and labs without solutions."""

from pathlib import Path

from utils.chapters import Chapter
from utils.paths import ROOT


def book_files(chapters: list[Chapter], root: Path = ROOT) -> dict[str, bytes]:
    """Notebook and page of each chapter, path to content; paths are those of the book, so that links hold."""
    names = [name for chapter in chapters for name in _names(chapter.slug)]
    return {name: (root / name).read_bytes() for name in names if (root / name).is_file()}


def student_labs(chapters: list[Chapter], root: Path = ROOT) -> dict[str, bytes]:
    """The students' version of each lab, built first where something that it is made of has changed."""
    slugs = [chapter.slug for chapter in chapters if (root / "labs" / f"{chapter.slug}.ipynb").is_file()]
    students = {slug: root / "_build" / "labs" / "student" / f"{slug}.ipynb" for slug in slugs}
    for slug, student in students.items():
        if not _is_newer(student, [root / "labs" / f"{slug}.ipynb", *_shared_sources(root)]):
            _build(slug)
            student.touch()  # the build leaves alone what is still right: remember that it was looked at
    return {f"labs/{slug}.ipynb": student.read_bytes() for slug, student in students.items()}


def _build(slug: str) -> None:
    """Imported late: it takes a second, and on most calls there is nothing to build."""
    from utils.labs.build import build

    build(slug)


def _shared_sources(root: Path) -> list[Path]:
    """All that any lab may be made of besides its master; the build itself looks closer."""
    return [root / "requirements.txt", *(root / "utils").rglob("*.py")]


def _is_newer(file: Path, sources: list[Path]) -> bool:
    return file.is_file() and file.stat().st_mtime > max(source.stat().st_mtime for source in sources)


def _names(slug: str) -> tuple[str, str]:
    return f"notebooks/{slug}.ipynb", f"book/{slug}.md"
