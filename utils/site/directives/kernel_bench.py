"""``{kernel-bench} operation``: the committed measurements of a kernel beside its peers."""

import json

from utils.kernels.bench.table import WHERE, table
from utils.paths import RESULTS
from utils.site.directives.markdown import MarkdownDirective


class KernelBench(MarkdownDirective):
    """The measurements of one operation, a part for each device."""

    required_arguments = 1

    def markdown(self) -> str:
        return table(self.arguments[0], {device: measured(device) for device in WHERE})


def measured(device: str) -> dict | None:
    """``results/kernels.<device>.json``; ``None`` where nobody measured yet."""
    path = RESULTS / f"kernels.{device}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
