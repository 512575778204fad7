"""``{runtimes}``: seconds and memory of each notebook, from its last run on this machine."""

from utils.evidence.table import markdown_table
from utils.execution.records import Record, all_records
from utils.site.directives.markdown import MarkdownDirective

HEAD = [
    "chapter",
    "profile",
    "processor seconds",
    "this machine's yardstick",
    "seconds by the clock",
    "peak memory, MiB",
    "device",
    "date",
    "state",
]


class Runtimes(MarkdownDirective):
    """The table of run times."""

    def markdown(self) -> str:
        """The text that stands in the page."""
        records = all_records()
        return (
            markdown_table(HEAD, [line(record) for record in records])
            if records
            else "No notebook has run yet."
        )


def line(record: Record) -> list[str]:
    """One run as cells of the table."""
    times = f"{record.processor_seconds:,.1f}", f"{record.yardstick:.2f}", f"{record.seconds:,.1f}"
    memory = f"{record.peak_memory_bytes / 2**20:,.0f}"
    return [record.slug, record.profile, *times, memory, record.device, record.date[:10], record.status]
