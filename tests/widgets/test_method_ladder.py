"""What chapter 14 says of its ladder, from bookkeeping and closed forms."""

import itertools

import numpy as np
import pytest

from utils.errors import FrugalError
from utils.widgets.method_ladder import CELLS, END, GROWN, METHODS, ROUNDS, MethodLadder, bill, run, truth

SETTING = {"density": 0.1, "share": 0.08, "noise": 0.1, "drop": 0.3}


def numbers(**state):
    return MethodLadder(**state).numbers()


@pytest.mark.parametrize("method", ["rigl", "set", "static"])
def test_sparse_methods_never_hold_more_than_their_density(method):
    counts = {int(state["mask"].sum()) for state in run(method, **SETTING)}
    assert counts == {26}  # 0.1 * 256, halves up


@pytest.mark.parametrize("method", ["pruned", "gradual"])
def test_dense_to_sparse_starts_full_and_ends_at_the_density(method):
    counts = [state["mask"].sum() for state in run(method, **SETTING)]
    assert counts[0] == CELLS
    assert counts[-1] == 26
    assert sorted(counts, reverse=True) == counts


def test_gradual_pruning_follows_the_cubic_law():
    state = run("gradual", **SETTING)[END // 2]
    assert state["mask"].sum() == pytest.approx(26 + (CELLS - 26) / 8, abs=0.5)


@pytest.mark.parametrize("method", ["rigl", "set"])
def test_grown_weights_start_at_zero_and_nothing_returns_in_its_own_round(method):
    states = run(method, **SETTING)
    for before, after in itertools.pairwise(states):
        grown = after["events"] == GROWN
        assert not after["weights"][grown].any()
        assert not (grown & (before["mask"] > 0)).any()


def test_without_noise_rigl_finds_every_place_of_a_truth_that_fits():
    result = numbers(method="rigl", noise=0.0, step=float(ROUNDS))
    assert result["found"] == 1
    # Each round halves the distance, and the last place is found while the mask still moves.
    assert result["error"] < 0.5 ** (2 * (ROUNDS - END))


def test_a_full_layer_makes_all_methods_equal():
    result = numbers(density=1.0, drop=1.0)
    assert np.ptp(result["errors"]) == 0
    assert result["explored"] == 1


def test_noise_makes_all_but_gradual_pruning_and_rigl_worse_than_an_empty_layer():
    errors = dict(zip(METHODS, numbers(noise=1.0)["errors"], strict=True))
    assert {method for method, error in errors.items() if error > 1} == {"pruned", "set", "static"}
    assert errors["rigl"] < errors["gradual"]


def test_where_the_truth_uses_all_weights_the_largest_are_still_worth_finding():
    errors = dict(zip(METHODS, numbers(share=1.0)["errors"], strict=True))
    best = np.sort(truth(1.0) ** 2)[:-26].sum() / (truth(1.0) ** 2).sum()  # the 26 largest known exactly
    assert [errors[method] for method in ("pruned", "gradual", "rigl")] == pytest.approx([best] * 3, abs=0.05)
    assert best + 0.1 < errors["set"] < errors["static"] - 0.1


def test_bills_by_hand():
    assert bill("rigl", 0.25, 9) == pytest.approx((3 * 0.25 * 9 + 0.5 + 1) / 30)
    assert bill("set", 0.25, 9) == bill("static", 0.25, 9) == 0.25
    assert bill("gradual", 1.0, 9) == bill("pruned", 0.25, 9) == 1


def test_the_truth_has_the_share_that_was_asked_for():
    assert np.count_nonzero(truth(0.25)) == CELLS / 4


def test_a_number_that_is_none_is_refused():
    with pytest.raises(FrugalError, match="finite"):
        numbers(noise=float("nan"))


def test_the_chosen_method_is_the_one_whose_error_is_shown():
    for at, method in enumerate(METHODS):
        result = numbers(method=method, step=float(ROUNDS))
        assert result["error"] == result["errors"][at]
