"""What commands take: names of chapters, files to write; and what they find out before the work begins."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from utils import chapters
from utils.errors import FrugalError
from utils.surroundings import can_write


class Chapter(click.ParamType):
    """A chapter's number or slug; a shell completes both. Whether it exists is asked by :func:`slugs`."""

    name = "NN"

    def shell_complete(self, ctx, param, incomplete: str) -> list:
        """Numbers and slugs of the written chapters that begin so."""
        names = [name for chapter in chapters.written() for name in (chapter.number, chapter.slug)]
        return [click.shell_completion.CompletionItem(name) for name in names if name.startswith(incomplete)]


class NewFile(click.Path):
    """A file to write: its folder is there and can be written, so that no work is done for nothing."""

    def __init__(self):
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value, param, ctx) -> Path:
        """The path, refused where its folder does not exist."""
        path = super().convert(value, param, ctx)
        if not path.parent.is_dir():
            self.fail(f"there is no folder '{path.parent}': create it first.", param, ctx)
        if not can_write(path.parent):
            self.fail(f"the folder '{path.parent}' cannot be written: choose another one.", param, ctx)
        return path


def slugs(names: Iterable[str]) -> list[str]:
    """The slugs of the written chapters that are asked for, each once; all of them where none is named.

    Raises
    ------
    FrugalError
        when some are not written: one sentence that names each of those once.
    """
    written = [chapter.slug for chapter in chapters.written()]
    found = {name: chapters.match(name, written) for name in dict.fromkeys(names)}
    unknown = [f"'{name}'" for name, slug in found.items() if slug is None]
    if unknown:
        word = "chapter" if len(unknown) == 1 else "chapters"
        raise FrugalError(
            f"there is no written {word} {', '.join(unknown)}; written are: {', '.join(written)}."
        )
    return list(dict.fromkeys(found.values())) or written


def must_write(folder: Path) -> None:
    """Refuse before the work where its result could not be written.

    Raises
    ------
    FrugalError
        when ``folder``, or where it would be made, cannot be written.
    """
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if not can_write(existing if existing.is_dir() else None):
        raise FrugalError(
            f"'{existing}' cannot be written (read-only, full, or not yours): make room or make it writable; "
            "a read-only copy of the book can be installed with pip instead (see the page on setting up)."
        )


def progress(work: Iterable, what: str, total: int | None = None) -> Iterable:
    """Go through ``work`` with a bar and the time left on a terminal, with nothing elsewhere."""
    from tqdm import tqdm

    return tqdm(work, desc=what, total=total, leave=False, disable=None, file=sys.stderr)
