"""The command around Lighthouse: which pages, how they are served, what it says below the limit."""

import gzip
import urllib.error
import urllib.request

import pytest
from click.testing import CliRunner

from utils.cli.lighthouse import command
from utils.errors import FrugalError
from utils.site import browser, lighthouse


def test_texts_travel_compressed_and_pictures_as_they_are(tmp_path):
    (tmp_path / "a.html").write_text("text")
    (tmp_path / "a.png").write_bytes(b"picture")
    with browser.served(tmp_path, lighthouse.Compressing) as address:
        page = urllib.request.urlopen(f"{address}/a.html")
        assert page.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(page.read()) == b"text"
        assert urllib.request.urlopen(f"{address}/a.png").read() == b"picture"
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/b.html")


def test_one_page_of_each_kind(site):
    names = lighthouse.samples(site)
    assert [name.partition("/")[0] for name in names] == ["index.html", "book", "notebooks", "book"]
    assert all((site / name).is_file() for name in names)


def test_without_node_the_remedy_is_named(monkeypatch):
    monkeypatch.delenv("LIGHTHOUSE", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(FrugalError, match=r"Node\.js"):
        lighthouse.program()


@pytest.mark.parametrize("score, fails", [(95, False), (94, True)])
def test_below_the_limit_it_fails(monkeypatch, score, fails):
    monkeypatch.setattr(lighthouse, "measure", lambda: {"index.html": {"performance": score}})
    result = CliRunner().invoke(command)
    assert f"performance {score}" in result.output
    assert isinstance(result.exception, FrugalError) == fails
