"""The command ``frugal``: one file a subcommand, found by its name and imported only when called."""

import errno
import importlib
import os
import pkgutil
import sys

import click

from utils import interruption
from utils.errors import FrugalError

STATUS = """\b
Exit status:
  0    done
  1    refused or failed; one sentence says why and what to do
  2    words that the command does not know; its help is at `frugal COMMAND --help`
  130  interrupted
"""
# The reader's way out, by kind of failure; `frugal` says file and kind before it.
WAYS_OUT = {
    errno.ENOSPC: "free some space (`make clean` removes _build) and call again",
    errno.EDQUOT: "free some space (`make clean` removes _build) and call again",
    errno.EROFS: "copy the book to a folder of yours, or install it with pip (see the page on setting up)",
    errno.EACCES: "make it yours or writable, or set FRUGAL_WORKSPACE to a folder of yours",
    errno.EPERM: "make it yours or writable, or set FRUGAL_WORKSPACE to a folder of yours",
    errno.ENAMETOOLONG: "take a shorter name",
}


class Subcommands(click.Group):
    """Loads ``utils/cli/NAME.py`` and its object ``command`` when ``frugal NAME`` is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the files beside this one."""
        return sorted(module.name for module in pkgutil.iter_modules(__path__))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of a file, imported when it is asked for."""
        if name not in self.list_commands(ctx):
            return None
        return importlib.import_module(f"utils.cli.{name}").command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse empty words everywhere: an unset variable of a shell would mean "no limit" or "run here"."""
        for before, word in zip(["", *args], args, strict=False):
            if not word.strip() or (word.startswith("--") and word.endswith("=") and args[0] != "lab"):
                name = word.rstrip("=") or before
                raise click.UsageError(
                    f"an empty value after '{name}' (an unset variable?): leave it out.", ctx
                )
        return super().parse_args(ctx, args)


@click.group(cls=Subcommands, epilog=STATUS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="frugal-deep-learning", message="frugal %(version)s")
def frugal() -> None:
    """Run, measure, check and build Frugal Deep Learning.

    \b
    Example: frugal run 11 --profile quick
    """


def main() -> None:
    """Turn expected failures into one sentence and a non-zero exit status."""
    interruption.listen()
    _settle_output()
    try:
        sys.exit(frugal.main(standalone_mode=False))
    except FrugalError as error:
        sys.exit(f"frugal: {error}")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        interruption.leave()
    except BrokenPipeError:  # the reader of a pipe (`| head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if os.environ.get("FRUGAL_DEBUG"):
            raise
        sys.exit(f"frugal: {sentence(error)}")


def sentence(error: OSError) -> str:
    """What the system refused, where, and the way out."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full{_where(error)}; {WAYS_OUT[error.errno]}."
    way_out = WAYS_OUT.get(error.errno, "FRUGAL_DEBUG=1 before the command shows where this happened")
    return f"{error.strerror or error}{_where(error)}; {way_out}."


def _where(error: OSError) -> str:
    return f" at '{error.filename}'" if error.filename else ""


def _settle_output() -> None:
    """No word of ours may fail because a terminal lacks its letters."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
