"""The arena's task at ``full``: CIFAR-10 and a fixed ResNet-20 (He et al. 2016, section 4.2, shortcut A).

Techniques compress the 18 convolutions between the first one and the classifier; a kernel (O, I, 3, 3)
is the matrix (O, 9 I) to them. Members train side by side: their channels lie next to each other, and a
convolution has a group for each member. Nobody packs convolutions here, so times are those of dense ones.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from utils import ensemble
from utils.arena.technique import DENSE, Deployed, Technique
from utils.data.cifar10 import load_cifar10
from utils.training import cosine_factor, draw_per_seed, pick_device

NAME = "CIFAR-10 (20,000 images), ResNet-20 of H channels"
WIDTH, WIDTHS = 16, (4, 8, 16)  # channels of the first stage: of the fixed network, and of the plain rivals
SEEDS, TUNING = range(1000, 1005), range(2000, 2003)
RATES = (0.001, 0.003, 0.01)
BLOCKS, CLASSES, SIDE, BATCH = 3, 10, 32, 128
THOUSANDS, PART = 20, 2000  # images used; the last 2,000 are the test, the 2,000 before them the validation
EPOCHS, TUNING_EPOCHS = 15, 4


class Model(NamedTuple):
    """Kernels (M, ..., O, I, 3, 3), scale and shift of norms (M, O), running statistics, the head."""

    kernels: list[Tensor]
    norms: list[Tensor]
    running: list[Tensor]
    head: list[Tensor]

    @property
    def params(self) -> list[Tensor]:
        """Every tensor that is trained."""
        return [*self.kernels, *self.norms, *self.head]


def shapes(width: int) -> list[tuple[int, int, int, int]]:
    """Outputs, inputs, stride and output side of each convolution; blocks are pairs after the first one."""
    found, channels, side = [(width, 3, 1, SIDE)], width, SIDE
    for stage in range(3):
        for block in range(BLOCKS):
            stride = 2 if stage > 0 and block == 0 else 1
            side //= stride
            found += [(width << stage, channels, stride, side), (width << stage, width << stage, 1, side)]
            channels = width << stage
    return found


def start(seeds: Sequence[int], width: int, technique: Technique = DENSE) -> Model:
    """He's initialization, on the GPU where there is one; a seed starts alike in every technique."""
    kernels, norms, running, members, device = [], [], [], len(seeds), pick_device()
    for place, (out, channels, *_) in enumerate(shapes(width)):
        own = [1000 * seed + place for seed in seeds]
        kernel = _kernel((out, channels, 3, 3), own)
        if place > 0:
            kernel = technique.start(kernel.flatten(2), own).unflatten(-1, (channels, 3, 3))
        kernels.append(kernel)
        norms += [torch.ones(members, out), torch.zeros(members, out)]
        running += [torch.zeros(members * out, device=device), torch.ones(members * out, device=device)]
    head = [ensemble.linear_stack((CLASSES, 4 * width), [1000 * s + 99 for s in seeds])]
    head.append(torch.zeros(members, CLASSES))
    trained = [[p.to(device).requires_grad_() for p in part] for part in (kernels, norms, head)]
    return Model(trained[0], trained[1], running, trained[2])


def _kernel(shape: tuple[int, ...], seeds: Sequence[int]) -> Tensor:
    deviation = (2 / (9 * shape[1])) ** 0.5
    return draw_per_seed(seeds, lambda generator: deviation * torch.randn(shape, generator=generator))


def forward(technique: Technique, model: Model, x: Tensor, training: bool = False) -> Tensor:
    """Logits (M, B, 10) of x (B, M, 3, 32, 32)."""
    members, strides = x.shape[1], [stride for _, _, stride, _ in shapes(model.kernels[0].shape[1])]

    def convolve(place: int, x: Tensor) -> Tensor:
        kernel = model.kernels[place]
        if place > 0:
            x = _over_channels(technique, x, members)
            kernel = technique.weight(kernel.flatten(-3)).unflatten(-1, kernel.shape[-3:])
        x = F.conv2d(x, kernel.flatten(0, 1), stride=strides[place], padding=1, groups=members)
        scale, shift = (p.flatten() for p in model.norms[2 * place : 2 * place + 2])
        return F.batch_norm(x, *model.running[2 * place : 2 * place + 2], scale, shift, training)

    x = convolve(0, x.flatten(1, 2)).relu()
    for place in range(1, len(strides), 2):
        inner = convolve(place + 1, convolve(place, x).relu())
        x = (inner + _shortcut(x, inner, strides[place], members)).relu()
    pooled = x.mean(dim=(2, 3)).unflatten(1, (members, -1)).transpose(0, 1)  # (M, B, channels)
    return pooled @ model.head[0].mT + model.head[1].unsqueeze(1)


def _over_channels(technique: Technique, x: Tensor, members: int) -> Tensor:
    """Apply what the technique does to inputs, with each member's channels as the last axis."""
    B, _, H, W = x.shape
    rows = x.view(B, members, -1, H * W).permute(1, 0, 3, 2).flatten(1, 2)  # (M, B H W, C)
    return technique.inputs(rows).view(members, B, H * W, -1).permute(1, 0, 3, 2).reshape(x.shape)


