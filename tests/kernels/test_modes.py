"""Whatever mode PyTorch is in, every operation is right on every back end, or refuses in a sentence."""

from functools import cache

import pytest
import torch
from torch.autograd import forward_ad

from tests.kernels.examples import Example, changed, examples, tensors_of
from utils.errors import FrugalError
from utils.kernels.operation import GRADIENTS
from utils.kernels.operations import operations

EXAMPLES = examples()


def calls():
    """Every example on every back end that its operation declares."""
    for name, example in EXAMPLES.items():
        only = ["reference"] if name == "group_quantize, 1 bit" else example.operation.backends
        yield from ((name, backend) for backend in only)


every_call = pytest.mark.parametrize("name, backend", list(calls()))
every_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


def same(one: list[torch.Tensor], other: list[torch.Tensor]) -> bool:
    """The same dtypes, devices and bits."""
    pairs = list(zip(one, other, strict=True))
    return all(a.dtype == b.dtype and a.device == b.device and torch.equal(a, b) for a, b in pairs)


@cache
def plain(name: str, backend: str) -> list[torch.Tensor]:
    """The result in no mode, computed once: Triton's interpreter is slow."""
    return EXAMPLES[name](backend)


def floats(example: Example) -> dict[str, object]:
    """The arguments that hold floating-point tensors."""
    arguments = example.arguments.items()
    return {name: value for name, value in arguments if any(map(torch.is_floating_point, tensors_of(value)))}


def only_floats(change):
    return lambda tensor: change(tensor) if tensor.is_floating_point() else tensor


def test_every_operation_has_an_example():
    assert {example.operation.stem for example in EXAMPLES.values()} == {op.stem for op in operations()}
    assert {operation.gradient for operation in operations()} == set(GRADIENTS)


@every_call
@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_the_default_dtype_changes_nothing(name, backend, dtype):
    wanted = plain(name, backend)
    torch.set_default_dtype(dtype)
    try:
        found = EXAMPLES[name](backend)
    finally:
        torch.set_default_dtype(torch.float32)
    assert same(found, wanted)


@every_call
def test_the_default_device_changes_nothing(name, backend):
    wanted = plain(name, backend)
    with torch.device("meta"):
        found = EXAMPLES[name](backend)
    assert same(found, wanted)


@every_call
@pytest.mark.parametrize(
    "mode", [torch.inference_mode, torch.no_grad, lambda: torch.autocast("cpu", torch.bfloat16)]
)
def test_inference_mode_and_autocast_change_nothing(name, backend, mode):
    wanted = plain(name, backend)
    with mode():
        found = EXAMPLES[name](backend)
    assert same(found, wanted)


@every_call
def test_a_second_call_gives_the_same_bits_and_inputs_stay(name, backend):
    example, wanted = EXAMPLES[name], plain(name, backend)
    before = [tensor.clone() for value in example.arguments.values() for tensor in tensors_of(value)]
    assert same(example(backend), wanted)
    assert same(before, [tensor for value in example.arguments.values() for tensor in tensors_of(value)])


@every_example
def test_a_compiled_model_calls_the_operation_as_it_is(example):
    wanted = example()
    compiled = torch.compile(lambda: example(), backend="eager")
    assert same(compiled(), wanted)
    assert same(compiled(), wanted)


def right_or_refused_in_place(name, backend, arguments):
    """A view that is not plain memory is read as what it stands for, and cannot be updated."""
    example = EXAMPLES[name]
    if example.operation.gradient != "in place":
        assert same(example(backend, **arguments), plain(name, backend))
        return
    with pytest.raises(FrugalError, match="give it contiguous"):
        example.function(**arguments, backend=backend)


@every_call
def test_views_with_the_negative_bit_are_written_out(name, backend):
    """The imaginary part of a conjugate is a view that PyTorch negates when it is read."""
    negated = only_floats(lambda t: torch.complex(torch.zeros_like(t), -t).conj().imag)
    arguments = {key: changed(value, negated) for key, value in EXAMPLES[name].arguments.items()}
    assert any(tensor.is_neg() for value in arguments.values() for tensor in tensors_of(value))
    right_or_refused_in_place(name, backend, arguments)


@every_call
def test_strides_change_nothing(name, backend):
    strided = {
        key: changed(value, lambda t: torch.stack([t, t], -1)[..., 0] if t.dim() else t)
        for key, value in EXAMPLES[name].arguments.items()
    }
    right_or_refused_in_place(name, backend, strided)


@every_call
def test_inputs_that_require_a_gradient(name, backend):
    """Gradients flow, or there can be none, or the call is refused by the name of the argument."""
    example, wanted = EXAMPLES[name], plain(name, backend)
    for key, value in floats(example).items():
        learned = {key: changed(value, only_floats(lambda t: t.detach().clone().requires_grad_()))}
        if example.operation.gradient == "refused":
            with pytest.raises(FrugalError, match=f"{key} requires a gradient and there is none"):
                example(backend, **learned)
            with torch.no_grad():
                assert same(example(backend, **learned), wanted)
        elif key != "graph":  # its scales are no parameters
            found = example(backend, **learned)
            flows = example.operation.gradient == "flows"
            results = [t for t in found if t.is_floating_point()]
            assert example.operation.gradient == "in place" or all(t.requires_grad == flows for t in results)
            assert same([t.detach() for t in found], wanted)


@every_example
def test_transforms_of_torch_func_are_refused(example):
    for name, value in floats(example).items():
        if isinstance(value, torch.Tensor):
            with pytest.raises(FrugalError, match=f"{name} is inside a torch.func transform"):
                torch.vmap(lambda part, name=name: example(**{name: part})[0])(value[None])


@every_example
def test_forward_mode_tangents_are_refused(example):
    for name, value in floats(example).items():
        with forward_ad.dual_level():
            dual = only_floats(lambda t: forward_ad.make_dual(t.detach().clone(), torch.ones_like(t)))
            arguments = {name: changed(value, dual)}
            with pytest.raises(FrugalError, match=f"{name} has a forward-mode tangent"):
                example(**arguments)


@every_example
def test_sparse_layouts_and_mixed_devices_are_refused(example):
    name, value = next((name, value) for name, value in example.arguments.items() if tensors_of(value))
    if isinstance(value, torch.Tensor):
        with pytest.raises(FrugalError, match=f"{name} has the layout torch.sparse_coo; give it to_dense"):
            example(**{name: value.to_sparse()})
    if sum(len(tensors_of(value)) for value in example.arguments.values()) > 1:
        meta = {name: [t.to("meta") for t in value] if isinstance(value, list) else value.to("meta")}
        with pytest.raises(FrugalError, match="cpu and meta"):
            example(**meta)
