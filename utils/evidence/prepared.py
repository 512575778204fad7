"""What does not fit a minute is prepared in the open: computed by the notebook's own cells, stored, checked.

A preparation has two parts with disjoint seeds. ``tune`` may be looked at to choose; ``judge`` stays sealed
until the study judges. ``frugal prepare`` writes both, ``quick`` reads them and recomputes one seed.
"""

import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from utils import compact_json
from utils.errors import FrugalError
from utils.files import write_atomic
from utils.paths import PREPARED

LARGEST = 1_000_000  # bytes of one file
STRICT = "FRUGAL_STRICT"
FOLDER = "FRUGAL_PREPARED"  # where preparations lie; the book's own by default
WRITING = "FRUGAL_PREPARE"  # set by `frugal prepare`: the provenance and fingerprint that go into the files


def folder() -> Path:
    """Where preparations lie."""
    return Path(os.environ.get(FOLDER) or PREPARED)


def is_preparing() -> bool:
    """Whether ``frugal prepare`` runs this notebook."""
    return WRITING in os.environ


@dataclass(frozen=True)
class Preparation:
    """One stored file: what was prepared, and whether it fits what the notebook asks for.

    Attributes
    ----------
    slug, name : str
        Chapter and name.
    content : dict
        ``asked`` (sizes, grids, seeds), ``tune`` and ``judge``.
    """

    slug: str
    name: str
    content: dict[str, Any]

    @property
    def path(self) -> Path:
        """``results/prepared/NN_name.json``."""
        return path_of(self.slug, self.name)

    def check(self, asked: Mapping[str, Any]) -> None:
        """Refuse a preparation made for other sizes, grids or seeds.

        Raises
        ------
        FrugalError
            When something differs; it is named.
        """
        now = json.loads(compact_json.dumps(asked))
        for field in now:
            if self.content["asked"].get(field) != now[field]:
                raise FrugalError(
                    f"{self.path.name} was prepared with another {field} than the notebook asks for: "
                    f"`frugal prepare {self.slug[:2]}` makes it anew."
                )


def path_of(slug: str, name: str) -> Path:
    """Where a preparation lies."""
    return folder() / f"{slug[:2]}_{name}.json"


def read(slug: str, name: str) -> Preparation:
    """A stored preparation.

    Raises
    ------
    FrugalError
        When it is missing or no preparation.
    """
    path = path_of(slug, name)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not {"asked", "tune", "judge", "fingerprint", "provenance", "cpu_seconds"} <= set(content):
            raise ValueError("a part is missing")
    except FileNotFoundError:
        raise FrugalError(f"{path.name} is not there: `frugal prepare {slug[:2]}` makes it.") from None
    except ValueError as error:
        remedy = f"`frugal prepare {slug[:2]}` makes it anew"
        raise FrugalError(f"{path.name} is damaged ({error}): {remedy}.") from error
    return Preparation(slug, name, content)


def write(slug: str, name: str, asked: Mapping, tune: Mapping, judge: Mapping, seconds: float) -> Path:
    """Store a preparation with what ``frugal prepare`` says about the run.

    Raises
    ------
    FrugalError
        When it is larger than 1 MB.
    """
    about = json.loads(os.environ[WRITING])
    content = {"chapter": slug, "name": name, **about, "cpu_seconds": round(seconds, 1)}
    content |= {"asked": asked, "tune": tune, "judge": judge}
    text = compact_json.dumps(content)
    if len(text) > LARGEST:
        raise FrugalError(f"preparation '{name}' takes {len(text):,} bytes; {LARGEST:,} are the most.")
    write_atomic(path_of(slug, name), text)
    return path_of(slug, name)


def weights_path(path: Path, arm: str) -> Path:
    """Where the weights of an arm lie, beside its preparation."""
    return path.with_suffix(f".{arm}.npz")


def write_weights(path: Path, kept: object) -> None:
    """Store tensors that a trial kept, by name; anything else it kept is not stored."""
    if isinstance(kept, Mapping) and all(hasattr(value, "numpy") for value in kept.values()):
        raw = io.BytesIO()
        np.savez_compressed(raw, **{name: tensor.detach().cpu().numpy() for name, tensor in kept.items()})
        write_atomic(path, raw.getvalue())


def read_weights(path: Path) -> dict[str, torch.Tensor] | None:
    """Tensors by name; None where none are stored. Pickles are refused."""
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as arrays:
        return {name: torch.from_numpy(arrays[name]) for name in arrays.files}


def compared(what: str, seed: int, kept: float, now: float, spread: Sequence[float]) -> str:
    """Both values in a sentence; a difference larger than the spread of the stored seeds is called one.

    Raises
    ------
    FrugalError
        For such a difference where ``$FRUGAL_STRICT`` is set: the weekly job on the recording architecture.
    """
    said = f"{what}, seed {seed}: prepared {kept:.6g}, computed now {now:.6g}"
    width = float(np.ptp(np.asarray(spread, dtype=float)))
    if abs(kept - now) > width and os.environ.get(STRICT):
        raise FrugalError(
            f"{said}; stored seeds differ by {width:.3g} only: the preparation is not repeated."
        )
    return said + ("." if abs(kept - now) <= width else f"; stored seeds differ by {width:.3g} only: why?")
