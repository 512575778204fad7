"""What chapter 11 says of thresholds, from closed forms and by hand."""

import numpy as np
import pytest
from scipy.stats import norm

from utils.errors import FrugalError
from utils.widgets.base import pack
from utils.widgets.ternary_threshold import SAMPLES, TernaryThreshold, code_range, packed_bytes, sample


def numbers(**state):
    return TernaryThreshold(**state).numbers()


def test_by_hand():
    result = numbers(weights="trained", trained=pack([[0.5, -1.0, 0.2], [-0.1, 0.3, -0.9]]))
    assert result["scale"] == pytest.approx(0.5, abs=1e-7)
    assert result["codes"].tolist() == [1, -1, 0, 0, 1, -1]
    assert result["zeros"] == pytest.approx(1 / 3)


def test_median_is_the_lower_of_the_two_middle_values():
    assert numbers(weights="trained", measure="median", trained=pack([1, 2, 3, 4]))["scale"] == 2


def test_share_of_zeros_of_a_gaussian_is_the_closed_form():
    # mean |w| of a standard Gaussian is sqrt(2 / pi); the sequence is even to a few parts in a thousand
    expected = 2 * norm.cdf(np.sqrt(2 / np.pi) / 2) - 1
    assert numbers()["zeros"] == pytest.approx(expected, abs=4 / np.sqrt(SAMPLES) / 10)


@pytest.mark.parametrize("law", ["gaussian", "laplace"])
def test_samples_have_unit_deviation_and_zero_mean(law):
    values = sample(law, 0.0)
    assert values.mean() == pytest.approx(0, abs=0.01)
    assert values.std() == pytest.approx(1, abs=0.01)


def test_outliers_move_the_mean_and_not_the_median():
    for measure, grows in (("mean", True), ("median", False)):
        clean, dirty = numbers(measure=measure), numbers(measure=measure, outliers=0.001)
        assert (dirty["scale"] > 1.05 * clean["scale"]) == grows


@pytest.mark.parametrize("bits, expected", [(1, (-1, 1)), (1.58, (-1, 1)), (2, (-2, 1)), (8, (-128, 127))])
def test_ranges_are_those_of_the_released_code(bits, expected):
    assert code_range(bits) == expected


@pytest.mark.parametrize("bits, expected", [(1, 2), (1.58, 2), (2, 3), (3, 4), (8, 10)])
def test_ten_codes_are_packed_tightly_and_the_scale_takes_four_bytes(bits, expected):
    assert packed_bytes(10, bits) == expected + 4


@pytest.mark.parametrize("values", [[], [0, 0], [1, float("nan")], [float("inf")]])
def test_nothing_to_quantize_is_said(values):
    with pytest.raises(FrugalError, match="finite weights"):
        numbers(weights="trained", trained=pack(values))


def test_too_many_trained_weights_are_refused():
    with pytest.raises(FrugalError, match="too many"):
        pack(np.zeros(20_000))
