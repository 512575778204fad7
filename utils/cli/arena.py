"""``frugal arena``: measure the plain rivals that every technique of the book has to beat."""

import json
import time

import click


@click.command()
@click.option("--profile", type=click.Choice(["smoke", "quick", "full"]), default="quick", show_default=True)
def command(profile: str) -> None:
    """Train and measure smaller dense networks and int8 ones, and write results/arena.PROFILE.json.

    The chapters' notebooks add their own points in the same way; the book's page shows all of them.

    \b
    Example: frugal arena --profile quick
    """
    import torch

    from utils import provenance
    from utils.arena.enter import TASKS, baselines
    from utils.arguments import must_write, progress
    from utils.files import write_atomic
    from utils.paths import BUILD, RESULTS
    from utils.training import pick_device

    path = (BUILD if profile == "smoke" else RESULTS) / f"arena.{profile}.json"
    must_write(path.parent)
    torch.set_num_threads(1)  # the tensors are small: a second thread would mostly wait
    start, points = time.monotonic(), []
    for point in progress(baselines(profile), "plain rivals", 2 * len(TASKS[profile].WIDTHS)):
        points.append(point)
        mean = sum(point["accuracy"]) / len(point["accuracy"])
        click.echo(f"{point['technique']}, width {point['width']}: {mean:.1f} %, {point['bytes']:,} bytes")
    origin = {**provenance.describe(pick_device()), "seconds": round(time.monotonic() - start, 1)}
    result = {"schema": 1, "profile": profile, "points": points, "provenance": origin}
    write_atomic(path, json.dumps(result, indent=1) + "\n")
    click.echo(f"wrote {path}")
