"""``{kernel-compiled} operation``: what compilers made of its Triton kernels (``frugal compile``)."""

import json
from collections.abc import Iterable

from utils.paths import RESULTS
from utils.site.directives.markdown import MarkdownDirective

HEADER = (
    "| Kernel, form | GPU | Registers | Local memory | Shared memory | Matrix instructions | Width of loads "
    "| Barriers |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)
GPUS = {"sm_80": "A100", "sm_90": "H100", "gfx942": "MI300X"}


class KernelCompiled(MarkdownDirective):
    """The compiled forms of one operation, a line for each kernel, form and GPU."""

    required_arguments = 1

    def markdown(self) -> str:
        """The recorded facts of the operation that the directive names."""
        recorded = json.loads((RESULTS / "kernels.compiled.json").read_text(encoding="utf-8"))
        return table(recorded["operations"].get(self.arguments[0], []), recorded["triton"])


def table(rows: Iterable[dict], triton: str) -> str:
    """The rows of ``frugal compile`` as Markdown; those that differ in nothing that is shown stand once."""
    lines = list(dict.fromkeys(map(_line, rows)))
    if not lines:
        return "*There is no Triton kernel of its own.*"
    return "\n".join([f"Compiled by Triton {triton}, without a GPU.", "", HEADER, *lines])


def _line(row: dict) -> str:
    gpu = f"{GPUS[row['target']]} ({row['target']})"
    cells = (
        f"{row['kernel'].replace('_', ' ')}, {row['form']}",
        gpu,
        row["registers"],
        f"{row['stack']} B",
        f"{row['shared']:,} B",
        row["matrix"],
        f"{row['load']} B",
        row["barriers"],
    )
    return f"| {' | '.join(map(str, cells))} |"
