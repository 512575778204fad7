"""The quick task: members are independent, starts are shared, and the stored network is the trained one."""

from dataclasses import replace

import torch

from utils.arena import digits
from utils.arena.technique import DENSE, INT8


def test_the_same_seed_starts_alike_whatever_stands_beside_it():
    for one, both in zip(digits.start([7], 16), digits.start([3, 7], 16), strict=True):
        assert torch.equal(one[0], both[1])


def test_members_do_not_meet():
    one, accuracy_one = digits.train(DENSE, [0.01], [3], "smoke", 8)
    both, accuracy_both = digits.train(DENSE, [0.01, 0.03], [2, 3], "smoke", 8)
    assert accuracy_both.shape == (2, 2)
    for alone, beside in zip(one, both, strict=True):
        # Batched products may sum in another order: rounding, carried through ten steps of Adam.
        torch.testing.assert_close(alone[0], beside[2], rtol=1e-3, atol=1e-4)
    assert abs(accuracy_one[0, 0] - accuracy_both[1, 0]) < 1


def test_the_stored_dense_network_is_the_trained_one():
    model, accuracy = digits.train(DENSE, [0.03], [0, 1], "smoke", 8)
    x = digits.example(5)
    for member in range(2):
        trained = digits.forward(DENSE, model, x.expand(2, -1, -1))[member]
        torch.testing.assert_close(digits.network(DENSE, model, member)(x), trained, rtol=1e-5, atol=1e-5)
    assert digits.test_accuracy(DENSE, model, [0, 1]) == accuracy[:, 0].tolist()


def test_costs_of_the_fixed_network():
    layers = digits.deploy(INT8, digits.start([0], 64), 0)
    assert [layer.multiply_adds for layer in layers] == [64 * 64, 64 * 64, 64 * 10]


def test_training_learns():
    _, accuracy = digits.train(DENSE, [0.01], [0], "quick", 16)
    assert accuracy[0, 0] > 90


def images(x: torch.Tensor) -> set[bytes]:
    """Images by their pixels, whatever mean and standard deviation they were standardized with."""
    low, high = x.amin(1, keepdim=True), x.amax(1, keepdim=True)
    return {row.numpy().tobytes() for row in (1000 * (x - low) / (high - low)).round().int()}


def test_validation_never_sees_test_images(monkeypatch):
    loaded, load = [], digits.digits.load
    monkeypatch.setattr(digits.digits, "load", lambda *given: loaded.append(load(*given)) or loaded[-1])
    digits.train(DENSE, [0.01], [0], "smoke", 8, validation=True)
    (seen,) = loaded
    tested = images(load(0).x_test)
    assert len(tested) > 400
    assert not tested & (images(seen.x_train) | images(seen.x_test))


def test_what_a_technique_does_reaches_weights_inputs_and_steps():
    seen = []
    technique = replace(
        DENSE,
        weight=lambda W: 0 * W,
        inputs=lambda x: x * float("nan") if x.isnan().any() else x,
        after_step=lambda weights, step, steps: seen.append((len(weights), step, steps)),
    )
    model, _ = digits.train(technique, [0.01], [0], "smoke", 8)
    assert seen == [(3, step, 10) for step in range(10)]
    logits = digits.forward(technique, model, digits.example(4)[None])
    assert torch.equal(logits[0], model[-1].expand(4, -1))
