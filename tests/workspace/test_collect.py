"""The workspace gets each written chapter's notebook and page, under the paths that their links expect."""

from utils.chapters import Chapter
from utils.workspace.collect import book_files, student_labs


def test_only_files_of_written_chapters_are_collected(tmp_path):
    for name in ("notebooks/11_a.ipynb", "notebooks/12_draft.ipynb", "book/11_a.md", "book/index.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    assert book_files([Chapter("11_a")], tmp_path) == {
        "notebooks/11_a.ipynb": b"notebooks/11_a.ipynb",
        "book/11_a.md": b"book/11_a.md",
    }


def test_chapter_without_lab_gives_none(tmp_path):
    assert student_labs([Chapter("11_a")], tmp_path) == {}
