"""MNIST-1D: the published sizes."""

import torch

from utils.data.mnist1d import load_mnist1d


def test_sizes_are_the_published_ones(prepared_data):
    signals = load_mnist1d()
    assert signals.train_signals.shape == (4000, 40)
    assert signals.test_signals.shape == (1000, 40)
    assert signals.train_signals.dtype == torch.float32
    assert signals.train_labels.unique().tolist() == list(range(10))
    assert signals.test_labels.shape == (1000,)
