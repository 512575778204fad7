"""Handing the book's files out into the reader's workspace without ever touching the reader's work.

A note in the workspace keeps two hashes of every file handed out: of the bytes, to see that the book has a
new version, and of the content, to see that the reader has edited. Only cells count as a notebook's content,
so one that was merely run counts as unedited.
"""

import hashlib
import json
from pathlib import Path

from utils.files import write_atomic

NOTE = ".handed-out.json"


def hand_out(files: dict[str, bytes], workspace: Path) -> list[str]:
    """Write new and changed files into ``workspace``; beside an edited one as ``NAME.new.SUFFIX``.

    Parameters
    ----------
    files : dict
        Path below the workspace, to content.
    workspace : Path
        The folder; made if missing. Files in it that are not in ``files`` are left alone.

    Returns
    -------
    list of str
        A sentence for each file that was new, updated, or put beside an edited one.
    """
    note = _read_note(workspace / NOTE)
    messages = [_hand_out_one(name, data, workspace, note) for name, data in files.items()]
    write_atomic(workspace / NOTE, json.dumps(note, indent=1, sort_keys=True))
    return [message for message in messages if message]


def _hand_out_one(name: str, data: bytes, workspace: Path, note: dict) -> str | None:
    path, old = workspace / name, note.get(name, {})
    new = {"bytes": _hash(data), "content": content_hash(data, name)}
    if not path.exists():
        write_atomic(path, data)
        note[name] = new
        return f"{name} is new."
    if old.get("bytes") == new["bytes"]:
        return None
    present = content_hash(path.read_bytes(), name)
    if present in (old.get("content"), new["content"]):
        write_atomic(path, data)
        note[name] = new
        return f"{name} is updated."
    # Edited: remember that this version was offered, and keep the hash of what the reader started from.
    note[name] = {"bytes": new["bytes"], "content": old.get("content")}
    beside = str(Path(name).with_suffix(f".new{Path(name).suffix}"))
    _hand_out_one(beside, data, workspace, note)
    return f"{name} has your edits and stays; the book's new version lies beside it as {beside}."


def content_hash(data: bytes, name: str) -> str:
    """Hash of what the reader edits: the sources of a notebook's non-empty cells, or all of another file."""
    if not name.endswith(".ipynb"):
        return _hash(data)
    try:
        cells = json.loads(data)["cells"]
        sources = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (ValueError, KeyError, TypeError):
        return _hash(data)
    # JupyterLab adds an empty cell when the last one is run.
    return _hash(json.dumps([source for source in sources if source[1].strip()]).encode())


def _read_note(path: Path) -> dict:
    """The note; without a readable one every file that differs counts as edited, which loses nothing."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
