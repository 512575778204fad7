"""JupyterLab without its news: nothing is asked of the reader, and nothing of the network."""

import json
import sys
from pathlib import Path

from utils.files import write_atomic

ANNOUNCEMENTS = "@jupyterlab/apputils-extension:announcements"


def silence_news(prefix: Path = Path(sys.prefix)) -> None:
    """Disable the extension that announces news and updates, for this environment; other settings stay."""
    path = prefix / "etc/jupyter/labconfig/page_config.json"
    config = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    disabled = config.setdefault("disabledExtensions", {})
    if not disabled.get(ANNOUNCEMENTS):
        disabled[ANNOUNCEMENTS] = True
        write_atomic(path, json.dumps(config, indent=2))
