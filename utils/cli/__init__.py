"""The command ``frugal``: one file a subcommand, found by its name and imported only when called."""

import errno
import importlib
import pkgutil
import sys

import click

from utils import interruption
from utils.errors import FrugalError


class Subcommands(click.Group):
    """Loads ``utils/cli/NAME.py`` and its object ``command`` when ``frugal NAME`` is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules(__path__))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        return importlib.import_module(f"utils.cli.{name}").command


@click.group(cls=Subcommands, context_settings={"help_option_names": ["-h", "--help"]})
def frugal() -> None:
    """Run, measure, check and build Frugal Deep Learning."""


def main() -> None:
    """Turn expected failures into one sentence and a non-zero exit status."""
    interruption.listen()
    try:
        sys.exit(frugal.main(standalone_mode=False))
    except FrugalError as error:
        sys.exit(f"frugal: {error}")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        interruption.leave()
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        sys.exit("frugal: the disk is full; free some space (`make clean` removes _build) and call again.")
