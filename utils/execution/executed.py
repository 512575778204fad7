"""The executed notebook as a reader sees it: outputs of the run, prose of the notebook as it is now."""

import json
from pathlib import Path

from utils.errors import FrugalError
from utils.execution import records
from utils.execution.records import executed_path
from utils.execution.source import load
from utils.execution.syntax import cell_digest
from utils.paths import ROOT


def read(slug: str, profiles: tuple[str, ...] = ("quick",), root: Path = ROOT) -> dict:
    """The notebook with the outputs of its run in the first of ``profiles`` that has been executed.

    Raises
    ------
    FrugalError
        when it has not been executed, when its code has changed since, or when what the run left is damaged.
    """
    profile = next((p for p in profiles if executed_path(slug, p, root).exists()), profiles[0])
    ran = records.executed(slug, profile, root)
    try:
        merged = merge(json.loads(ran), json.loads(load(slug, root).text))
    except (ValueError, KeyError, TypeError, AttributeError):
        merged = None
    if merged is None:
        again = f"call `frugal run {slug[:2]} --profile {profile}` first."
        raise FrugalError(f"notebook {slug} has changed since it was executed; {again}")
    return merged


def merge(ran: dict, stored: dict) -> dict | None:
    """``stored`` with the outputs of ``ran``, or ``None`` where these are not its outputs.

    Code cells are paired by their order. They must say the same apart from layout, and all must have run.
    """
    outputs = [cell for cell in _code(ran) if "injected-parameters" not in cell["metadata"].get("tags", [])]
    if [_digest(cell) for cell in outputs] != [_digest(cell) for cell in _code(stored)]:
        return None
    if not all(cell["execution_count"] or not "".join(cell["source"]).strip() for cell in outputs):
        return None
    following = iter(outputs)
    cells = [_filled(cell, next(following)) if _is_code(cell) else cell for cell in stored["cells"]]
    return {**stored, "cells": cells, "metadata": {**ran["metadata"], **stored["metadata"]}}


def _filled(cell: dict, ran: dict) -> dict:
    return {**cell, "outputs": ran["outputs"], "execution_count": ran["execution_count"]}


def _digest(cell: dict) -> str:
    return cell_digest("".join(cell["source"]))


def _is_code(cell: dict) -> bool:
    return cell["cell_type"] == "code"


def _code(notebook: dict) -> list[dict]:
    return list(filter(_is_code, notebook["cells"]))
