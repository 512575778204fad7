"""Bring a technique into the arena: tune, train, store, measure. Plain baselines go the same way."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import torch

from utils.arena import cifar10, digits
from utils.arena.task import Task
from utils.arena.technique import DENSE, INT8, Technique
from utils.errors import FrugalError
from utils.timing import compare_times

if TYPE_CHECKING:
    from utils.study import Study

BATCH = 256
TASKS: dict[str, Task] = {"smoke": digits, "quick": digits, "full": cifar10}


def measure(technique: Technique, profile: str, width: int | None = None) -> dict:
    """One point of the arena, in the form that results files keep.

    The learning rate is chosen on other seeds and on images cut from the training part. The judged network
    is the stored one. Times are medians over rounds interleaved with the dense network of the fixed width.

    Parameters
    ----------
    technique : see :class:`utils.arena.technique.Technique`.
    profile : "smoke" (only that it runs), "quick" (digits) or "full" (CIFAR-10, on a GPU).
    width : of the network; by default that of the fixed one.

    Raises
    ------
    FrugalError
        at "full" without a GPU, where the training would take hours.
    """
    task = TASKS[profile]
    if task is cifar10 and not torch.cuda.is_available():
        raise FrugalError("the arena's full task trains ResNets on CIFAR-10: it needs a GPU; use quick.")
    width = width or task.WIDTH
    tuned = task.train(technique, task.RATES, task.TUNING, profile, width, validation=True)[1].mean(0)
    rate = task.RATES[tuned.argmax().item()]
    model, _ = task.train(technique, [rate], task.SEEDS, profile, width)
    members = [task.deploy(technique, model, member) for member in range(len(task.SEEDS))]
    return {
        "technique": technique.name,
        "task": task.NAME,
        "width": width,
        "rate": rate,
        "seeds": list(task.SEEDS),
        "accuracy": task.test_accuracy(technique, model, task.SEEDS),
        "bytes": max(sum(layer.bytes for layer in layers) for layers in members),
        "multiply_adds": max(sum(layer.multiply_adds for layer in layers) for layers in members),
        **_times(task, technique, model),
    }


def enter(study: "Study", techniques: Iterable[Technique]) -> None:
    """Measure a chapter's techniques and keep their points; at ``full`` only where there is a GPU.

    Parameters
    ----------
    study : utils.study.Study
        The chapter's.
    """
    if TASKS[study.profile] is cifar10 and not torch.cuda.is_available():
        print("The arena's full task needs a GPU: nothing is entered.")
        return
    for technique in techniques:
        point = measure(technique, study.profile)
        study.enter(point)
        mean = sum(point["accuracy"]) / len(point["accuracy"])
        speed = f"speed {point['speed_one']:.2f} of the dense network's"
        print(f"{technique.name}: {mean:.1f} %, {point['bytes']:,} bytes, {speed}")


def baselines(profile: str) -> Iterator[dict]:
    """The plain rivals: smaller dense networks, and each of them rounded to int8."""
    for technique in (DENSE, INT8):
        for width in TASKS[profile].WIDTHS:
            yield measure(technique, profile, width)


def _times(task: Task, technique: Technique, model: object) -> dict:
    """Seconds for one example and for a batch, and the ratio to the dense network's in the same rounds."""
    dense = task.network(DENSE, task.start([0], task.WIDTH), 0)
    ours, found = task.network(technique, model, 0), {}
    for name, rows in (("one", 1), ("batch", BATCH)):
        x = task.example(rows)
        with torch.inference_mode():
            timing = compare_times({"dense": lambda x=x: dense(x), "ours": lambda x=x: ours(x)})["ours"]
        found |= {f"seconds_{name}": timing.median, f"speed_{name}": timing.ratio}
    return found
