"""``frugal bench``: measure the kernels beside the best that installs, in the same run."""

import json
from pathlib import Path

import click

from utils.files import write_atomic


@click.command()
@click.argument("operations", nargs=-1)
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True)
@click.option("--threads", type=click.IntRange(min=1), help="Threads of ours and of every peer. [PyTorch's]")
@click.option("--repeats", type=click.IntRange(min=3), default=15, show_default=True, help="Timed rounds.")
@click.option("--json", "path", type=click.Path(path_type=Path), help="Also write the figures to this file.")
def command(
    operations: tuple[str, ...], device: str, threads: int | None, repeats: int, path: Path | None
) -> None:
    """Measure kernels (all, or the named OPERATIONS) beside their peers, interleaved.

    The first call, which compiles, is told apart and never counted as run time.
    """
    import torch

    from utils.kernels.bench.run import run
    from utils.kernels.bench.table import table

    if threads:
        torch.set_num_threads(threads)
    result = run(list(operations), device, repeats, report=_progress)
    for name in result["operations"]:
        click.echo(f"\n{name}\n")
        click.echo(table(name, {device: result}, (device,)))
    if path:
        write_atomic(path, json.dumps(result, indent=1) + "\n")


def _progress(name: str, row: dict) -> None:
    click.echo(f"measured {name}: {row['shape']}", err=True)
