"""The 8 x 8 handwritten digits that ship with scikit-learn: 1,797 images, nothing to download."""

from typing import NamedTuple

import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor


class Split(NamedTuple):
    """Images (n, 64) float32 and labels (n,) int64, to learn from and to be judged by."""

    x_train: Tensor
    y_train: Tensor
    x_test: Tensor
    y_test: Tensor


def load(seed: int, validation: bool = False) -> Split:
    """A split by ``seed``, 75 % to 25 %, every digit in proportion, standardized by the training part.

    Parameters
    ----------
    validation : split the training part once more, 75 % to 25 %, and return its two parts: for choosing
        settings without a look at the test images of this seed.

    References
    ----------
    E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI (1998), by way of
    ``sklearn.datasets.load_digits``.
    """
    x, y = load_digits(return_X_y=True)
    x_train, x_test, y_train, y_test = _split(x, y, seed)
    if validation:
        x_train, x_test, y_train, y_test = _split(x_train, y_train, seed)
    mean, deviation = x_train.mean(), x_train.std()
    as_tensor = [torch.tensor((part - mean) / deviation, dtype=torch.float32) for part in (x_train, x_test)]
    return Split(
        as_tensor[0], torch.from_numpy(y_train).long(), as_tensor[1], torch.from_numpy(y_test).long()
    )


def negatives(seed: int, validation: bool = False) -> Split:
    """The same split; each image is turned into its negative, x to -x, when a fair coin of ``seed`` says so.

    No linear classifier can read an image and its negative alike, so hidden layers are needed.
    """
    split, g = load(seed, validation), torch.Generator().manual_seed(40_000 + seed)
    signs = [2.0 * torch.randint(2, (len(x), 1), generator=g) - 1 for x in (split.x_train, split.x_test)]
    return split._replace(x_train=split.x_train * signs[0], x_test=split.x_test * signs[1])


def batches(count: int, steps: int, batch: int, seed: int) -> Tensor:
    """Row numbers for every step, (steps, batch) int64: each epoch in a new order, no incomplete batch.

    Raises
    ------
    ValueError
        when there are fewer rows than one batch takes.
    """
    if count < batch:
        raise ValueError(f"{count} rows do not fill a batch of {batch}.")
    generator = torch.Generator().manual_seed(seed)
    per_epoch = count // batch
    epochs = -(-steps // per_epoch)
    orders = [torch.randperm(count, generator=generator)[: per_epoch * batch] for _ in range(epochs)]
    return torch.cat(orders).view(-1, batch)[:steps]


def _split(x, y, seed: int) -> list:
    """Three quarters and one quarter, every digit in proportion."""
    return train_test_split(x, y, test_size=0.25, random_state=seed, stratify=y)
