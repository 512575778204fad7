"""Values, calls and gradients between judge and student's side, both in this process."""

import collections
import contextlib
import functools
import socket
import threading

import numpy as np
import pytest
import torch

from utils.grading.peer import Peer, StudentError
from utils.grading.wire import Gone, ProtocolError


@pytest.fixture
def ask():
    """A function that hands a Python function to the student's side and gives the judge's handle for it."""
    ends = []

    def handle(function):
        near, far = socket.socketpair()
        student, judge = Peer(far, trusted=False), Peer(near, trusted=True)
        student.serves = {"get": lambda: function}

        def serve() -> None:
            with contextlib.suppress(Gone):
                student.serve()

        threading.Thread(target=serve, daemon=True).start()
        ends.append(near)
        return judge.request("get")

    yield handle
    for end in ends:
        end.close()


VALUES = [
    None, True, 3, -(2**70), 0.1, float("inf"), "ü", b"\x00x", ..., 2j, [1, [2, (3,)]], {"a": {1: None}},
    {1, 2}, torch.float16, np.float64(0.5), np.int64(-3), np.bool_(True), (), [], {},
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_back_as_it_went(value, ask):
    found = ask(lambda x: x)(value)
    assert found == value
    assert type(found) is type(value)


def test_a_queue_of_the_student_comes_as_a_list(ask):
    assert ask(lambda: collections.deque([1, 2], maxlen=2))() == [1, 2]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.int8, torch.bool, torch.complex64])
@pytest.mark.parametrize("shape", [(), (0,), (3, 2), (2, 0, 3)])
def test_tensors_keep_shape_dtype_and_order_in_memory(dtype, shape, ask):
    tensor = torch.ones(shape).to(dtype)
    tensor = tensor.T if tensor.ndim == 2 else tensor
    found = ask(lambda x: x.clone())(tensor)
    assert torch.equal(found, tensor)
    assert (found.dtype, found.shape) == (tensor.dtype, tensor.shape)
    assert ask(lambda x: x.is_contiguous())(tensor) == tensor.is_contiguous()


def test_the_same_tensor_is_the_same_on_the_other_side(ask):
    x = torch.ones(2)
    assert ask(lambda a, b: a is b)(x, x)
    assert ask(lambda a: a)(x) is x


def test_what_the_student_writes_into_its_input_is_seen(ask):
    x, y = torch.ones(2), torch.ones(2)
    ask(lambda a: [a.add_(1), None][1])(x)
    ask(lambda a: [a.data.zero_(), None][1])(y)
    assert x.tolist() == [2, 2]
    assert y.tolist() == [0, 0]


def test_what_the_judge_overwrites_is_overwritten_for_who_kept_it(ask):
    def stream():
        for k in range(3):
            x = torch.full((2,), float(k))
            yield x
            x.fill_(torch.nan)

    assert torch.stack(ask(lambda items: [x.clone() for x in items])(stream()))[:, 0].tolist() == [0, 1, 2]
    assert all(x.isnan().all() for x in ask(list)(stream()))


def test_gradients_pass_through_a_students_function(ask):
    W = torch.tensor([1.0, 2.0], requires_grad=True)
    result = ask(lambda w: (w**2, w.detach()))(W * 3)
    assert [part.requires_grad for part in result] == [True, False]
    (result[0] * torch.tensor([1.0, 10.0])).sum().backward()
    assert W.grad.tolist() == [18, 360]


def test_gradients_pass_through_the_judges_function_in_a_students(ask):
    W = torch.tensor([1.0, 2.0], requires_grad=True)
    ask(lambda w, f: f(w * 2).sum())(W, lambda x: x**3).backward()
    assert W.grad.tolist() == [24, 96]


def test_no_gradient_is_recorded_where_the_check_forbids_it(ask):
    with torch.no_grad():
        assert not ask(lambda w: torch.is_grad_enabled())(1)


def test_an_optimizer_of_the_check_moves_the_students_parameters(ask):
    steps = []

    class Counting(torch.optim.SGD):
        def step(self):
            steps.append(1)
            return super().step()

    def train(optimizer):
        theta = torch.zeros(2)
        stepper = optimizer([theta])
        for _ in range(3):
            theta.grad = torch.ones(2)
            stepper.step()
        return theta

    assert ask(train)(functools.partial(Counting, lr=0.5)).tolist() == [-1.5, -1.5]
    assert len(steps) == 3
    assert ask(train)(functools.partial(torch.optim.SGD, lr=1.0)).tolist() == [-3, -3]


def test_a_generator_goes_on_where_the_student_left_it(ask):
    draw = ask(lambda g: torch.rand(2, generator=g))
    here, there = torch.Generator().manual_seed(1), torch.Generator().manual_seed(1)
    expected = [torch.rand(2, generator=here) for _ in range(3)]
    found = [draw(there), torch.rand(2, generator=there), draw(there)]
    assert all(map(torch.equal, found, expected))


def test_objects_of_the_student_keep_their_state(ask):
    class Cache:
        def __init__(self, size):
            self.size, self.items = size, []

        def append(self, item):
            self.items.append(item)

    made = ask(Cache)
    cache = made(3)
    cache.append(torch.ones(2))
    assert len(cache.items) == 1
    assert cache.size == 3
    assert getattr(made, "missing", None) is None


def test_an_error_of_the_student_is_of_its_kind_and_one_of_the_judge_cannot_be_swallowed(ask):
    def fails():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no") as error:
        ask(fails)()
    assert isinstance(error.value, StudentError)

    def swallows(world):
        with contextlib.suppress(BaseException):
            world(1)
        return 1

    def world(x):
        raise AssertionError("asked too much")

    with pytest.raises(AssertionError, match="asked too much"):
        ask(swallows)(world)


@pytest.mark.parametrize(
    "verb, values",
    [("attribute", ("__globals__",)), ("call", ()), ("method", ("step",)), ("next", ()), ("shell", ("ls",))],
)
def test_the_judge_does_nothing_but_what_it_handed_out(verb, values, ask):
    def curious(thing):
        return thing._peer.request(verb, thing, *values)

    with pytest.raises((ProtocolError, StudentError, TypeError)):
        ask(curious)({"attribute": iter([1]), "call": iter([1]), "method": len}.get(verb, lambda: 1))


def test_the_judge_follows_no_name_of_a_library(ask):
    def tells(x):
        x._peer.trusted = True  # the student's side now sends functions by name, as only the judge may
        return torch.optim.SGD

    with pytest.raises(ProtocolError):
        ask(tells)(lambda: 1)
