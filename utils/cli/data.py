"""``frugal data``: see, download and check the public data sets of the full experiments."""

import json

import click


@click.group("data")
def command() -> None:
    """List, download and check the data sets of the full profile (quick and smoke need none).

    \b
    Example: frugal data fetch cora
    """


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def list_sets(as_json: bool) -> None:
    """Each set with its size, its chapters, its license, and how much of it is on this machine.

    \b
    Example: frugal data list --json
    """
    from utils.data import cache
    from utils.data.registry import data_sets

    if as_json:
        click.echo(json.dumps([_entry(data_set) for data_set in data_sets()], indent=1))
        return
    for data_set in data_sets():
        size = f"{data_set.bytes / 1e6:.1f} MB, {_here(data_set)} of {len(data_set.files)} files here"
        chapters = ", ".join(f"{number:02}" for number in data_set.chapters)
        click.secho(data_set.name, bold=True)
        click.echo(f"  {data_set.contents}")
        click.echo(f"  {size}, chapters {chapters}")
        click.echo(f"  license: {data_set.license}")
    click.echo(
        f"\nprepared folder (FRUGAL_DATA): {cache.prepared() or 'none'}\ndownloads go to: {cache.own()}"
    )


def _here(data_set) -> int:
    """How many files of a set are on this machine."""
    from utils.data import cache

    return sum(any(cache.is_there(path) for path in cache.places(data_set, file)) for file in data_set.files)


def _entry(data_set) -> dict:
    names = ("name", "contents", "bytes", "license", "chapters")
    return {name: getattr(data_set, name) for name in names} | {
        "files": len(data_set.files),
        "files_here": _here(data_set),
    }


@command.command("fetch")
@click.argument("names", nargs=-1, required=True)
def fetch_sets(names: tuple[str, ...]) -> None:
    """Download the sets NAMES completely; what is here already is only checked.

    \b
    Example: frugal data fetch cora tiny_shakespeare
    """
    from utils.data.fetch import fetch_all
    from utils.data.registry import find

    for data_set in [find(name) for name in names]:
        click.echo(f"{data_set.name}: {len(fetch_all(data_set.name))} files, ok")


@command.command("verify")
@click.argument("names", nargs=-1)
def verify_sets(names: tuple[str, ...]) -> None:
    """Check size and SHA-256 of every file here, of the sets NAMES or of all; exit 1 if one is wrong.

    \b
    Example: frugal data verify
    """
    from utils.arguments import progress
    from utils.data import cache
    from utils.data.registry import data_sets, find
    from utils.errors import FrugalError

    corrupt = []
    for data_set in progress([find(name) for name in names] or data_sets(), "verify"):
        states = {
            path: cache.state(path, file) for file in data_set.files for path in cache.places(data_set, file)
        }
        corrupt += [path for path, state in states.items() if state == "corrupt"]
        click.echo(f"{data_set.name}: {list(states.values()).count('ok')} files ok")
    if corrupt:
        names = ", ".join(str(path) for path in corrupt)
        raise FrugalError(f"corrupt, delete and fetch again: {names}.")
