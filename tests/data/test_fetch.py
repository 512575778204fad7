"""Downloads: mirrors, wrong bytes, lost connections, full disks and caches, all without a network."""

import errno
import hashlib
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from utils.data import cache, download
from utils.data.fetch import fetch, fetch_all
from utils.data.registry import find
from utils.errors import FrugalError

CONTENT = b"two roads diverged in a yellow wood\n" * 1000  # as the server gives it


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


@pytest.mark.parametrize(
    "kind, reason",
    [
        ("lying", "SHA-256"),
        ("gone", "404"),
        ("endless", r"more than the 36,000 bytes of this file"),
        ("file", "redirects to 'file:', which is no address of the web"),
    ],
)
def test_a_failed_download_leaves_nothing_and_says_why(server, own_cache, register, kind, reason):
    register(f"{server.url}/{kind}/poem.txt")
    with pytest.raises(FrugalError, match=reason):
        fetch("poem", "poem.txt")
    assert [path.name for path in (own_cache / "poem").iterdir()] == ["LICENSE.txt"]
    assert len(server.asked) == 1


def test_what_came_before_a_break_is_kept_and_not_asked_for_again(server, own_cache, register):
    register(f"{server.url}/broken/poem.txt")
    with pytest.raises(FrugalError, match="broke off"):
        fetch("poem", "poem.txt")
    assert len(server.asked) == 3
    assert server.sent == sum(len(CONTENT) // 2**n for n in (1, 2, 3))
    register(f"{server.url}/good/poem.txt")
    assert intact(fetch("poem", "poem.txt"))
    assert server.sent == len(CONTENT)
    assert not list((own_cache / "poem").glob(".*"))


def test_a_partial_file_of_other_bytes_is_started_anew(server, own_cache, register):
    register(f"{server.url}/good/poem.txt")
    part = own_cache / "poem" / ".poem.txt.part"
    part.parent.mkdir(parents=True)
    for wrong in (b"prose", CONTENT[::-1], CONTENT + b"more"):
        part.write_bytes(wrong)
        fetch("poem", "poem.txt").unlink()
        assert not part.exists()


def test_a_slow_server_is_given_up(server, own_cache, register, monkeypatch):
    """It is never silent: without a limit in all it would be heard to its end, and break off there."""
    monkeypatch.setattr(download, "LEAST_SECONDS", 0.2)
    monkeypatch.setattr(download, "SLOWEST", 1e9)
    register(f"{server.url}/slow/poem.txt")
    with pytest.raises(FrugalError, match="too slow"):
        fetch("poem", "poem.txt")
    assert server.asked == ["/slow/poem.txt"] * 3


def test_a_file_that_came_late_but_whole_is_kept(server, own_cache, register, monkeypatch):
    monkeypatch.setattr(download, "LEAST_SECONDS", -1e9)
    register(f"{server.url}/good/poem.txt")
    assert intact(fetch("poem", "poem.txt"))


INTERRUPTED = """
import sys
from pathlib import Path
from utils import cli
from utils.data import cache, fetch, registry
cache.own = lambda: Path(sys.argv[1])
files = tuple(registry.File(f"{n}.txt", 10**6, "", (sys.argv[2],)) for n in range(6))
registry.data_sets = lambda: (registry.DataSet("poem", "A poem.", "free", (), (), (), files),)
sys.argv[1:] = ["data", "fetch", "poem"]
cli.main()
"""


@pytest.mark.parametrize("times", [1, 5])
def test_an_interrupted_download_ends_at_once_in_one_sentence(server, own_cache, times):
    call = [sys.executable, "-c", INTERRUPTED, str(own_cache), f"{server.url}/slow/poem.txt"]
    process = subprocess.Popen(
        call,
        stderr=subprocess.PIPE,
        text=True,
        # A test run in the background of a shell ignores interrupts, and its children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while server.sent < 10:
        time.sleep(0.05)
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.03)
    said = process.communicate(timeout=60)[1]  # the server would go on for longer
    assert process.returncode == 130
    assert said.splitlines()[-1] == "frugal: interrupted; call the same command again to go on."
    assert "Traceback" not in said


def test_two_processes_take_turns(server, own_cache, register):
    register(f"{server.url}/good/poem.txt")
    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda _: fetch("poem", "poem.txt"), range(4)))
    assert all(map(intact, paths))


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
    monkeypatch.setattr("utils.data.download._take", full)
    with pytest.raises(FrugalError, match="the disk is full"):
        fetch("poem", "poem.txt")


@pytest.mark.parametrize("name, file", [("prose", "poem.txt"), ("poem", "../../etc/passwd")])
def test_only_registered_files_can_be_asked_for(own_cache, register, name, file):
    register("http://127.0.0.1:9/poem.txt")
    with pytest.raises(FrugalError, match=r"there is no data set|has no file"):
        fetch(name, file)


def test_a_prepared_folder_that_cannot_be_read_is_told(own_cache, register, monkeypatch):
    register("http://127.0.0.1:9/poem.txt")
    monkeypatch.setenv("FRUGAL_DATA", "~nobody-of-this-name/data")
    with pytest.raises(FrugalError, match="and no home is known: write the whole path"):
        fetch("poem", "poem.txt")

    def denied(_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setenv("FRUGAL_DATA", "/prepared")
    monkeypatch.setattr("pathlib.Path.is_file", denied)
    with pytest.raises(FrugalError, match=r"cannot be read \(Permission denied\): make it readable"):
        cache.state(cache.places(find("poem"), find("poem").files[0])[0], find("poem").files[0])
