"""Downloads: mirrors, wrong bytes, lost connections, full disks and caches, all without a network."""

import errno
import hashlib
import re

import pytest

from utils.data.fetch import fetch, fetch_all
from utils.data.registry import find
from utils.errors import FrugalError


def intact(path, name="poem.txt") -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() == find("poem").file(name).sha256


def test_downloads_once(server, own_cache, register):
    register(f"{server.url}/good/poem.txt")
    path = fetch("poem", "poem.txt")
    assert path == own_cache / "poem/poem.txt"
    assert intact(path)
    fetch("poem", "poem.txt")
    assert server.asked == ["/good/poem.txt"]


@pytest.mark.parametrize("kind", ["gone", "lying", "broken"])
def test_takes_the_next_mirror_when_one_is_bad(server, own_cache, register, kind):
    register(f"{server.url}/{kind}/poem.txt", f"{server.url}/good/poem.txt")
    assert intact(fetch("poem", "poem.txt"))
    assert server.asked[0].startswith(f"/{kind}/")


def test_tries_a_busy_server_again(server, own_cache, register):
    register(f"{server.url}/busy/poem.txt")
    assert intact(fetch("poem", "poem.txt"))
    assert server.asked == ["/busy/poem.txt"] * 2


@pytest.mark.parametrize("kind, reason", [("lying", "SHA-256"), ("broken", "broke off"), ("gone", "404")])
def test_a_failed_download_leaves_nothing_and_says_why(server, own_cache, register, kind, reason):
    register(f"{server.url}/{kind}/poem.txt")
    with pytest.raises(FrugalError, match=reason):
        fetch("poem", "poem.txt")
    assert [path.name for path in (own_cache / "poem").iterdir()] == ["LICENSE.txt"]


def test_offline_says_what_is_missing_and_where_to_put_it(own_cache, register):
    register("http://127.0.0.1:9/poem.txt")
    place = re.escape(str(own_cache / "poem/poem.txt"))
    with pytest.raises(FrugalError, match=rf"poem/poem\.txt is missing.*no connection.*put it at {place}"):
        fetch("poem", "poem.txt")


def test_a_corrupt_copy_is_told_and_replaced(server, own_cache, register, capsys):
    register(f"{server.url}/good/poem.txt")
    fetch("poem", "poem.txt").write_bytes(b"half a poem")
    assert intact(fetch("poem", "poem.txt"))
    assert "corrupt" in capsys.readouterr().err


def test_a_prepared_folder_is_used_and_never_written(server, own_cache, register, tmp_path, monkeypatch):
    register(f"{server.url}/good/poem.txt")
    copy = tmp_path / "prepared/poem/poem.txt"
    copy.parent.mkdir(parents=True)
    copy.write_bytes(fetch("poem", "poem.txt").read_bytes())
    monkeypatch.setenv("FRUGAL_DATA", str(tmp_path / "prepared"))
    assert fetch("poem", "poem.txt") == copy
    copy.write_bytes(b"damaged")
    assert fetch("poem", "poem.txt") == own_cache / "poem/poem.txt"
    assert copy.read_bytes() == b"damaged"


def test_terms_are_told_at_first_use_only(server, own_cache, register, capsys):
    register(f"{server.url}/good/poem.txt")
    fetch("poem", "poem.txt")
    assert "public domain" in capsys.readouterr().err
    fetch("poem", "poem.txt")
    assert capsys.readouterr().err == ""


def test_all_files_come_in_the_order_of_the_set(server, own_cache, register):
    names = tuple(f"{i}.txt" for i in range(9))
    register(f"{server.url}/good/any.txt", names=names)
    paths = fetch_all("poem")
    assert tuple(path.name for path in paths) == names
    assert all(intact(path, path.name) for path in paths)


def test_one_missing_file_of_many_is_an_error(server, own_cache, register):
    register(f"{server.url}/gone/any.txt", names=("1.txt", "2.txt"))
    with pytest.raises(FrugalError, match=r"poem/1\.txt"):
        fetch_all("poem")


def test_a_full_disk_is_told_in_a_sentence(server, own_cache, register, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    register(f"{server.url}/good/poem.txt")
    monkeypatch.setattr("pooch.core.shutil.move", full)
    with pytest.raises(FrugalError, match="the disk is full"):
        fetch("poem", "poem.txt")


@pytest.mark.parametrize("name, file", [("prose", "poem.txt"), ("poem", "../../etc/passwd")])
def test_only_registered_files_can_be_asked_for(own_cache, register, name, file):
    register("http://127.0.0.1:9/poem.txt")
    with pytest.raises(FrugalError, match=r"there is no data set|has no file"):
        fetch(name, file)