def _shortcut(x: Tensor, like: Tensor, stride: int, members: int) -> Tensor:
    """Every second pixel where the stride is two, and zeros for channels that are new."""
    x = x[:, :, ::stride, ::stride].unflatten(1, (members, -1))
    return F.pad(x, (0, 0, 0, 0, 0, like.shape[1] // members - x.shape[2])).flatten(1, 2)


def train(
    technique: Technique,
    rates: Sequence[float],
    seeds: Sequence[int],
    profile: str,
    width: int,
    validation: bool = False,
) -> tuple[Model, Tensor]:
    """As :func:`utils.arena.digits.train`, on the GPU where there is one."""
    images, labels = _images(pick_device())
    learn, judged = _parts(len(labels), validation)
    members, epochs = [s for s in seeds for _ in rates], TUNING_EPOCHS if validation else EPOCHS
    model, peak = start(members, width, technique), torch.tensor(rates).repeat(len(seeds))
    optimizer, steps, peak = ensemble.Adam(model.params), epochs * (learn // BATCH), peak.to(images.device)
    generators = [torch.Generator().manual_seed(seed) for seed in members]
    for step in range(steps):
        rows = torch.stack([torch.randint(learn, (BATCH,), generator=g) for g in generators], 1)
        logits = forward(technique, model, _augmented(images[rows], generators[0]), training=True)
        loss = F.cross_entropy(logits.mT, labels[rows.T], reduction="sum") / BATCH
        optimizer.step(
            torch.autograd.grad(loss, model.params), peak * cosine_factor(step, steps, steps // 20)
        )
        with torch.no_grad():
            technique.after_step([kernel.flatten(-3) for kernel in model.kernels[1:]], step, steps)
    return model, _accuracy(technique, model, images[judged], labels[judged]).view(len(seeds), -1)


@torch.no_grad()
def _accuracy(technique: Technique, model: Model, images: Tensor, labels: Tensor) -> Tensor:
    """Percent of hits of each member, (M,)."""
    members, hits = len(model.head[0]), []
    for x, y in zip(images.split(500), labels.split(500), strict=True):
        x = x.unsqueeze(1).expand(-1, members, -1, -1, -1)
        hits.append(forward(technique, model, x).argmax(-1) == y)
    return 100 * torch.cat(hits, 1).double().mean(1).cpu()


def test_accuracy(technique: Technique, model: Model, seeds: Sequence[int]) -> list[float]:
    """Accuracy in percent of each member on the test part."""
    images, labels = _images(pick_device())
    _, judged = _parts(len(labels), validation=False)
    return _accuracy(technique, model, images[judged], labels[judged]).tolist()


def deploy(technique: Technique, model: Model, member: int) -> list[Deployed]:
    """What one member stores and multiplies: packed kernels, and in float32 the first kernel, norms, head."""
    found = []
    for kernel, (out, channels, _, side) in zip(
        model.kernels, shapes(model.kernels[0].shape[1]), strict=True
    ):
        matrix, norm = kernel[member].detach().flatten(-3).cpu(), torch.zeros(out)
        layer = technique.deploy(matrix, norm) if channels > 3 else _float32(matrix)
        # A norm stores scale and shift; what the layer counted as its bias is the shift.
        found.append(Deployed(layer.apply, layer.bytes + 4 * out, layer.multiply_adds * side**2))
    return [*found, _float32(model.head[0][member].detach().cpu())]


def _float32(matrix: Tensor) -> Deployed:
    return Deployed(lambda x: x @ matrix.T, 4 * (matrix.numel() + len(matrix)), matrix.numel())


def network(technique: Technique, model: Model, member: int) -> Callable[[Tensor], Tensor]:
    """One member as a function: x (B, 1, 3, 32, 32) -> logits (1, B, 10), with dense convolutions."""
    parts = [
        [p[member : member + 1].detach() for p in part] for part in (model.kernels, model.norms, model.head)
    ]
    parts[0][1:] = [
        technique.weight(kernel.flatten(-3)).unflatten(-1, kernel.shape[-3:]) for kernel in parts[0][1:]
    ]
    running = [p.unflatten(0, (len(model.head[0]), -1))[member] for p in model.running]
    single, rounded = Model(parts[0], parts[1], running, parts[2]), technique.only_inputs()
    return lambda x: forward(rounded, single, x)


def example(rows: int) -> Tensor:
    """An input of the network, for timing."""
    return torch.randn(rows, 1, 3, SIDE, SIDE, device=pick_device())


def _images(device: torch.device) -> tuple[Tensor, Tensor]:
    """Training images only (the copy's test part is small), standardized by one mean and spread."""
    data = load_cifar10(THOUSANDS)
    x = data.train_images.float()
    return ((x - x.mean()) / x.std()).to(device), data.train_labels.to(device)


def _parts(count: int, validation: bool) -> tuple[int, slice]:
    """How many images are learned from, and which ones judge."""
    learn = count - 2 * PART
    return learn, slice(learn, learn + PART) if validation else slice(learn + PART, count)


def _augmented(images: Tensor, generator: torch.Generator) -> Tensor:
    """Images (B, M, 3, 32, 32), the batch shifted by up to four pixels and mirrored half of the time."""
    down, right, mirror = torch.randint(9, (3,), generator=generator).tolist()
    x = F.pad(images.flatten(0, 1), (4, 4, 4, 4))[:, :, down : down + SIDE, right : right + SIDE]
    return (x.flip(3) if mirror % 2 else x).unflatten(0, images.shape[:2])
