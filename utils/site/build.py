"""Build the website: stage the sources, let Sphinx write them, then put the new site in place."""

import shutil
from pathlib import Path

from utils.errors import FrugalError
from utils.paths import ROOT
from utils.site import katex
from utils.site.markup import bundle, front, lighten
from utils.site.settings import settings
from utils.site.stage import PROFILES, listed, stage
from utils.site.styles import purge

# Extensions of Jupyter Book that this book does not need and whose scripts every page would load.
UNUSED = ("sphinx_thebe", "sphinx_comments", "sphinx_togglebutton", "sphinx_multitoc_numbering")
# sphinx-external-toc loads it all the same. It works on the finished trees, but does not declare that.
UNDECLARED = "sphinx_multitoc_numbering"
PROCESSES = 2


def build(
    root: Path = ROOT,
    target: Path | None = None,
    fresh: bool = False,
    profiles: tuple[str, ...] = PROFILES,
    solutions: bool = False,
) -> Path:
    """Build the site of the book under ``root`` into ``target`` (default ``root/_build/html``).

    Only changed pages are written again. The last good site stays untouched until the new one is complete.
    Of each notebook it shows the run of the first of ``profiles`` that has been executed; of each lab its
    solutions only when asked for.

    Raises
    ------
    FrugalError
        when a source is missing, or Sphinx reports an error or a warning or leaves a page out.
    """
    target = target or root / "_build" / "html"
    source = stage(root, target.parent / "source", profiles, solutions)
    draft = target.parent / "html.draft"  # kept: Sphinx compares it with the sources
    doctrees = target.parent / "doctrees"
    whole = doctrees / "whole"  # left by a build that ended well: after any other Sphinx warns no more
    fresh = fresh or not whole.is_file()
    whole.unlink(missing_ok=True)
    if _sphinx(source, draft, doctrees, fresh):
        raise FrugalError("the site has errors or warnings (see above); the last good site is unchanged.")
    if lost := [page for page in listed(source) if not (draft / f"{page}.html").is_file()]:
        raise FrugalError(f"Sphinx did not write {lost[0]} (of {len(lost)} pages); call `frugal site` again.")
    _replace(draft, target)
    whole.touch()
    return target


def _sphinx(source: Path, draft: Path, doctrees: Path, fresh: bool) -> int:
    from jupyter_book.config import get_final_config
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    overrides = {"external_toc_path": "_toc.yml", "latex_individualpages": False}
    config, _ = get_final_config(user_yaml=source / "_config.yml", cli_config=overrides, sourcedir=source)
    config["extensions"] = [name for name in config["extensions"] if name not in UNUSED]
    config.pop("comments_config")
    config["html_theme_options"] = dict(config["html_theme_options"])
    for key, value in settings().items():
        group, _, option = key.partition(".")
        (config[group] if option else config).update({option or key: value})
    try:
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                source,
                None,
                draft,
                doctrees,
                "html",
                config,
                freshenv=fresh,
                warningiserror=True,
                keep_going=True,
                parallel=PROCESSES,
            )
            app.extensions[UNDECLARED].parallel_read_safe = True
            app.build()
            return app.statuscode
    except SphinxError as error:
        raise FrugalError(f"Sphinx stopped: {error}") from error


def _replace(draft: Path, target: Path) -> None:
    """Copy ``draft`` beside ``target`` and swap the two names; a crash in between loses neither."""
    new, old = target.with_name("html.new"), target.with_name("html.old")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(
        draft, new, ignore=shutil.ignore_patterns(".buildinfo", "fontawesome*", "webfonts", "katex.min.js")
    )
    lighten(new)
    katex.draw(new)
    purge(new)
    bundle(new)
    front(new)
    if target.exists():
        shutil.rmtree(old, ignore_errors=True)
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)
