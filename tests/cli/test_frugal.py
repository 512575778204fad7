"""The command line as a user meets it: help everywhere, and bad input ends in one sentence."""

import subprocess
import sys

import click
import pytest

from utils import cli
from utils.errors import FrugalError

NAMES = cli.frugal.list_commands(click.Context(cli.frugal))


def frugal(*arguments: str, **options) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", "from utils.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **options)


def all_commands() -> list[tuple[str, ...]]:
    """Every subcommand, and those below it, as the words to type."""
    words = []
    for name in NAMES:
        command = cli.frugal.get_command(click.Context(cli.frugal), name)
        words.append((name,))
        words += [(name, below) for below in getattr(command, "commands", {})]
    return words


@pytest.mark.parametrize("words", [(), *all_commands()], ids=" ".join)
def test_help_says_what_it_does(words, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["frugal", *words, "--help"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert not end.value.code
    text = capsys.readouterr().out
    assert text.startswith("Usage:")
    assert f"Example: {' '.join(('frugal', *words))}" in text or words == ("completion",)


def test_list_of_commands_names_each_with_a_line():
    result = frugal("--help")
    lines = result.stdout.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    listed = {line.split()[0]: line.split()[1:] for line in lines}
    assert sorted(listed) == NAMES
    assert all(listed.values())


@pytest.mark.parametrize("words", [("no-such-command",), ("run", "--no-such-option"), ("data", "fetch")])
def test_wrong_words_are_explained(words):
    result = frugal(*words)
    assert result.returncode == 2
    assert "Error: " in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [("run", "99"), ("run", "nonsense"), ("data", "fetch", "nonsense")])
def test_unknown_name_is_one_sentence(words):
    result = frugal(*words)
    assert result.returncode == 1
    assert result.stderr.startswith("frugal: there is no ")
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "error, status",
    [
        (FrugalError("what is wrong"), "frugal: what is wrong"),
        (OSError(28, "No space left"), "frugal: the disk is full"),
    ],
)
def test_expected_failures_have_no_traceback(monkeypatch, error, status):
    @click.command()
    def failing():
        raise error

    monkeypatch.setattr(cli.frugal, "get_command", lambda ctx, name: failing)
    monkeypatch.setattr(sys, "argv", ["frugal", "failing"])
    with pytest.raises(SystemExit, match=status):
        cli.main()


def test_unexpected_failures_are_not_hidden(monkeypatch):
    @click.command()
    def failing():
        raise ZeroDivisionError

    monkeypatch.setattr(cli.frugal, "get_command", lambda ctx, name: failing)
    monkeypatch.setattr(sys, "argv", ["frugal", "failing"])
    with pytest.raises(ZeroDivisionError):
        cli.main()
