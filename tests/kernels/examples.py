"""A call of every public operation. What is promised for all of them is tested on these (``test_modes``)."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import torch

from utils.kernels.delta_attention import delta_attention
from utils.kernels.delta_keys import delta_keys
from utils.kernels.delta_pack import pack_deltas
from utils.kernels.float_round import float_round
from utils.kernels.fp8_quantize import fp8_quantize
from utils.kernels.graph_propagation import build_graph, graph_propagation
from utils.kernels.group_quantize import fake_quantize, group_quantize
from utils.kernels.layernorm_quantize import layernorm_quantize
from utils.kernels.mx_quantize import mx_quantize, mx_round
from utils.kernels.noisy_step import noisy_adam, noisy_sgd
from utils.kernels.operation import Operation
from utils.kernels.power_of_two_linear import power_of_two_linear
from utils.kernels.power_of_two_pack import pack_power_of_two
from utils.kernels.sparse_formats import nm_mask, to_blocks, to_csr, to_nm
from utils.kernels.sparse_linear import sparse_linear
from utils.kernels.stored import Stored
from utils.kernels.ternary_linear import ternary_linear
from utils.kernels.ternary_pack import pack_ternary
from utils.kernels.ternary_quantize import ternary_quantize


class Example(NamedTuple):
    function: Callable
    arguments: dict[str, object]

    @property
    def operation(self) -> Operation:
        return self.function.operation

    def __call__(self, backend: str = "auto", **changed: object) -> list[torch.Tensor]:
        """All tensors of the result; of an operation in place the tensors that it updated, copied before."""
        arguments = self.arguments | changed
        if self.operation.gradient != "in place":
            return tensors_of(self.function(**arguments, backend=backend))
        arguments = {name: copied(value) for name, value in arguments.items()}
        self.function(**arguments, backend=backend)
        return tensors_of(list(arguments.values()))


def tensors_of(value) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, Stored):
        return list(value.tensors.values())
    return (
        [tensor for part in value for tensor in tensors_of(part)] if isinstance(value, list | tuple) else []
    )


def changed(value, change):
    """An argument with each of its tensors changed by a function."""
    if isinstance(value, torch.Tensor):
        return change(value)
    if isinstance(value, Stored):
        return value.map(change)
    return [changed(part, change) for part in value] if isinstance(value, list) else value


def copied(value):
    return changed(value, torch.clone)


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def examples(size: int = 1) -> dict[str, Example]:
    """By name; with a larger ``size`` the work is worth a second thread."""
    rows, columns = 16 * size, 64
    x, weight, x_scale = (
        normal(5 * size, columns),
        normal(rows, columns, seed=1),
        normal(5 * size, seed=2).exp(),
    )
    codes = (40 * x).clamp(-128, 127).to(torch.int8)
    signs = weight.sign().to(torch.int8)
    ternary = {"x": codes, "x_scale": x_scale, "bias": normal(rows, seed=3)}
    shifts = pack_power_of_two(signs, signs + 1, normal(rows, seed=4).exp(), bits=3)
    sparse = weight * (weight > 0.5)
    keys, queries = normal(2, 24 * size, 8), normal(4, 24 * size, 8, seed=5)
    attention = {
        "queries": queries,
        "deltas": pack_deltas(delta_keys(keys, 0.5)),
        "values": normal(2, 24 * size, 6),
    }
    step = {"lr": 0.1, "deviation": 0.2, "seed": 7, "step": 3}
    pair = {"parameters": [x, weight], "gradients": [x + 1, weight - 1]}
    states = {"means": [0 * x, 0 * weight], "squares": [0 * x, 0 * weight]}
    edges = torch.randint(0, rows, (2, 60 * size), generator=torch.Generator().manual_seed(6))
    return {
        "ternary_linear": Example(ternary_linear, ternary | {"packed": pack_ternary(signs, 0.3)}),
        "ternary_linear, base 3": Example(
            ternary_linear, ternary | {"packed": pack_ternary(signs, 0.3, "base3")}
        ),
        "ternary_quantize": Example(ternary_quantize, {"weight": weight}),
        "ternary_quantize, median": Example(ternary_quantize, {"weight": weight, "measure": "median"}),
        "layernorm_quantize": Example(layernorm_quantize, {"x": x}),
        "power_of_two_linear": Example(power_of_two_linear, {"x": x, "packed": shifts}),
        "power_of_two_linear, int8": Example(power_of_two_linear, ternary | {"packed": shifts}),
        "float_round": Example(float_round, {"x": x, "form": "e4m3"}),
        "float_round, stochastic": Example(float_round, {"x": x, "form": "e2m1", "seed": 5}),
        "fp8_quantize": Example(fp8_quantize, {"x": x, "group": 32}),
        "group_quantize": Example(group_quantize, {"x": x, "bits": 4, "group": 16, "symmetric": False}),
        "group_quantize, stochastic": Example(group_quantize, {"x": x, "bits": 3, "seed": 5}),
        "group_quantize, 1 bit": Example(group_quantize, {"x": x, "bits": 1}),
        "fake_quantize": Example(fake_quantize, {"x": x, "bits": 4}),
        "mx_quantize": Example(mx_quantize, {"x": x, "form": "e2m1"}),
        "mx_quantize, stochastic": Example(mx_quantize, {"x": x, "form": "int8", "seed": 5}),
        "mx_round": Example(mx_round, {"x": x, "form": "e4m3"}),
        "sparse_linear, CSR": Example(sparse_linear, {"x": x, "weight": to_csr(sparse)}),
        "sparse_linear, 2:4": Example(
            sparse_linear, {"x": x, "weight": to_nm(weight * nm_mask(weight, 2, 4), 2, 4)}
        ),
        "sparse_linear, blocks": Example(sparse_linear, {"x": x, "weight": to_blocks(weight, 16)}),
        "graph_propagation": Example(
            graph_propagation, {"features": weight, "graph": build_graph(edges, rows), "steps": 2}
        ),
        "delta_keys": Example(delta_keys, {"keys": keys, "threshold": 0.5}),
        "delta_attention": Example(delta_attention, attention | {"recent": keys, "window": 4}),
        "noisy_sgd": Example(noisy_sgd, pair | step),
        "noisy_adam": Example(noisy_adam, pair | states | step),
    }


def with_(value, name: str, tensor: torch.Tensor):
    """A stored object with one of its tensors exchanged."""
    return replace(value, **{name: tensor})
