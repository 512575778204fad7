"""``frugal lab``: bring the reader's workspace up to date and open JupyterLab in it."""

import click


@click.command("lab", context_settings={"ignore_unknown_options": True})
@click.argument("jupyter_options", nargs=-1, type=click.UNPROCESSED)
@click.option("--sync-only", is_flag=True, help="Bring the workspace up to date and stop there.")
def command(jupyter_options: tuple[str, ...], sync_only: bool) -> None:
    """Open JupyterLab in workspace/ on a start page.

    New and changed notebooks and labs are brought there first; a file that you edited is never overwritten.
    JUPYTER_OPTIONS such as --no-browser or --port=9999 are passed on to JupyterLab.
    """
    from utils.workspace.kernel import register_kernel
    from utils.workspace.news import silence_news

    _sync()
    register_kernel()
    silence_news()
    if not sync_only:
        _open(jupyter_options)


def _sync() -> None:
    from utils.chapters import written
    from utils.labs.progress import summary
    from utils.paths import WORKSPACE
    from utils.workspace.collect import book_files, student_labs
    from utils.workspace.start import START, start_page
    from utils.workspace.sync import hand_out

    chapters = written()
    files = book_files(chapters) | student_labs(chapters)
    points = {lab.slug: f"{lab.points:g} of {lab.possible:g} points" for lab in summary()}
    for message in hand_out(files | {START: start_page(chapters, files, points)}, WORKSPACE):
        click.echo(message)


def _open(options: tuple[str, ...]) -> None:
    """Become JupyterLab, so that its signals and its exit status are its own."""
    import os
    import sys
    from pathlib import Path

    from utils.paths import WORKSPACE
    from utils.workspace.start import START

    os.chdir(WORKSPACE)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    # In a container root is often the only user, and JupyterLab refuses it unless told.
    root = ["--allow-root"] if os.geteuid() == 0 else []
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", START, *root, *options])
