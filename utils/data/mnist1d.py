"""MNIST-1D: signals of length 40 on which architecture matters within seconds (Greydanus and Kobak 2020)."""

from dataclasses import dataclass

import torch

from utils.data.fetch import fetch
from utils.data.pickles import NUMPY_ARRAYS, load_pickle
from utils.data.stand_in import labeled

LENGTH = 40


@dataclass(frozen=True)
class Signals:
    """Signals float32 (N, 40) with labels int64 (N,) of ten classes, split for training and testing."""

    train_signals: torch.Tensor
    train_labels: torch.Tensor
    test_signals: torch.Tensor
    test_labels: torch.Tensor


def load_mnist1d(stand_in: bool = False) -> Signals:
    """The published set: 4,000 training and 1,000 test signals.

    Parameters
    ----------
    stand_in : bool
        Give a tiny made-up set of the same form instead, without a download: for ``smoke``.

    Raises
    ------
    FrugalError
        when the file cannot be had.
    """
    if stand_in:
        (train, train_labels), (test, test_labels) = labeled(200, (LENGTH,), 0), labeled(100, (LENGTH,), 1)
        return Signals(4 * train - 2, train_labels, 4 * test - 2, test_labels)
    raw = load_pickle(fetch("mnist1d", "mnist1d_data.pkl"), NUMPY_ARRAYS, "latin1")
    tensors = {key: torch.from_numpy(raw[key]) for key in ("x", "y", "x_test", "y_test")}
    return Signals(
        train_signals=tensors["x"].float(),
        train_labels=tensors["y"].long(),
        test_signals=tensors["x_test"].float(),
        test_labels=tensors["y_test"].long(),
    )
