"""``{runtimes}``: seconds and memory of each notebook, from its last run on this machine."""

from utils.evidence.table import markdown_table
from utils.execution.records import Record, all_records
from utils.site.directives.markdown import MarkdownDirective

HEAD = ["chapter", "profile", "seconds", "peak memory, MiB", "device", "date", "state"]


class Runtimes(MarkdownDirective):
    """The table of run times."""

    def markdown(self) -> str:
        records = all_records()
        return (
            markdown_table(HEAD, [line(record) for record in records])
            if records
            else "No notebook has run yet."
        )


def line(record: Record) -> list[str]:
    """One run as cells of the table."""
    memory = f"{record.peak_memory_bytes / 2**20:,.0f}"
    seconds = f"{record.seconds:,.1f}"
    return [record.slug, record.profile, seconds, memory, record.device, record.date[:10], record.status]
