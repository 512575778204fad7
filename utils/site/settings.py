"""What the site takes from its surroundings: address, repository, version, commit and date."""

import os
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version

from utils.paths import ROOT

LAUNCH = {
    "notebook_interface": "jupyterlab",
    "binderhub_url": "https://mybinder.org",
}


def settings(environment: dict[str, str] | None = None) -> dict:
    """Sphinx settings from the environment: address of the site, repository, branch, date of the build.

    ``FRUGAL_SITE_URL`` is the address under which the site is published, ``FRUGAL_REPOSITORY`` that of the
    repository: without it, no page has an edit or launch button. ``FRUGAL_BRANCH`` defaults to ``main``.
    """
    environment = os.environ if environment is None else environment
    repository = environment.get("FRUGAL_REPOSITORY", "")
    options = {"html_baseurl": environment.get("FRUGAL_SITE_URL", ""), "frugal_date": _date(environment)}
    options["release"] = version("frugal-deep-learning")
    options["frugal_commit"] = _commit()
    if repository:
        options["html_theme_options.repository_url"] = repository
        options["html_theme_options.repository_branch"] = environment.get("FRUGAL_BRANCH", "main")
        options["html_theme_options.use_edit_page_button"] = True
        options["html_theme_options.use_repository_button"] = True
        options["html_theme_options.launch_buttons"] = LAUNCH
    return options


def _date(environment: dict[str, str]) -> str:
    """The day of the build, or that of ``SOURCE_DATE_EPOCH`` for builds that can be repeated bit by bit."""
    epoch = environment.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return moment.date().isoformat()


def _commit() -> str:
    """The short name of the commit, empty where this is not a checkout."""
    call = ["git", "rev-parse", "--short=10", "HEAD"]
    try:
        return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
