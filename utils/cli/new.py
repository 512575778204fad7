"""``frugal new``: begin a chapter, a widget, a kernel or a data set."""

from pathlib import Path

import click

NUMBER = click.IntRange(1, 30)


@click.group("new")
def command() -> None:
    """Draft files that work and pass their tests; then replace their content.

    \b
    Example: frugal new widget noise_schedule 1
    """


@command.command("chapter")
@click.argument("slug", metavar="NN_SLUG")
@click.argument("title")
def chapter(slug: str, title: str) -> None:
    """Draft a chapter: claims, page, notebook and lab that run and keep the house rules.

    \b
    Example: frugal new chapter 13_few_bits "Training in few bits"
    """
    from utils.scaffold.chapter import draft

    _show(
        lambda: draft(slug, title),
        f"Now write. `frugal rules {slug}` says what is missing; once whole, set its state in book/map.yml.",
    )


@command.command("widget")
@click.argument("stem")
@click.argument("number", metavar="NN", type=NUMBER)
def widget(stem: str, number: int) -> None:
    """Draft the widget STEM for chapter NN: its Python class, its front end, its test.

    \b
    Example: frugal new widget noise_schedule 1
    """
    from utils.scaffold.parts import draft

    _show(
        lambda: draft("widget", stem, number),
        f"Show it on the page by the directive {{widget}}, and name {stem} in the chapter's `widgets` in "
        "book/map.yml.",
    )


@command.command("kernel")
@click.argument("stem")
@click.argument("number", metavar="NN", type=NUMBER)
def kernel(stem: str, number: int) -> None:
    """Draft the operation STEM for chapter NN: reference, CPU and Triton kernel, benchmark, test, page.

    \b
    Example: frugal new kernel ternary_linear 11
    """
    from utils.scaffold.parts import draft

    _show(
        lambda: draft("kernel", stem, number),
        f"Add a call of {stem} to tests/kernels/examples.py, and the stem to the chapter's `kernels` in "
        "book/map.yml.",
    )


@command.command("dataset")
@click.argument("name")
@click.argument("number", metavar="NN", type=NUMBER)
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@click.option("--file", type=click.Path(path_type=Path), help="A copy of the file that lies here already.")
def dataset(name: str, number: int, urls: tuple[str, ...], file: Path | None) -> None:
    """Draft the data set NAME for chapter NN: what is known of it, its loader, its test.

    Each URL has the same bytes, and a commit in its path. The file is read once for its size and SHA-256.

    \b
    Example: frugal new dataset poems 4 https://raw.githubusercontent.com/a/b/COMMIT/poems.txt
    """
    from utils.scaffold.parts import draft_dataset

    _show(
        lambda: draft_dataset(name, number, urls, file),
        f"Say in utils/data/sets/{name}.yml what it is and under which license, and name it in the chapter's "
        "`data` in book/map.yml.",
    )


def _show(draft, then: str) -> None:
    """Draft, list the files, say what comes next."""
    from utils.arguments import must_write
    from utils.paths import ROOT

    must_write(ROOT)
    for path in draft():
        click.echo(path.relative_to(ROOT))
    click.echo(then)
