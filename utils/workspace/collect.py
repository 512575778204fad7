"""What the reader's workspace is given: notebooks, pages, and labs without solutions."""

from pathlib import Path

from utils.chapters import Chapter
from utils.paths import IS_CHECKOUT, ROOT, STUDENT_LABS


def book_files(chapters: list[Chapter], root: Path = ROOT) -> dict[str, bytes]:
    """Notebook and page of each chapter, path to content; paths are those of the book, so that links hold."""
    names = [name for chapter in chapters for name in _names(chapter.slug)]
    return {name: (root / name).read_bytes() for name in names if (root / name).is_file()}


def student_labs(chapters: list[Chapter], root: Path = ROOT) -> tuple[dict[str, bytes], list[str]]:
    """The students' version of each lab, built first where something that it is made of has changed.

    Returns
    -------
    tuple
        Path to content, and a sentence for each lab that could not be built: the last good version stands in,
        where there is one.
    """
    if not IS_CHECKOUT and root == ROOT:
        return {f"labs/{path.name}": path.read_bytes() for path in sorted(STUDENT_LABS.glob("*.ipynb"))}, []
    slugs = [chapter.slug for chapter in chapters if (root / "labs" / f"{chapter.slug}.ipynb").is_file()]
    students = {slug: root / "_build" / "labs" / "student" / f"{slug}.ipynb" for slug in slugs}
    troubles = [trouble for slug, student in students.items() if (trouble := _bring_up(slug, student, root))]
    built = {slug: student for slug, student in students.items() if student.is_file()}
    return {f"labs/{slug}.ipynb": student.read_bytes() for slug, student in built.items()}, troubles


def _bring_up(slug: str, student: Path, root: Path) -> str:
    """Build one lab if it is old; returns what is wrong, which must not keep readers from the others."""
    if _is_newer(student, [root / "labs" / f"{slug}.ipynb", *_shared_sources(root)]):
        return ""
    try:
        _build(slug)
        student.touch()  # the build leaves alone what is still right: remember that it was looked at
    except Exception as error:
        rest = "its last version stays" if student.is_file() else "it is left out"
        return f"labs/{slug}.ipynb could not be made, {rest}: {error}".splitlines()[0]
    return ""


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
