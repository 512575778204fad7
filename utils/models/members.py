"""All seeds and settings of an arm as members of one stack, seeds varying slower than settings."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor


class Members:
    """Who trains side by side in one batched product.

    Parameters
    ----------
    settings : sequence of mapping
        Each with a ``rate``.
    seeds : sequence of int
        Every seed trains with every setting.
    device : torch.device or str
        Where they train.

    Attributes
    ----------
    seeds : list of int
        The seed of each of the M members.
    rates : Tensor (M,)
        The peak learning rate of each member.
    place : int64 Tensor (M,)
        Where each member's seed stands in the list of seeds, on the CPU.
    """

    def __init__(
        self, settings: Sequence[Mapping], seeds: Sequence[int], device: torch.device | str = "cpu"
    ) -> None:
        self.shape, self.device = (len(seeds), len(settings)), device
        self.place = torch.arange(len(seeds)).repeat_interleave(len(settings))
        self.seeds = [seeds[place] for place in self.place.tolist()]
        self.rates = torch.tensor([setting["rate"] for setting in settings], device=device).repeat(len(seeds))

    def give(self, per_seed: Sequence[Tensor], dim: int = 0) -> Tensor:
        """Stack what each seed has along ``dim`` and hand every member its seed's part, on the device."""
        return torch.stack(list(per_seed), dim).index_select(dim, self.place).to(self.device)

    def own(self, params: Sequence[Tensor]) -> list[Tensor]:
        """Copies of starting parameters (M, ...) on the device, asking for gradients."""
        return [param.detach().to(self.device, copy=True).requires_grad_() for param in params]

    def table(self, values: Tensor) -> Tensor:
        """One value per member (M,) as a table (seeds, settings) on the CPU."""
        return values.detach().view(self.shape).cpu()
