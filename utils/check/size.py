"""What a chapter costs: every file that was made for it, and their lines. Results do not count."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from utils import chapters
from utils.chapters import Chapter
from utils.execution import source
from utils.execution.closure import Closure
from utils.paths import ROOT

GOAL = (30, 5600)  # files and lines
OWN = ("book/{slug}.md", "book/claims/{slug}.yml", "book/images/{number}_*", "notebooks/{slug}.ipynb")
LAB = ("labs/{slug}.ipynb", "labs/answers/{slug}.yml")
# What belongs to a module of the package, by its folder: tests, pages and front ends beside it.
BESIDE = {
    "kernels": ("utils/kernels/bench/{stem}.py", "tests/kernels/test_{stem}.py", "book/kernels/{stem}.md"),
    "widgets": ("utils/widgets/{stem}.js", "tests/widgets/test_{stem}.py"),
    "data": ("tests/data/test_{stem}.py", "utils/data/sets/{stem}.yml"),
    "models": ("tests/models/test_{stem}.py",),
}


def report(root: Path = ROOT) -> list[str]:
    """A line per written chapter, with its files and lines beside the goal."""
    return [
        f"chapter {number}: {len(files)} files, {lines(files):,} lines (goal {GOAL[0]}, {GOAL[1]:,})"
        for number, files in made_for(root).items()
    ]


def made_for(root: Path = ROOT) -> dict[str, list[Path]]:
    """The files that exist for the sake of one chapter, by its number.

    A module counts when no other chapter uses it.
    """
    written = chapters.written(root)
    closure = Closure(root)
    used = {chapter.number: _modules(chapter, closure, root) for chapter in written}
    users = Counter(path for paths in used.values() for path in paths)
    return {
        chapter.number: _all(chapter, [path for path in used[chapter.number] if users[path] == 1], root)
        for chapter in written
    }


def lines(files: Iterable[Path]) -> int:
    """How many lines the files have together."""
    return sum(path.read_bytes().count(b"\n") for path in files)


def _modules(chapter: Chapter, closure: Closure, root: Path) -> set[Path]:
    """The kernels, widgets, data sets and models that a chapter uses, back ends of its kernels included."""
    package, found = root / "utils", set(closure.files(source.load(chapter.slug, root).code))
    found |= {path for stem in chapter.kernels for path in (package / "kernels").glob(f"{stem}_*.py")}
    found |= {package / "widgets" / f"{stem}.py" for stem in chapter.widgets}
    return {path for path in found if path.parent.name in BESIDE and path.suffix == ".py" and path.is_file()}


def _all(chapter: Chapter, modules: list[Path], root: Path) -> list[Path]:
    """A chapter's own files, its modules, and what belongs to each of them."""
    names = {"slug": chapter.slug, "number": chapter.number}
    found = {path for pattern in OWN + LAB for path in root.glob(pattern.format(**names))}
    for module in modules:
        beside = (root / pattern.format(stem=module.stem) for pattern in BESIDE[module.parent.name])
        found |= {module, *(path for path in beside if path.is_file())}
    return sorted(found)
