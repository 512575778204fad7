"""One declaration per operation: its dispatch, its place in the book and its tests are made from it.

The declaration decorates the public functions. Whatever mode PyTorch is in, a call is right, or refused in a
sentence that says what to do.
"""

import functools
import importlib
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import torch
from torch.autograd import forward_ad

from utils.errors import FrugalError
from utils.kernels.backends import choose, one_device
from utils.kernels.stored import Stored

# What becomes of inputs that require a gradient.
GRADIENTS = {
    "flows": "gradients flow through the result",
    "codes": "the result is codes, which have no gradient",
    "refused": "for inference: an input that requires a gradient is refused",
    "in place": "parameters are updated in place, outside of any graph",
}
AUTOCAST = ("cpu", "cuda")  # of PyTorch's devices those that the back ends run on
MODULES = {"reference": "", "numba": "_cpu", "triton": "_triton"}


@dataclass(frozen=True)
class Promise:
    """What the machine code of one form of a Triton kernel keeps to, on every GPU that it is compiled for.

    Attributes
    ----------
    load : least bytes of a load from global memory, as ``compiled.facts`` counts them
    matrix : whether it multiplies on the matrix units
    stack : most bytes of local memory
    kernel : the kernel of the form that ``load`` and ``matrix`` speak of; None for all
    """

    load: int = 1
    matrix: bool = False
    stack: int = 0
    kernel: str | None = None

    def of(self, kernel: str) -> "Promise":
        """What is left of it for one kernel of the form."""
        return self if self.kernel in (None, kernel) else Promise(stack=self.stack)


@dataclass(frozen=True)
class Operation:
    """What the project knows about an operation.

    Attributes
    ----------
    stem : names its module, its back ends' modules, its tests, benchmark and page
    chapter : number of the chapter that it belongs to
    says : what it computes, in one line
    source : where the definition is from
    gradient : a key of ``GRADIENTS``
    backends : beside the reference "numba", in ``<stem>_cpu``, and "triton", in ``<stem>_triton``
    promises : of forms of the Triton kernel that are compiled in every check, by their names in
        ``bench.<stem>.forms()``
    """

    stem: str
    chapter: int
    says: str
    source: str
    gradient: str = "codes"
    backends: tuple[str, ...] = ("reference", "numba", "triton")
    promises: Mapping[str, Promise] = field(default_factory=dict, hash=False)

    def __call__(self, function: Callable) -> Callable:
        """Decorate a public function: PyTorch's modes are set aside for the call, or the call is refused."""

        @functools.wraps(function)
        def door(*arguments, **options):
            if torch.compiler.is_dynamo_compiling():  # a compiled model breaks its graph here
                return torch.compiler.disable(door)(*arguments, **options)
            tensors = list(_tensors((*arguments, *options.values())))
            for tensor in tensors:
                reason = self._refusal(tensor)
                if reason:
                    name = _name(tensor, inspect.signature(function).bind(*arguments, **options).arguments)
                    raise FrugalError(f"{function.__name__}: {name} {reason}")
            if any(tensor.is_neg() for tensor in tensors):  # a view that negates when it is read
                arguments = map(_written_out, arguments)
                options = {name: _written_out(value) for name, value in options.items()}
            with _set_aside(tensors):
                return function(*arguments, **options)

        door.operation = self
        return door

    def choose(self, backend: str, device: torch.device, *among: str) -> str:
        """The back end that runs on a device, of all that exist or of those named."""
        return choose(backend, device, among or self.backends)

    def pick(self, backend: str, device: torch.device, name: str | None = None) -> Callable:
        """The implementation that runs: ``<name>_reference``, ``<name>_cpu`` or ``<name>_triton``."""
        return self.implementation(self.choose(backend, device), name)

    def implementation(self, backend: str, name: str | None = None) -> Callable:
        """The function of one back end, whose module is imported when it is first needed."""
        return _implementation(self.stem, backend, name or self.stem)

    def _refusal(self, tensor: torch.Tensor) -> str | None:
        if torch._C._functorch.is_functorch_wrapped_tensor(tensor):
            return "is inside a torch.func transform (grad, vmap, jvp); call it outside, and use backward()."
        if tensor.layout is not torch.strided:
            return f"has the layout {tensor.layout}; give it to_dense()."
        if forward_ad.unpack_dual(tensor).tangent is not None:
            return "has a forward-mode tangent, which would be lost; use backward()."
        if self.gradient == "refused" and tensor.requires_grad and torch.is_grad_enabled():
            return (
                "requires a gradient and there is none; give it detach(), or call it under torch.no_grad()."
            )
        return None


@functools.cache
def _implementation(stem: str, backend: str, name: str) -> Callable:
    module = importlib.import_module(f"utils.kernels.{stem}{MODULES[backend]}")
    return getattr(module, f"{name}{MODULES[backend] or '_reference'}")


def _tensors(values) -> Iterator[torch.Tensor]:
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, Stored):
            yield from value.tensors.values()
        elif isinstance(value, list | tuple):
            yield from _tensors(value)


def _name(tensor: torch.Tensor, arguments: dict[str, object]) -> str:
    return next(name for name, value in arguments.items() if any(t is tensor for t in _tensors([value])))


def _written_out(value):
    if isinstance(value, torch.Tensor):
        return value.resolve_neg()
    return value.map(torch.Tensor.resolve_neg) if isinstance(value, Stored) else value


def _set_aside(tensors: list[torch.Tensor]) -> ExitStack:
    """Autocast off, so that float32 stays float32, and the GPU of the tensors the current one."""
    modes = ExitStack()
    if not tensors:
        return modes
    device = one_device(*tensors)
    if device.type in AUTOCAST and torch.is_autocast_enabled(device.type):
        modes.enter_context(torch.autocast(device.type, enabled=False))
    if device.type == "cuda":
        modes.enter_context(torch.cuda.device(device))
    return modes
