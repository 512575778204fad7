"""What the packed formats share: a dataclass of tensors that moves and is counted as one."""

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cached_property
from typing import Self

import torch


class Stored:
    """A frozen dataclass some of whose attributes are tensors."""

    @cached_property
    def tensors(self) -> dict[str, torch.Tensor]:
        """The tensors by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, torch.Tensor)}

    @property
    def bytes(self) -> int:
        """Bytes held by all tensors."""
        return sum(tensor.numel() * tensor.element_size() for tensor in self.tensors.values())

    def to(self, device: torch.device | str) -> Self:
        """The same on another device."""
        return self.map(lambda tensor: tensor.to(device))

    def contiguous(self) -> Self:
        """The same with every tensor in plain memory, as kernels read it."""
        plain = all(tensor.is_contiguous() for tensor in self.tensors.values())
        return self if plain else self.map(torch.Tensor.contiguous)

    def map(self, change: Callable[[torch.Tensor], torch.Tensor]) -> Self:
        """The same with every tensor changed by a function."""
        return replace(self, **{name: change(tensor) for name, tensor in self.tensors.items()})
