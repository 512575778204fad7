"""Feed-forward networks without biases, many members side by side, with an exchangeable linear layer.

Weights are stacked along a first axis of M members (:mod:`utils.ensemble`), so all seeds and settings of
an arm run in one batched product. ``layer(x, W)`` is what a chapter builds: x (M, B, K), W (M, N, K) give
(M, B, N).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from utils import ensemble
from utils.models.members import Members
from utils.models.rounding import stored_bytes

Layer = Callable[[Tensor, Tensor], Tensor]
Read = Callable[[Tensor], Tensor]


def unchanged(table: Tensor) -> Tensor:
    """Read an embedding table as it is."""
    return table


@dataclass(frozen=True)
class Shape:
    """A family of networks that differ in their hidden width H: inputs, then ``hidden`` layers, then outputs.

    Attributes
    ----------
    inputs, outputs : int
        Numbers that go in and come out.
    hidden : int
        How many hidden layers.
    symbols : int
        Rows of the embedding table in front, 0 for none.
    context : int
        How many symbols are looked up; each has ``inputs // context`` numbers.
    """

    inputs: int
    outputs: int
    hidden: int = 2
    symbols: int = 0
    context: int = 1

    @property
    def table(self) -> int:
        """Numbers in the embedding table."""
        return self.symbols * self.inputs // self.context

    def widths(self, H: int) -> tuple[int, ...]:
        """Inputs, hidden widths, outputs."""
        return (self.inputs, *[H] * self.hidden, self.outputs)

    def start(self, H: int, seeds: Sequence[int]) -> list[Tensor]:
        """Starting parameters (M, ...): the table, where there is one, and the matrices."""
        table = [start_table(self.symbols, self.inputs // self.context, seeds)] if self.symbols else []
        return [*table, *start(self.widths(H), seeds)]

    def spent(self, H: int, bits: float, tables: float = 16) -> dict[str, int]:
        """The width, the bytes of the file and of its matrices, and the number of parameters.

        Parameters
        ----------
        bits, tables : float
            Bits of a weight and of a number in the table; see
            :func:`utils.models.rounding.stored_bytes`.
        """
        sizes = [K * N for K, N in pairwise(self.widths(H))]
        matrices = sum(stored_bytes(size, bits) for size in sizes)
        table = stored_bytes(self.table, tables) if self.symbols else 0
        held = {"bytes": matrices + table, "matrix_bytes": matrices}
        return {"width": H, **held, "parameters": sum(sizes) + self.table}


def start(widths: Sequence[int], seeds: Sequence[int]) -> list[Tensor]:
    """Starting weights, one matrix (M, N, K) between each two of ``widths``; equal seeds start equal.

    Parameters
    ----------
    widths : sequence of int
        Inputs, hidden units, outputs.
    seeds : sequence of int
        One per member.

    Returns
    -------
    list of Tensor
        Float32, uniform within one over the root of K, and asking for gradients.
    """
    return [
        ensemble.linear_stack((N, K), [1000 * seed + place for seed in seeds]).requires_grad_()
        for place, (K, N) in enumerate(pairwise(widths))
    ]


def forward(layer: Layer, weights: Sequence[Tensor], x: Tensor) -> Tensor:
    """Logits (M, B, N) of x (M, B, K): a ReLU between the layers, none behind the last."""
    for W in weights[:-1]:
        x = layer(x, W).relu()
    return layer(x, weights[-1])


def logits(layer: Layer, params: Sequence[Tensor], inputs: Tensor, read: Read = unchanged) -> Tensor:
    """Logits (M, B, N) of numbers (M, B, K), or of symbols int64 (M, B, T), which have a table in front.

    ``read`` turns the table (M, S, E) into what is looked up: rounded, for instance.
    """
    if inputs.dtype == torch.int64:
        table, *params = params
        inputs = embed(read(table), inputs)
    return forward(layer, params, inputs)


def fit(
    layer: Layer,
    params: Sequence[Tensor],
    draw: Callable[[int], tuple[Tensor, Tensor]],
    members: Members,
    steps: int,
    decay: float = 0.0,
    learns: slice = slice(None),
    read: Read = unchanged,
) -> list[Tensor]:
    """Train all members with Adam: a linear warm-up over a tenth of the steps, then a cosine down to zero.

    Parameters
    ----------
    params : sequence of Tensor (M, ...)
        Starting parameters, as :meth:`Shape.start` gives them.
    draw : callable
        ``draw(step)`` gives inputs and targets of a batch, (M, B, ...) and int64 (M, B).
    decay : float
        Decoupled weight decay.
    learns : slice
        Which of the parameters learn; the others stay as they start.
    read : callable
        What training sees of the table; see :func:`logits`.

    Returns
    -------
    list of Tensor
        The trained parameters.
    """
    params = members.own(params)

    def loss(step: int) -> Tensor:
        inputs, targets = draw(step)
        return cross_entropy(logits(layer, params, inputs, read), targets)

    optimizer = partial(ensemble.Adam, decay=decay)
    ensemble.train(params[learns], loss, members.rates, steps, steps // 10, optimizer)
    return [param.detach() for param in params]


def start_table(symbols: int, width: int, seeds: Sequence[int]) -> Tensor:
    """An embedding table (M, symbols, width), float32, uniform within one; equal seeds start equal."""
    table = ensemble.linear_stack((symbols, width), [7 + 1000 * seed for seed in seeds])
    return (width**0.5 * table).requires_grad_()


def embed(table: Tensor, symbols: Tensor) -> Tensor:
    """Look symbols up and join the vectors of a context.

    Parameters
    ----------
    table : Tensor (M, S, E)
        A row per symbol.
    symbols : int64 Tensor (M, B, T)
        T symbols of context, each below S.

    Returns
    -------
    Tensor (M, B, T * E)

    Notes
    -----
    The feed-forward language model of Bengio et al. (2003).
    """
    members, count = table.shape[:2]
    offset = torch.arange(members, device=table.device)[:, None, None] * count
    return F.embedding(symbols + offset, table.flatten(0, 1)).flatten(2)


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """The mean loss of each member in nats, (M,), from logits (M, B, N) and targets int64 (M, B)."""
    return F.cross_entropy(logits.mT, targets, reduction="none").mean(1)


def accuracy(logits: Tensor, targets: Tensor) -> Tensor:
    """The share of right answers of each member in percent, float64 (M,)."""
    return 100 * (logits.argmax(-1) == targets).double().mean(1)
