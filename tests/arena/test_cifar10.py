"""The full task's network, without its data: the known ResNet-20, members apart, the stored form equal."""

from dataclasses import replace

import pytest
import torch

from utils.arena import cifar10
from utils.arena.technique import DENSE


@pytest.fixture
def images():
    return torch.randn(4, 3, 32, 32, generator=torch.Generator().manual_seed(1))


def beside(images, members):
    return images.unsqueeze(1).expand(-1, members, -1, -1, -1)


def test_the_fixed_network_is_resnet_20():
    layers = cifar10.deploy(DENSE, cifar10.start([0], 16), 0)
    assert sum(layer.bytes for layer in layers) == 4 * 269_722  # parameters of the published network
    assert len(cifar10.shapes(16)) == 19
    assert sum(layer.multiply_adds for layer in layers) == 40_551_040


def test_members_stand_side_by_side_without_meeting(images):
    both, one = cifar10.start([3, 7], 4), cifar10.start([7], 4)
    for training in (False, True):
        together = cifar10.forward(DENSE, both, beside(images, 2), training)[1]
        alone = cifar10.forward(DENSE, one, beside(images, 1), training)[0]
        # 19 layers with sums of up to 144 products each, in float32.
        torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-4)


def test_gradients_stay_with_their_member(images):
    model = cifar10.start([3, 7], 4)
    loss = cifar10.forward(DENSE, model, beside(images, 2), training=True)[0].square().sum()
    for gradient in torch.autograd.grad(loss, model.kernels):
        assert gradient[0].abs().max() > 0
        assert gradient[1].abs().max() == 0


def test_a_member_taken_out_computes_the_same(images):
    technique = replace(DENSE, weight=lambda W: W.clamp(min=0), inputs=lambda x: x.clamp(max=1))
    model = cifar10.start([3, 7], 4)
    model.running[0].normal_(generator=torch.Generator().manual_seed(2))
    whole = cifar10.forward(technique, model, beside(images, 2))
    for member in range(2):
        single = cifar10.network(technique, model, member)(beside(images, 1))[0]
        torch.testing.assert_close(single, whole[member], rtol=1e-4, atol=1e-4)


def test_techniques_see_matrices_but_not_the_first_kernel_and_channels_last():
    shapes, widths = [], set()

    def weight(W):
        shapes.append(tuple(W.shape))
        return W

    def inputs(x):
        widths.add(x.shape[-1])
        return x

    model = cifar10.start([0, 1], 4)
    cifar10.forward(replace(DENSE, weight=weight, inputs=inputs), model, torch.randn(1, 2, 3, 32, 32))
    assert shapes == [(2, out, 9 * channels) for out, channels, *_ in cifar10.shapes(4)[1:]]
    assert widths == {4, 8, 16}


def test_a_training_step_on_stand_in_images(monkeypatch):
    images, labels = torch.randn(4200, 3, 32, 32), torch.arange(4200) % 10
    monkeypatch.setattr(cifar10, "_images", lambda device: (images, labels))
    monkeypatch.setattr(cifar10, "PART", 500)
    monkeypatch.setattr(cifar10, "BATCH", 4)
    monkeypatch.setattr(cifar10, "_parts", lambda count, validation: (8, slice(3700, 4200)))
    monkeypatch.setattr(cifar10, "EPOCHS", 1)
    steps = []
    technique = replace(
        DENSE, after_step=lambda weights, step, total: steps.append((len(weights), step, total))
    )
    model, accuracy = cifar10.train(technique, [0.01], [0, 1], "full", 4)
    assert steps == [(18, 0, 2), (18, 1, 2)]
    assert accuracy.shape == (2, 1)
    assert cifar10.test_accuracy(technique, model, [0, 1]) == accuracy[:, 0].tolist()


def test_learning_validation_and_test_parts_do_not_overlap():
    learn, validation = cifar10._parts(20_000, validation=True)
    same, test = cifar10._parts(20_000, validation=False)
    assert (learn, validation, same, test) == (16_000, slice(16_000, 18_000), 16_000, slice(18_000, 20_000))


def test_several_latents_of_a_weight_make_one_kernel(images):
    two = replace(
        DENSE,
        start=lambda W, seeds: torch.stack([W, torch.ones_like(W)], 1),
        weight=lambda latents: latents[:, 0] * latents[:, 1],
    )
    model, plain = cifar10.start([3, 7], 4, two), cifar10.start([3, 7], 4)
    assert model.kernels[1].shape == (2, 2, 4, 4, 3, 3)
    expected = cifar10.forward(DENSE, plain, beside(images, 2))
    assert torch.equal(cifar10.forward(two, model, beside(images, 2)), expected)
    single = cifar10.network(two, model, 1)(beside(images, 1))[0]
    torch.testing.assert_close(single, expected[1], rtol=1e-4, atol=1e-4)
