"""The signal panel: a factor on the weights is a factor per layer, and only one variance keeps the signal."""

import numpy as np
import pytest

from utils.errors import FrugalError
from utils.widgets.graph_smoothing import DEEPEST, compute, gains


@pytest.mark.parametrize("variance", [0.5, 2, 4])
def test_the_variance_acts_once_per_layer(variance):
    layers = np.arange(1, DEEPEST + 1)
    np.testing.assert_allclose(gains(variance), gains(1) * variance ** (layers / 2), rtol=1e-12)


def test_glorot_loses_the_signal_and_twice_its_variance_keeps_it():
    assert gains(1)[-1] < 0.01
    assert 0.3 < gains(2)[-1] < 3  # 32 units: each layer passes a half of its inputs only on average


def test_a_variance_must_be_positive():
    with pytest.raises(FrugalError, match="variance"):
        compute(propagation=1, transformation=1, variance=0, spread=0.5)
