"""MNIST: 70,000 handwritten digits (LeCun, Bottou, Bengio, Haffner 1998)."""

import gzip
from pathlib import Path

import numpy as np
import torch

from utils.data.fetch import fetch_all
from utils.data.images import Images, read_rows, stand_in_images

BATCHES = 20  # PNG files of 3,000 training images each
IMAGES_MAGIC, LABELS_MAGIC = 2051, 2049  # first four bytes of an IDX file of images, of labels


def load_mnist(stand_in: bool = False) -> Images:
    """All digits: train_images uint8 (60000, 1, 28, 28), train_labels int64 (60000,); test likewise, 10,000.

    Parameters
    ----------
    stand_in : bool
        Give a tiny made-up set of the same form instead, without a download: for ``smoke``.

    Raises
    ------
    FrugalError
        when the files cannot be had.
    """
    if stand_in:
        return stand_in_images(channels=1, side=28)
    names = [f"mnist_batch_{i}.png" for i in range(BATCHES)]
    names += ["train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"]
    *batches, train_labels, test_images, test_labels = fetch_all("mnist", names)
    return Images(
        train_images=read_rows(batches, channels=1, side=28),
        train_labels=_read_idx(train_labels, LABELS_MAGIC, offset=8).long(),
        test_images=_read_idx(test_images, IMAGES_MAGIC, offset=16).view(-1, 1, 28, 28),
        test_labels=_read_idx(test_labels, LABELS_MAGIC, offset=8).long(),
    )


def _read_idx(path: Path, magic: int, offset: int) -> torch.Tensor:
    """The bytes behind the header of a gzipped IDX file, uint8 (N,)."""
    content = gzip.decompress(path.read_bytes())
    assert int.from_bytes(content[:4], "big") == magic, f"{path.name} is not the expected kind of IDX file"
    return torch.from_numpy(np.frombuffer(content, dtype=np.uint8, offset=offset).copy())
