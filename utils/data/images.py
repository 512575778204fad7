"""What the image sets have in common: one form for all, and PNG files whose rows are images."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from utils.data import stand_in


@dataclass(frozen=True)
class Images:
    """Images uint8 (N, channels, height, width), 0 to 255, labels int64 (N,), for training and testing."""

    train_images: torch.Tensor
    train_labels: torch.Tensor
    test_images: torch.Tensor
    test_labels: torch.Tensor


def stand_in_images(channels: int, side: int) -> Images:
    """A tiny made-up set of this form: 200 training and 100 test images, ten classes."""
    parts = (stand_in.labeled(count, (channels, side, side), part) for part, count in enumerate((200, 100)))
    (train, train_labels), (test, test_labels) = parts
    return Images((255 * train).byte(), train_labels, (255 * test).byte(), test_labels)


def read_rows(paths: list[Path], channels: int, side: int) -> torch.Tensor:
    """Images uint8 (N, channels, side, side) from PNG files in which each row is one image."""
    batches = [np.asarray(Image.open(path)).reshape(-1, side, side, channels) for path in paths]
    return torch.from_numpy(np.concatenate(batches)).permute(0, 3, 1, 2).contiguous()
