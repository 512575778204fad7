"""``frugal lab``: bring the reader's workspace up to date and open JupyterLab in it."""

import click


@click.command("lab", context_settings={"ignore_unknown_options": True})
@click.argument("jupyter_options", nargs=-1, type=click.UNPROCESSED)
@click.option("--sync-only", is_flag=True, help="Bring the workspace up to date and stop there.")
def command(jupyter_options: tuple[str, ...], sync_only: bool) -> None:
    """Open JupyterLab in the workspace on a start page.

    New and changed notebooks and labs are brought there first; a file with your work in it stays as it is.
    JUPYTER_OPTIONS such as --no-browser or --port=9999 are passed on to JupyterLab.

    \b
    Example: frugal lab --no-browser
    """
    from utils.paths import WORKSPACE
    from utils.workspace.jupyter import set_up

    _sync()
    variables = set_up(WORKSPACE)
    if not sync_only:
        _open(variables, jupyter_options)


def _sync() -> None:
    from utils.chapters import written
    from utils.labs.progress import summary
    from utils.paths import WORKSPACE
    from utils.workspace.collect import book_files, student_labs
    from utils.workspace.servers import is_served
    from utils.workspace.start import START, start_page
    from utils.workspace.sync import hand_out

    chapters = written()
    labs, troubles = student_labs(chapters)
    files = book_files(chapters) | labs
    points = {lab.slug: f"{lab.points:g} of {lab.possible:g} points" for lab in summary()}
    is_open = is_served(WORKSPACE)
    if not (is_open and (WORKSPACE / START).is_file()):
        files[START] = start_page(chapters, files, points)
    for message in [*hand_out(files, WORKSPACE, is_open), *troubles, *_taken_names(WORKSPACE)]:
        click.echo(message)


def _taken_names(workspace) -> list[str]:
    """A sentence for each file of the reader's that hides the book's package from editors other than ours."""
    found = [path for path in workspace.glob("**/utils.py") if not any(p[0] == "." for p in path.parts)]
    return [
        f"{path} has the name of the book's package: rename it, or labs may not find `utils`."
        for path in found
    ]


def _open(variables: dict[str, str], options: tuple[str, ...]) -> None:
    """Become JupyterLab, so that its signals and its exit status are its own."""
    import os
    import subprocess
    import sys

    from utils.paths import WORKSPACE
    from utils.workspace import jupyter
    from utils.workspace.start import START

    os.environ.update(variables)
    call = jupyter.command(WORKSPACE, START, options)
    os.chdir(WORKSPACE)
    if os.name == "nt":  # where a process cannot become another one
        sys.exit(subprocess.call(call))
    os.execv(call[0], call)
