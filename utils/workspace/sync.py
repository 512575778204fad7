"""Handing the book's files out into the reader's workspace without ever touching the reader's work.

A note in the workspace keeps two hashes of every file handed out: of the bytes, to see that the book has a
new version, and of what a reader can have put into it. A notebook's work is its cells: sources, outputs,
attachments and tags. Whatever an editor changes besides (ids, kernel names, counters) is none, but is still
kept in a backup before it is written over.
"""

import hashlib
import json
from pathlib import Path

from utils.files import write_atomic

NOTE = ".handed-out.json"
BACKUPS = ".backups"


def hand_out(files: dict[str, bytes], workspace: Path, is_open: bool = False) -> list[str]:
    """Write new and changed files into ``workspace``; beside one with work in it as ``NAME.new.SUFFIX``.

    Parameters
    ----------
    files : dict
        Path below the workspace, to content.
    workspace : Path
        The folder; made if missing. Files in it that are not in ``files`` are left alone.
    is_open : bool
        Whether an editor may have files of the workspace open: then no file that is there is written over.

    Returns
    -------
    list of str
        A sentence for each file that was new, updated, put beside one with work in it, or not to be written.

    Raises
    ------
    OSError
        when nothing can be written into ``workspace``.
    """
    workspace.mkdir(parents=True, exist_ok=True)
    note = _read_note(workspace / NOTE)
    messages = [_try_one(name, data, workspace, note, is_open) for name, data in files.items()]
    write_atomic(workspace / NOTE, json.dumps(note, indent=1, sort_keys=True))
    return [message for message in messages if message]


def _try_one(name: str, data: bytes, workspace: Path, note: dict, is_open: bool) -> str | None:
    try:
        return _hand_out_one(name, data, workspace, note, is_open)
    except OSError as error:
        return f"{name} could not be brought ({error.strerror}); all else was."


def _hand_out_one(name: str, data: bytes, workspace: Path, note: dict, is_open: bool) -> str | None:
    path, old = (workspace / name).resolve(), note.get(name, {})  # a link stays a link
    new = {"bytes": _hash(data), "content": content_hash(data, name)}
    if not path.exists():
        write_atomic(path, data)
        note[name] = new
        return f"{name} is new."
    if old.get("bytes") == new["bytes"]:
        return None
    present = path.read_bytes()
    untouched = _hash(present) == old.get("bytes")
    idle = untouched or content_hash(present, name) in (old.get("content"), new["content"])
    if idle and not is_open:
        if not untouched:
            _back_up(path, name, workspace)
        write_atomic(path, data)
        note[name] = new
        return f"{name} is updated."
    # Remember that this version was offered, and keep the hash of what the reader started from.
    note[name] = {"bytes": new["bytes"], "content": old.get("content")}
    beside = str(Path(name).with_suffix(f".new{Path(name).suffix}"))
    _hand_out_one(beside, data, workspace, note, False)
    reason = "may be open in JupyterLab" if idle else "has your work in it"
    return f"{name} {reason} and stays; the book's new version lies beside it as {beside}."


def _back_up(path: Path, name: str, workspace: Path) -> None:
    """A copy of what is about to be written over; each distinct content once."""
    data = path.read_bytes()
    copy = workspace / BACKUPS / Path(name).with_suffix(f".{_hash(data)[:8]}{path.suffix}")
    write_atomic(copy, data)


def content_hash(data: bytes, name: str) -> str:
    """Hash of a reader's work: a notebook's non-empty cells, or all of another file."""
    if not name.endswith(".ipynb"):
        return _hash(data)
    try:
        cells = [_work(cell) for cell in json.loads(data)["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return _hash(data)
    # JupyterLab adds an empty cell when the last one is run.
    return _hash(json.dumps([cell for cell in cells if any(cell[1:])], sort_keys=True).encode())


def _work(cell: dict) -> list:
    """What a cell holds, in one form however an editor cuts text into lines."""
    outputs = [_without_metadata(output) for output in cell.get("outputs", ())]
    tags = sorted(cell.get("metadata", {}).get("tags", ()))
    return [cell["cell_type"], _text(cell["source"]), outputs, _text(cell.get("attachments", {})), tags]


def _without_metadata(output: dict) -> dict:
    return {key: _text(value) for key, value in output.items() if key not in ("metadata", "execution_count")}


def _text(value: object) -> object:
    """The value with each list of lines joined."""
    if isinstance(value, dict):
        return {key: _text(item) for key, item in value.items()}
    if isinstance(value, list):
        return "".join(value) if all(isinstance(item, str) for item in value) else [_text(i) for i in value]
    return value


def _read_note(path: Path) -> dict:
    """The note; without a readable one every file that differs counts as edited, which loses nothing."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        return {name: entry for name, entry in note.items() if isinstance(entry, dict)}
    except (OSError, ValueError, AttributeError):
        return {}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
