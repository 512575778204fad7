"""Whatever is typed, the answer is a sentence and a status, before any work begins; never a traceback."""

import errno
import shlex
import sys

import click
import pytest

from utils import arguments, cli
from utils.errors import FrugalError

HUGE = "9" * 20
# What is typed; it must be refused.
REFUSED = [
    "run ²", "run ٣", "run 0", "run -- -1", "run 99", "run 1.5", "run 11e0", "run nonsense",
    "run ../etc/passwd", "run 11_bitnet_reloaded.ipynb", f"run {HUGE}", "run 11 ''", "run ' '",
    "run --profile ''", "run --profile fast", "run --limit ''", "run --limit=", "run --limit 0",
    "run --limit -1", "run --limit 5x", "run --limit nan", "run --budget ''", "run --budget=",
    "run --budget soon", "run --scheduler ''", "run --scheduler=", "run --workers 0",
    f"run --workers {HUGE}", "run --workers two", "run --device tpu", "run --no-such-option",
    "run -p seed", "run -p profile quick", "run -p seed '{'", "run -p '' 1", "run --dry-run -p no_such 1",
    "run --scheduler tcp://127.0.0.1:1 --workers 2", "scoreboard --compare /dev/null",
    "scoreboard --compare /no/such/file", "scoreboard --compare ''", "scoreboard --compare=",
    "scoreboard --chapter ''", "scoreboard --chapter 99", "scoreboard --chapter ²", "scoreboard 11",
    "bench no_such_operation", "compile no_such_operation", "compile fp8_quantize",
    "compile --json .", f"bench ternary_linear --threads {HUGE}",
    "bench ternary_linear --threads 0", "bench ternary_linear --repeats 1",
    f"bench ternary_linear --repeats {HUGE}", "bench ternary_linear --json .",
    "bench ternary_linear --json /no/such/folder/x.json", "bench ternary_linear --json ''",
    "bench ternary_linear --json /proc/x.json", "bench --device mars", "bench ''", "data", "data fetch",
    "data fetch ''", "data fetch nonsense", "data verify nonsense", "data fetch ../x", "data no-such",
    "labs", "labs build 99", "labs build ''", "labs check ²", "labs mutate nonsense", "labs no-such",
    "labs build --no-such", "new", "new 11_bitnet_reloaded Title", "new nonsense Title", "new 99_x ''",
    "new ../../x Title", "rules 99", "rules ²", "rules ''", "slides 99", "slides ''", "completion",
    "completion tcsh", "arena --profile huge", "site --no-such", "no-such-command", "''", "-x",
    "doctor extra", "doctor --json=", "lighthouse extra", "pdf extra", "toc extra",
]  # fmt: skip


@pytest.fixture
def call(monkeypatch, capsys):
    """Function that calls ``frugal`` with some words; returns the exit status, and what was said."""

    def call(words: str) -> tuple[object, str, str]:
        monkeypatch.setattr(sys, "argv", ["frugal", *shlex.split(words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        code = end.value.code
        return (1, said.out, said.err + code) if isinstance(code, str) else (code or 0, said.out, said.err)

    return call


@pytest.mark.parametrize("words", REFUSED)
def test_bad_input_is_refused_in_words(call, words):
    status, out, err = call(words)
    assert status in (1, 2)
    assert out == ""
    lines = [line for line in err.splitlines() if line and not line.startswith(("Usage:", "Try "))]
    assert status == 2 or len(lines) == 1
    assert "Traceback" not in err


def test_unknown_chapters_are_named_once_each(call):
    _, _, err = call("run 98 11 99 98")
    assert err.count("'98'") == err.count("'99'") == 1
    assert "11_bitnet_reloaded" in err


@pytest.mark.parametrize("words", ["run --limit '' 11", "run 11 --scheduler ''"])
def test_empty_value_is_named(call, words):
    status, _, err = call(words)
    assert status == 2
    assert "an empty value after '--" in err


def test_version_and_status_are_told(call):
    status, out, _ = call("--version")
    assert status == 0
    assert out.startswith("frugal ")
    _, out, _ = call("--help")
    for word in ("Exit status", "130", "interrupted"):
        assert word in out


@pytest.mark.parametrize(
    "words", ["doctor --json", "data list --json", "labs progress --json", "scoreboard --json"]
)
def test_output_for_scripts_is_json(call, words):
    import json

    _, out, _ = call(words)
    assert isinstance(json.loads(out), list)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_names_the_command(call, shell):
    _, out, _ = call(f"completion {shell}")
    assert "_FRUGAL_COMPLETE" in out


def test_chapters_are_completed():
    names = [item.value for item in arguments.Chapter().shell_complete(None, None, "1")]
    assert {"11", "11_bitnet_reloaded"} <= set(names)
    assert not any(name.startswith("3") for name in names)


@pytest.mark.parametrize("words", ["run 11", "site", "slides 11", "shots", "pdf", "labs build 11", "arena"])
def test_folder_that_cannot_be_written_is_told_before_the_work(call, monkeypatch, words):
    monkeypatch.setattr(arguments, "can_write", lambda folder: False)
    status, _, err = call(words)
    assert status == 1
    assert "cannot be written" in err


@pytest.mark.parametrize("kind", [errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT])
def test_what_the_system_refuses_is_a_sentence_with_the_way_out(kind):
    said = cli.sentence(OSError(kind, "Refused", "/some/file"))
    assert "/some/file" in said
    assert any(word in said for word in ("free some space", "FRUGAL_WORKSPACE", "with pip"))


def test_system_error_of_another_kind_is_a_sentence_too(call, monkeypatch):
    @click.command()
    def failing():
        raise NotADirectoryError(errno.ENOTDIR, "Not a directory", "/dev/null/x")

    monkeypatch.setattr(cli.frugal, "get_command", lambda ctx, name: failing)
    status, _, err = call("failing")
    assert status == 1
    assert err.startswith("frugal: Not a directory at '/dev/null/x'")


def test_reader_of_a_pipe_may_leave():
    import subprocess

    command = f"{sys.executable} -c 'from utils.cli import main; main()' data list | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def test_where_nothing_can_be_written_nothing_begins(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FrugalError, match="cannot be written"):
        arguments.must_write(tmp_path / "file/_build")
    arguments.must_write(tmp_path / "not/yet/there")
    assert not (tmp_path / "not").exists()
