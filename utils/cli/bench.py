"""``frugal bench``: measure the kernels beside the best that installs, in the same run."""

import json
from pathlib import Path

import click

from utils.arguments import NewFile
from utils.files import write_atomic


@click.command()
@click.argument("operations", nargs=-1)
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True)
@click.option(
    "--threads", type=click.IntRange(1, 1024), help="Threads of ours and of every peer. [PyTorch's]"
)
@click.option(
    "--repeats", type=click.IntRange(3, 10_000), default=15, show_default=True, help="Timed rounds."
)
@click.option("--json", "path", type=NewFile(), help="Also write the figures to this file.")
def command(
    operations: tuple[str, ...], device: str, threads: int | None, repeats: int, path: Path | None
) -> None:
    """Measure kernels (all, or the named OPERATIONS) beside their peers, interleaved.

    The first call, which compiles, is told apart and never counted as run time.

    \b
    Example: frugal bench ternary_linear --json ternary.json
    """
    import torch

    from utils.kernels.bench.run import run
    from utils.kernels.bench.table import table

    if threads:
        torch.set_num_threads(threads)

    def keep(name: str, row: dict, result: dict) -> None:
        click.echo(f"measured {name}: {row['shape']}", err=True)
        if path:  # whatever ends the run later, this row is kept
            write_atomic(path, json.dumps(result, indent=1) + "\n")

    result = run(list(operations), device, repeats, report=keep)
    for name in result["operations"]:
        click.echo(f"\n{name}\n")
        click.echo(table(name, {device: result}, (device,)))
    if path:
        write_atomic(path, json.dumps(result, indent=1) + "\n")
