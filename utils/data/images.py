"""What the image sets have in common: one form for all, and PNG files whose rows are images."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image


@dataclass(frozen=True)
class Images:
    """Images uint8 (N, channels, height, width), 0 to 255, labels int64 (N,), for training and testing."""

    train_images: torch.Tensor
    train_labels: torch.Tensor
    test_images: torch.Tensor
    test_labels: torch.Tensor


def read_rows(paths: list[Path], channels: int, side: int) -> torch.Tensor:
    """Images uint8 (N, channels, side, side) from PNG files in which each row is one image."""
    batches = [np.asarray(Image.open(path)).reshape(-1, side, side, channels) for path in paths]
    return torch.from_numpy(np.concatenate(batches)).permute(0, 3, 1, 2).contiguous()
