"""A site that was refused stays refused; the last good one stays in place."""

import shutil

import pytest

from utils.errors import FrugalError
from utils.paths import ROOT
from utils.site import build as builder
from utils.site.build import build


@pytest.fixture
def book(tmp_path):
    """A book of one page in the settings of the real one."""
    (tmp_path / "book").mkdir()
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nchapters:\n- file: book/functions\n- file: book/other\n"
    )
    (tmp_path / "book" / "index.md").write_text("# Book\n")
    (tmp_path / "book" / "other.md").write_text("# Other\n")
    (tmp_path / "utils").mkdir()
    shutil.copy(ROOT / "_config.yml", tmp_path)
    shutil.copy(ROOT / "book" / "references.bib", tmp_path / "book")
    return tmp_path


def test_a_refused_site_stays_refused(book):
    source = book / "book" / "other.md"  # no page that Sphinx reads each time, as it does the first one
    page = build(book) / "book" / "other.html"
    good = page.read_text()
    source.write_text("# Other\n\nA {nosuch}`role`.\n")  # told when a page is read, which happens only once
    for _ in range(2):
        with pytest.raises(FrugalError, match="the last good site is unchanged"):
            build(book)
        assert page.read_text() == good
    source.write_text("# Other\n\nMended.\n")
    build(book)
    assert "Mended." in page.read_text()


def test_a_page_that_sphinx_left_out_is_missed(book, monkeypatch):
    """A worker that dies while it writes is no error to Sphinx."""
    monkeypatch.setattr(builder, "_sphinx", lambda *_: 0)
    with pytest.raises(FrugalError, match=r"did not write book/index \(of 3 pages\)"):
        build(book)
    assert not (book / "_build" / "html").exists()
