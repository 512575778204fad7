"""Measurements as Markdown: for the terminal's reader and for the kernel appendix."""

from utils.timing import seconds_text

HEADER = "| Shape | Implementation | Median (quartiles) | Ours is faster by |\n| --- | --- | --- | --- |"
WHERE = {"cpu": "This processor", "cuda": "This GPU"}


def table(operation: str, results: dict[str, dict | None], devices: tuple[str, ...] = tuple(WHERE)) -> str:
    """The measurements of one operation, a part for each device.

    Parameters
    ----------
    results : "cpu" and "cuda" to the contents of ``results/kernels.<device>.json``, None where not measured
    """
    return "\n\n".join(_device(operation, name, results.get(name)) for name in devices)


def rows(measured: list[dict]) -> str:
    """The lines of a Markdown table: ours, then each peer, for every shape."""
    return "\n".join([HEADER, *(line for row in measured for line in _lines(row))])


def _device(operation: str, device: str, result: dict | None) -> str:
    measured = (result or {}).get("operations", {}).get(operation)
    if not measured:
        return f"*Not yet measured on {'a GPU' if device == 'cuda' else 'a CPU'}.*"
    provenance = result["provenance"]
    name = provenance["cpu"] if device == "cpu" else provenance["device"]
    threads = f", {provenance['threads']} thread(s)" if device == "cpu" else ""
    title = (
        f"**{WHERE[device]}**: {name}{threads}, PyTorch {provenance['torch']}, {provenance['date'][:10]}. "
        f"Measured memory bandwidth {result['machine']['bandwidth']['memory'] / 1e9:.3g} GB/s."
    )
    parts = [title, rows(measured), result.get("findings", {}).get(operation), _limits(measured)]
    return "\n\n".join(part for part in parts if part)


def _lines(row: dict) -> list[str]:
    lines = [f"| {row['shape']} | **ours** | {_time(row['ours'])} | |"]
    for name, peer in row["peers"].items():
        ratio = f"{peer['ratio']:.2f} ({peer['ratio_low']:.2f} to {peer['ratio_high']:.2f})"
        lines.append(f"| | {name} | {_time(peer)} | {ratio} |")
    lines += [
        f"| | {name} | {reason.replace('|', '/')} | |" for name, reason in row.get("absent", {}).items()
    ]
    return lines


def _time(times: dict) -> str:
    return f"{seconds_text(times['median'])} ({seconds_text(times['low'])} to {seconds_text(times['high'])})"


def _limits(measured: list[dict]) -> str:
    header = (
        "| Shape | Bytes moved | Share of bandwidth | Operations | Share of peak | Roofline allows "
        "| Held in memory | First call |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
    )
    return "\n".join([header, *map(_limit, measured)])


def _limit(row: dict) -> str:
    return (
        f"| {row['shape']} | {_bytes(row['bytes_moved'])} | {100 * row['share_of_bandwidth']:.0f} % "
        f"| {row['operations']:.3g} | {100 * row['share_of_peak']:.1f} % "
        f"| {seconds_text(row['least_seconds'])} | {_bytes(row['ours']['bytes_held'])} "
        f"| {seconds_text(row['ours']['first_call'])} |"
    )


def _bytes(count: float) -> str:
    for factor, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count:.0f} B"
