"""Stacked networks with biases agree with torch's own layers, member by member."""

import torch
from torch import nn

from utils.models.biased import network, with_biases
from utils.models.members import Members


def test_a_member_computes_what_its_layers_compute():
    layers = [[nn.Linear(5, 7), nn.Linear(7, 3)] for _ in range(2)]
    params = [torch.stack([member[i].weight for member in layers]) for i in (0, 1)]
    params += [torch.stack([member[i].bias for member in layers]) for i in (0, 1)]
    x = torch.randn(2, 4, 5)
    for member, (first, last) in enumerate(layers):
        torch.testing.assert_close(network(params, x)[member], last(first(x[member]).relu()))


def test_biases_start_at_zero_and_copies_are_trained():
    W = torch.ones(2, 3, 4)
    own, bias = with_biases([W], Members([{"rate": 0.1}], [0, 1]))
    assert bias.shape == (2, 3)
    assert not bias.any()
    assert own.requires_grad
    assert bias.requires_grad
    assert own.data_ptr() != W.data_ptr()
