"""Widgets on pages without a kernel: the HTML that ``host.js`` brings to life, and the files it needs."""

import base64
import html as markup
import importlib
import inspect
import json

from utils.errors import FrugalError
from utils.widgets.base import FOLDER, Widget, front_end

SHARED = ("host.js", "common.js", "common.css")


def stems() -> list[str]:
    """Every widget: a Python module that has a front-end module of the same stem."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if path.with_suffix(".js").exists())


def widget_class(stem: str) -> type[Widget]:
    """The class in ``utils/widgets/<stem>.py``.

    Raises
    ------
    FrugalError
        when there is no such widget.
    """
    if stem not in stems():
        raise FrugalError(f"there is no widget '{stem}'; there are: {', '.join(stems())}.")
    module = importlib.import_module(f"utils.widgets.{stem}")
    own = [value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__]
    return next(value for value in own if inspect.isclass(value) and issubclass(value, Widget))


def embed(stem: str, **state) -> str:
    """HTML of a widget for a static page, with these trait values (others keep their defaults).

    Raises
    ------
    FrugalError
        for an unknown widget or trait, or a value that the trait refuses.
    """
    return html(widget_class(stem)(**state))


def html(widget: Widget) -> str:
    """The element that ``host.js`` fills; a reader without scripts finds the summary in it."""
    # "<" never appears as such, so that no value can end the script element early
    state = json.dumps(widget.state(), default=encode).replace("<", "\\u003c")
    return (
        f'<div class="frugal-widget" data-widget="{widget.stem}">'
        f'<script type="application/json">{state}</script>'
        f"<p>{markup.escape(widget.summary)} This figure moves where scripts are allowed.</p>"
        "</div>"
    )


def files() -> dict[str, str]:
    """All files to serve in one folder of the site, text by name; a page with a widget loads ``host.js``."""
    shared = {name: (FOLDER / name).read_text(encoding="utf-8") for name in SHARED}
    return shared | {f"{stem}.js": front_end(widget_class(stem)) for stem in stems()}


def encode(value: object) -> object:
    """Bytes in the form that JSON holds and ``host.js`` decodes."""
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    raise TypeError(f"a widget's state cannot hold {type(value).__name__}")
