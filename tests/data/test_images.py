"""MNIST, CIFAR-10 and the form they share: pixels in place, published checksums and class counts."""

import hashlib

import numpy as np
import pytest
import torch
from PIL import Image

from utils.data.cifar10 import load_cifar10
from utils.data.images import read_rows
from utils.data.mnist import load_mnist
from utils.errors import FrugalError


@pytest.mark.parametrize("channels", [1, 3])
def test_rows_become_images(tmp_path, channels):
    rng = np.random.default_rng(0)
    expected = rng.integers(0, 256, size=(6, 4, 4, channels), dtype=np.uint8)
    for part, images in enumerate(np.split(expected, 2)):
        rows = images.reshape(3, 16, channels)
        Image.fromarray(rows.squeeze(-1) if channels == 1 else rows).save(tmp_path / f"{part}.png")
    images = read_rows([tmp_path / "0.png", tmp_path / "1.png"], channels, side=4)
    assert images.shape == (6, channels, 4, 4)
    assert torch.equal(images, torch.from_numpy(expected).permute(0, 3, 1, 2))


def test_mnist_has_the_bytes_of_the_original_file(prepared_data):
    digits = load_mnist()
    header = b"".join(number.to_bytes(4, "big") for number in (2051, 60000, 28, 28))
    # The checksum published for the uncompressed train-images-idx3-ubyte.
    md5 = hashlib.md5(header + digits.train_images.numpy().tobytes()).hexdigest()
    assert md5 == "6bbc9ace898e44ae57da46a324031adb"
    assert digits.train_images.shape == (60000, 1, 28, 28)
    assert digits.test_images.shape == (10000, 1, 28, 28)
    assert digits.train_labels.bincount().tolist()[:3] == [5923, 6742, 5958]
    assert digits.test_labels.shape == (10000,)


def test_cifar10_labels_follow_the_images(prepared_data):
    photographs = load_cifar10(batches=2)
    assert photographs.train_images.shape == (2000, 3, 32, 32)
    assert photographs.train_images.dtype == torch.uint8
    assert photographs.test_images.shape == (1000, 3, 32, 32)
    assert photographs.train_labels.shape == (2000,)
    assert photographs.test_labels.shape == (1000,)
    # As in the original archive: frog, truck, truck begin data_batch_1; cat, ship, ship begin test_batch.
    assert photographs.train_labels[:3].tolist() == [6, 9, 9]
    assert photographs.test_labels[:3].tolist() == [3, 8, 8]


@pytest.mark.parametrize("batches", [0, 51])
def test_cifar10_refuses_parts_that_do_not_exist(batches):
    with pytest.raises(FrugalError, match="1 to 50"):
        load_cifar10(batches)
