"""The arena's task at ``quick``: 8 x 8 digits, one small network, one training budget for every technique."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from utils import ensemble
from utils.arena.technique import DENSE, Deployed, Technique
from utils.data import digits
from utils.training import cosine_factor

NAME = "8 x 8 digits, 64-H-H-10"
WIDTH, WIDTHS = 64, (8, 16, 32, 64)  # H of the fixed network, and of the plain dense rivals
SEEDS, TUNING = range(1000, 1005), range(2000, 2003)
RATES = (0.003, 0.01, 0.03)
PIXELS, CLASSES, BATCH, WARMUP = 64, 10, 64, 20
STEPS = {"smoke": 10, "quick": 600}

Model = list[Tensor]  # W1 (M, N, K), b1 (M, N), W2, ...; several latents of a weight stand behind M


def train(
    technique: Technique,
    rates: Sequence[float],
    seeds: Sequence[int],
    profile: str,
    width: int,
    validation: bool = False,
) -> tuple[Model, Tensor]:
    """Train a member for each pair of a seed and a rate, all at once; seeds vary slower.

    Returns the latent weights and the accuracy in percent (seeds, rates): on images cut from the training
    part with ``validation``, else on the test images.
    """
    of_member = torch.arange(len(seeds)).repeat_interleave(len(rates))
    splits = zip(*[digits.load(seed, validation) for seed in seeds], strict=True)
    x, y, x_test, y_test = (torch.stack(part)[of_member] for part in splits)
    steps, members = STEPS[profile], torch.arange(len(of_member))[:, None]
    rows = torch.stack([digits.batches(x.shape[1], steps, BATCH, seed) for seed in seeds], 1)[:, of_member]
    own, peak = [s for s in seeds for _ in rates], torch.tensor(rates).repeat(len(seeds))
    model = start(own, width, technique)
    optimizer = ensemble.Adam(model)
    for step in range(steps):
        logits = forward(technique, model, x[members, rows[step]])
        loss = F.cross_entropy(logits.mT, y[members, rows[step]], reduction="sum") / BATCH
        optimizer.step(torch.autograd.grad(loss, model), peak * cosine_factor(step, steps, WARMUP))
        with torch.no_grad():
            technique.after_step(model[0::2], step, steps)
    with torch.no_grad():
        hits = forward(technique, model, x_test).argmax(-1) == y_test
    return model, 100 * hits.double().mean(1).view(len(seeds), -1)


def start(seeds: Sequence[int], width: int, technique: Technique = DENSE) -> Model:
    """The same seed starts from the same weights in every technique that trains weights themselves."""
    model = []
    for i, (K, N) in enumerate(pairwise((PIXELS, width, width, CLASSES))):
        own = [1000 * s + i for s in seeds]
        model += [technique.start(ensemble.linear_stack((N, K), own), own), torch.zeros(len(seeds), N)]
    return [p.requires_grad_() for p in model]


def forward(technique: Technique, model: Model, x: Tensor) -> Tensor:
    """Logits (M, B, 10) of x (M, B, 64), ReLU between the layers."""
    last = len(model) - 2
    for i in range(0, len(model), 2):
        x = technique.inputs(x) @ technique.weight(model[i]).mT + model[i + 1].unsqueeze(1)
        x = x if i == last else x.relu()
    return x


def deploy(technique: Technique, model: Model, member: int) -> list[Deployed]:
    """The layers of one trained member, as they would be stored."""
    single = [p[member].detach().contiguous() for p in model]
    return [technique.deploy(W, b) for W, b in zip(single[0::2], single[1::2], strict=True)]


def network(technique: Technique, model: Model, member: int) -> Callable[[Tensor], Tensor]:
    """The stored layers of one member as a function: x (B, 64) -> logits (B, 10)."""
    *hidden, last = deploy(technique, model, member)

    def run(x: Tensor) -> Tensor:
        for layer in hidden:
            x = layer.apply(x).relu()
        return last.apply(x)

    return run


@torch.inference_mode()
def test_accuracy(technique: Technique, model: Model, seeds: Sequence[int]) -> list[float]:
    """Accuracy in percent of the stored layers on each seed's test images."""
    found = []
    for member, seed in enumerate(seeds):
        split = digits.load(seed)
        hits = network(technique, model, member)(split.x_test).argmax(1) == split.y_test
        found.append(100 * hits.double().mean().item())
    return found


def example(rows: int) -> Tensor:
    """An input of the network, for timing."""
    return torch.randn(rows, PIXELS, generator=torch.Generator().manual_seed(0))
