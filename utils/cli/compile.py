"""``frugal compile``: the Triton kernels as machine code for several GPUs, without a GPU."""

from collections.abc import Iterator
from pathlib import Path

import click

from utils.arguments import NewFile


@click.command()
@click.argument("names", nargs=-1, metavar="[OPERATION]...")
@click.option("--all", "every", is_flag=True, help="Every form, not only those with a promise of their own.")
@click.option("--json", "path", type=NewFile(), help="Also write what was found to this file.")
def command(names: tuple[str, ...], every: bool, path: Path | None) -> None:
    """Compile kernels (all, or those of the named operations) for NVIDIA and AMD GPUs; none is needed.

    Registers, local and shared memory, matrix instructions and the width of loads are printed, and held
    against what each operation declares.

    \b
    Example: frugal compile layernorm_quantize
    """
    from importlib.metadata import version

    from utils import compact_json
    from utils.errors import FrugalError
    from utils.files import write_atomic
    from utils.kernels.compiled import run

    known = {operation.stem: operation for operation in run.compiled()}
    for name in names:
        if name not in known:
            raise FrugalError(f"there is no Triton kernel '{name}'; there are: {', '.join(sorted(known))}.")
    run.require_compiler()
    found = {name: list(_told(run.run(known[name], every))) for name in names or sorted(known)}
    if path:
        write_atomic(
            path, compact_json.dumps({"schema": 1, "triton": version("triton"), "operations": found})
        )
    broken = sum(bool(row["problems"]) for rows in found.values() for row in rows)
    if broken:
        raise FrugalError(
            f"{broken} compiled forms break a limit or what is declared; they are listed above."
        )


def _told(rows: Iterator[dict]) -> Iterator[dict]:
    for row in rows:
        facts = {name: value for name, value in row.items() if isinstance(value, int)}
        said = ", ".join(f"{name} {value}" for name, value in facts.items())
        click.echo(f"{row['kernel']} ({row['form']}) for {row['target']}: {said}")
        for problem in row["problems"]:
            click.echo(f"  {row['kernel']} ({row['form']}) for {row['target']}: {problem}.")
        yield row
