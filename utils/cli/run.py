"""``frugal run``: execute the notebooks whose inputs have changed."""

import click

from utils.arguments import Chapter


@click.command(short_help="Execute the notebooks whose inputs have changed.")
@click.argument("chapters", nargs=-1, type=Chapter(), metavar="[NN]...")
@click.option("--profile", type=click.Choice(["smoke", "quick", "full"]), default="quick", show_default=True)
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto", show_default=True)
@click.option("--workers", type=click.IntRange(1, 256), help="Notebooks at a time.  [default: one per core]")
@click.option("--scheduler", metavar="ADDRESS", help="Run on the Dask cluster with this scheduler.")
@click.option("--force", is_flag=True, help="Run also what is up to date.")
@click.option("--dry-run", is_flag=True, help="Only say what would run, and why.")
@click.option(
    "--limit", metavar="TIME", help="End a notebook after this time.  [default: 10m, 10m, 1h by profile]"
)
@click.option(
    "--budget", metavar="TIME", help="End the whole run within this time; those without results first."
)
@click.option("--record", is_flag=True, help="Also copy the results to results/, which git keeps.")
@click.option("--because", metavar="SENTENCE", default="", help="With --record: why verdicts turn.")
@click.option("-p", "extra", nargs=2, multiple=True, metavar="NAME VALUE", help="Set another parameter.")
def command(chapters, **options):
    """Execute notebooks into _build/executed, each only if something that it depends on has changed.

    Chapters are numbers or slugs; without any, all that are written. Times are 90s, 25m, 1h.

    \b
    Example: frugal run 11 30 --profile full --budget 25m
    """
    from utils.arguments import must_write, slugs
    from utils.execution.session import Options, run
    from utils.paths import BUILD

    chosen = slugs(chapters)
    if not options["dry_run"]:
        must_write(BUILD)
    run(chosen, Options(**options))
