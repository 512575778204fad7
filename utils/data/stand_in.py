"""Tiny stand-ins for the public data sets: with them all code of a full run runs without a download.

They have the form of the real sets (fields, shapes but for the number of examples, dtypes, classes, symbols)
and are made from a fixed seed. Something can be learned from each, but no number measured on one means
anything: only ``smoke`` uses them.
"""

import numpy as np
import torch
from torch import Tensor

SEED = 0
CLASSES = 10
WORDS, LETTERS = 50, 6  # of the made-up language, and the most that a word has


def labeled(count: int, shape: tuple[int, ...], part: int) -> tuple[Tensor, Tensor]:
    """Examples float32 (count, *shape) in [0, 1] with labels int64 (count,): a pattern per class under noise.

    Parameters
    ----------
    part : int
        Training and test examples differ in it and share their patterns.
    """
    patterns = torch.rand(CLASSES, *shape, generator=torch.Generator().manual_seed(SEED))
    generator = torch.Generator().manual_seed(SEED + 1 + part)
    labels = torch.arange(count)[torch.randperm(count, generator=generator)] % CLASSES
    noise = torch.rand(count, *shape, generator=generator)
    return 0.7 * patterns[labels] + 0.3 * noise, labels


def characters(count: int, symbols: int) -> Tensor:
    """Codes int64 (count,) below ``symbols``: all of them once, then words of a small made-up language.

    The last code ends a word.
    """
    rng, end = np.random.default_rng(SEED), symbols - 1
    lengths = rng.integers(1, LETTERS + 1, size=WORDS)
    words = [[*rng.integers(end, size=length).tolist(), end] for length in lengths]
    text = list(range(symbols))
    while len(text) < count:
        text += words[rng.integers(WORDS)]
    return torch.tensor(text[:count])


def communities(nodes: int, features: int, classes: int) -> tuple[Tensor, Tensor, Tensor]:
    """A graph whose nodes have neighbors and words of their class: features, labels, edges.

    float32 (nodes, features) of 0 and 1; int64 (nodes,), classes in turn; int64 (2, E), each edge in both
    directions, sorted, without loops and doubles.
    """
    rng = np.random.default_rng(SEED)
    labels = np.arange(nodes) % classes
    own = np.arange(features) % classes == labels[:, None]
    words = rng.random((nodes, features)) < np.where(own, 0.05, 0.005)
    kin = labels[:, None] == labels
    near = np.triu(rng.random((nodes, nodes)) < np.where(kin, 0.15, 0.003), k=1)
    edges = np.argwhere(near | near.T)
    return (
        torch.from_numpy(words.astype(np.float32)),
        torch.from_numpy(labels.astype(np.int64)),
        torch.from_numpy(edges.T.astype(np.int64)).contiguous(),
    )
