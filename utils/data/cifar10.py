"""CIFAR-10: small color photographs of ten kinds of things (Krizhevsky 2009)."""

import re

import torch

from utils.data.fetch import fetch_all
from utils.data.images import Images, read_rows, stand_in_images
from utils.errors import FrugalError

BATCH = 1000  # images in a PNG file
TEST_BATCH = 50  # files 0 to 49 are the training images
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def load_cifar10(batches: int = TEST_BATCH, stand_in: bool = False) -> Images:
    """The first ``batches`` thousand training images, and the 1,000 test images that this copy holds.

    train_images uint8 (1000 * batches, 3, 32, 32), test_images uint8 (1000, 3, 32, 32), labels int64.
    The test part is the first tenth of the official one: for a figure with a narrow interval hold out the
    last 10,000 training images, and say so beside it.

    Parameters
    ----------
    batches : int
        Thousands of training images.
    stand_in : bool
        Give a tiny made-up set of the same form instead, without a download: for ``smoke``.

    Raises
    ------
    FrugalError
        when ``batches`` is not within 1 to 50, or when the files cannot be had.
    """
    if not 1 <= batches <= TEST_BATCH:
        raise FrugalError(f"CIFAR-10 comes in 1 to {TEST_BATCH} thousands of training images, not {batches}.")
    if stand_in:
        return stand_in_images(channels=3, side=32)
    names = [f"cifar10_batch_{i}.png" for i in (*range(batches), TEST_BATCH)]
    *train, test, labels = fetch_all("cifar10", [*names, "cifar10_labels.js"])
    codes = torch.tensor([int(code) for code in re.findall(r"\d+", labels.read_text(encoding="ascii"))])
    return Images(
        train_images=read_rows(train, channels=3, side=32),
        train_labels=codes[: batches * BATCH],
        test_images=read_rows([test], channels=3, side=32),
        test_labels=codes[TEST_BATCH * BATCH :],
    )
