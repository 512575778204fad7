"""``frugal scoreboard``: what became of each claim, here and on another machine."""

from pathlib import Path

import click

from utils.arguments import Chapter


@click.command()
@click.option("--chapter", type=Chapter(), help="Only this chapter (number or slug).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option(
    "--compare",
    "other",
    type=click.Path(path_type=Path),
    metavar="FILE|FOLDER",
    help="Compare these results with the recorded ones; exit 1 when a verdict turns into its opposite.",
)
@click.option("--local", is_flag=True, help="What this machine measured, instead of what the book records.")
@click.pass_context
def command(ctx: click.Context, chapter: str | None, as_json: bool, other: Path | None, local: bool) -> None:
    """Print every claim of the book beside the paper's own figure and our verdicts.

    The verdicts are those that the book records. What `frugal run` measured on this machine lies in
    _build/results: `frugal scoreboard --compare _build/results` sets the two side by side.

    
    Example: frugal scoreboard --chapter 11 --json
    """
    from utils.arguments import slugs as resolve

    if local and other:
        raise click.UsageError("--local and --compare exclude each other: compare _build/results instead.")
    slugs = resolve([chapter] if chapter else [])
    if other is None:
        _print_board(slugs, as_json, local)
    else:
        ctx.exit(_print_comparison(slugs, other, as_json))


def _print_board(slugs: list[str], as_json: bool, local: bool) -> None:
    from utils.evidence import scoreboard, store, table

    rows = scoreboard.rows(slugs, local)
    text = table.scoreboard_text(rows) or "no results yet: `frugal run` measures them."
    _echo(rows, f"{store.LOCAL_NOTICE}\n\n{text}" if local else text, as_json)


def _print_comparison(slugs: list[str], other: Path, as_json: bool) -> int:
    """Print how the verdicts agree; the exit status says whether any two exclude each other."""
    from utils.errors import FrugalError
    from utils.evidence import scoreboard, store, table

    if other.exists() and not (other.is_file() or other.is_dir()):
        raise FrugalError(f"'{other}' is neither a file nor a folder: give results written by `frugal run`.")
    theirs = [results for results in store.read_all(other) if results["chapter"] in slugs]
    agreements = scoreboard.compare(theirs)
    if all(agreement.ours is None for agreement in agreements):
        raise FrugalError(f"'{other}' holds no claim that was recorded here too.")
    _echo(agreements, table.agreement_text(agreements), as_json)
    return int(any(a.relation == scoreboard.CONTRADICTS for a in agreements))


def _echo(entries: list, text: str, as_json: bool) -> None:
    import json
    from dataclasses import asdict

    click.echo(json.dumps([asdict(entry) for entry in entries], indent=1) if as_json else text)
