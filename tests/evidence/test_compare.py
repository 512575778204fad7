"""The interval: invariances, agreement with the textbook formula, and its coverage by simulation."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from utils.errors import FrugalError
from utils.evidence.compare import NO_SPREAD, compare

# Eighths add and subtract without rounding, so that invariances can be tested tightly.
EIGHTHS = st.integers(-800, 800).map(lambda n: n / 8)
PAIRS = st.lists(st.tuples(EIGHTHS, EIGHTHS), min_size=2, max_size=6)


def interval(pairs, better="higher"):
    result = compare([a for a, _ in pairs], [b for _, b in pairs], better)
    return result.low, result.effect, result.high


def test_three_seeds_by_hand():
    # Differences 1, 2, 3: mean 2, standard error 1/sqrt(3), t quantile 4.3027 with two degrees of freedom.
    low, effect, high = interval([(2, 1), (4, 2), (6, 3)])
    half = 4.302652729911275 / math.sqrt(3)
    assert (low, effect, high) == pytest.approx((2 - half, 2, 2 + half), rel=1e-9)


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_seeds_does_not_matter(pairs, random):
    shuffled = random.sample(pairs, len(pairs))
    assert interval(shuffled) == pytest.approx(interval(pairs), rel=1e-9, abs=1e-9)


@given(PAIRS)
def test_swapping_the_arms_mirrors_the_interval(pairs):
    low, effect, high = interval(pairs)
    swapped = interval([(b, a) for a, b in pairs])
    assert swapped == pytest.approx((-high, -effect, -low), rel=1e-9, abs=1e-9)


@given(PAIRS)
def test_lower_is_better_mirrors_higher_is_better(pairs):
    low, effect, high = interval(pairs, "higher")
    assert interval(pairs, "lower") == pytest.approx((-high, -effect, -low), rel=1e-9, abs=1e-9)


@given(PAIRS, st.sampled_from([1e-6, 0.5, 1000.0]))
def test_a_change_of_unit_scales_the_interval(pairs, unit):
    scaled = interval([(a * unit, b * unit) for a, b in pairs])
    expected = tuple(unit * value for value in interval(pairs))
    assert scaled == pytest.approx(expected, rel=1e-6, abs=1e-9 * unit)


@given(PAIRS, EIGHTHS)
def test_what_a_seed_does_to_both_arms_cancels(pairs, shift):
    moved = [(a + shift, b + shift) for a, b in pairs]
    assert interval(moved) == pytest.approx(interval(pairs), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seeds", [3, 5])
def test_the_interval_covers_the_truth_as_often_as_it_says(seeds):
    runs, truth = 1500, 0.3
    generator = np.random.default_rng(seeds)
    treatment = generator.normal(truth, 1, (runs, seeds))
    baseline = generator.normal(0, 0.5, (runs, seeds))
    found = (compare(t, b, "higher") for t, b in zip(treatment, baseline, strict=True))
    covered = sum(c.low <= truth <= c.high for c in found)
    # Binomial test at a level that a right interval fails once in ten thousand seeds of this test.
    assert stats.binomtest(covered, runs, 0.95).pvalue > 1e-4


def test_the_bootstrap_at_three_seeds_is_too_narrow():
    """The reason for the t interval, as the docstring and the page on verdicts give it."""
    generator = np.random.default_rng(0)
    differences = generator.normal(size=(2000, 3))
    resampled = generator.integers(0, 3, (2000, 400, 3))
    means = np.take_along_axis(differences[:, None, :], resampled, axis=2).mean(axis=2)
    low, high = np.percentile(means, [2.5, 97.5], axis=1)
    covered = int(((low <= 0) & (high >= 0)).sum())
    assert stats.binomtest(covered, 2000, 0.85, alternative="less").pvalue < 1e-4


def test_the_sign_test_needs_six_pairs():
    assert stats.binomtest(5, 5).pvalue > 0.05
    assert stats.binomtest(6, 6).pvalue < 0.05


@pytest.mark.parametrize("pairs", [[(3, 1), (4, 2)], [(0.3, 0.1), (0.4, 0.2), (1.2, 1.0)]])
def test_equal_differences_are_flagged_even_when_rounding_hides_them(pairs):
    result = compare(*zip(*pairs, strict=True), "higher")
    assert result.low == result.effect == result.high
    assert result.note == NO_SPREAD


@pytest.mark.parametrize(
    "treatment, baseline, reason",
    [
        ([1], [1], "two seeds"),
        ([], [], "two seeds"),
        ([1, 2], [1, 2, 3], "same seeds"),
        ([1, math.nan], [1, 2], "diverged"),
        ([1, 2], [1, math.inf], "diverged"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(treatment, baseline, reason):
    with pytest.raises(FrugalError, match=reason):
        compare(treatment, baseline, "higher")
