"""``frugal completion``: let a shell complete commands, options and chapters."""

import click


@click.command(short_help="Print what makes a shell complete this command.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the lines that make a SHELL complete commands, options and chapters.

    \b
    Example: eval "$(frugal completion bash)"    in ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    from utils.cli import frugal

    click.echo(get_completion_class(shell)(frugal, {}, "frugal", "_FRUGAL_COMPLETE").source())
