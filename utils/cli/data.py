"""``frugal data``: see, download and check the public data sets of the full experiments."""

import click


@click.group("data")
def command() -> None:
    """List, download and check the data sets of the full profile (quick and smoke need none)."""


@command.command("list")
def list_sets() -> None:
    """Each set with its size, its chapters, its license, and how much of it is on this machine."""
    from utils.data import cache
    from utils.data.registry import data_sets

    for data_set in data_sets():
        here = sum(any(path.is_file() for path in cache.places(data_set, file)) for file in data_set.files)
        size = f"{data_set.bytes / 1e6:.1f} MB, {here} of {len(data_set.files)} files here"
        chapters = ", ".join(f"{number:02}" for number in data_set.chapters)
        click.secho(data_set.name, bold=True)
        click.echo(f"  {data_set.contents}")
        click.echo(f"  {size}, chapters {chapters}")
        click.echo(f"  license: {data_set.license}")
    click.echo(
        f"\nprepared folder (FRUGAL_DATA): {cache.prepared() or 'none'}\ndownloads go to: {cache.own()}"
    )


@command.command("fetch")
@click.argument("names", nargs=-1, required=True)
def fetch_sets(names: tuple[str, ...]) -> None:
    """Download the sets NAMES completely; what is here already is only checked."""
    from utils.data.fetch import fetch_all
    from utils.data.registry import find

    for data_set in [find(name) for name in names]:
        click.echo(f"{data_set.name}: {len(fetch_all(data_set.name))} files, ok")


@command.command("verify")
@click.argument("names", nargs=-1)
def verify_sets(names: tuple[str, ...]) -> None:
    """Check size and SHA-256 of every file here, of the sets NAMES or of all; exit 1 if one is wrong."""
    from utils.data import cache
    from utils.data.registry import data_sets, find
    from utils.errors import FrugalError

    corrupt = []
    for data_set in [find(name) for name in names] or data_sets():
        states = {
            path: cache.state(path, file) for file in data_set.files for path in cache.places(data_set, file)
        }
        corrupt += [path for path, state in states.items() if state == "corrupt"]
        click.echo(f"{data_set.name}: {list(states.values()).count('ok')} files ok")
    if corrupt:
        names = ", ".join(str(path) for path in corrupt)
        raise FrugalError(f"corrupt, delete and fetch again: {names}.")
