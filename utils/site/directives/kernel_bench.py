"""What the declarations of the kernels and their committed measurements say on pages.

``{kernel-index}`` is the table of all operations, ``{kernel-head} operation`` opens an operation's page, and
``{kernel-bench} operation`` holds its measurements beside its peers.
"""

import json
from typing import TYPE_CHECKING

from utils.kernels.bench.table import WHERE, table
from utils.paths import RESULTS
from utils.site.directives.markdown import MarkdownDirective

if TYPE_CHECKING:
    from utils.kernels.operation import Operation


class KernelBench(MarkdownDirective):
    """The measurements of one operation, a part for each device."""

    required_arguments = 1

    def markdown(self) -> str:
        """The text that stands in the page."""
        return table(self.arguments[0], {device: measured(device) for device in WHERE})


def measured(device: str) -> dict | None:
    """``results/kernels.<device>.json``; ``None`` where nobody measured yet."""
    path = RESULTS / f"kernels.{device}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


class KernelIndex(MarkdownDirective):
    """All operations, ordered by chapter."""

    def markdown(self) -> str:
        """The text that stands in the page."""
        from utils.kernels.operations import operations  # imports torch, which few pages need

        rows = [f"| [{op.stem}]({op.stem}.md) | {op.chapter} | {op.says} |" for op in operations()]
        return "\n".join(["| Operation | Chapter | What it computes |", "| --- | --- | --- |", *rows])


class KernelHead(MarkdownDirective):
    """Chapter, file, back ends and source of one operation."""

    required_arguments = 1

    def markdown(self) -> str:
        """The text that stands in the page."""
        from utils.kernels.operations import operations

        return head(next(op for op in operations() if op.stem == self.arguments[0]))


def head(operation: "Operation") -> str:
    """The first paragraph of an operation's page."""
    from utils.kernels.operation import GRADIENTS

    return (
        f"Chapter {operation.chapter}, `utils/kernels/{operation.stem}.py`: {operation.says}. "
        f"Back ends: {', '.join(operation.backends)}. Gradients: {GRADIENTS[operation.gradient]}. "
        f"Source: {operation.source}."
    )
