"""What chapter 30 says of its weights: by hand, from the propagation itself, and in the browser."""

import math

import numpy as np
import pytest

from utils.errors import FrugalError
from utils.widgets.adaptive_weights import (
    PAPERS,
    STEPS,
    TEMPERATURES,
    AdaptiveWeights,
    graph,
    levels,
    sample,
)

# The path of three nodes on the page: an end, the middle, the other end.
END = [1 - (8 / 11) ** 0.5, (3 / 5) ** 0.5 * (1 - (54 / 55) ** 0.5)]
MIDDLE = [1 - (3 / 11) ** 0.5, 7**-0.5 * (1 - 15 / 231**0.5)]
PATH = {
    "smoothness": [END, MIDDLE, END],
    "nodes": ["end", "middle", "other end"],
    "neighbors": [1, 2, 1],
}
SET = "([name, value]) => document.querySelector('.frugal-widget').model.set(name, value)"


def numbers(**state):
    return AdaptiveWeights(**state).numbers()


@pytest.mark.parametrize("temperature", [0.05, 1.0, 5.0])
def test_by_hand(temperature):
    result = numbers(**PATH, temperature=temperature)
    for i, (first, second) in enumerate(PATH["smoothness"]):
        expected = 1 / (1 + math.exp((second - first) / temperature))  # a softmax of two is a logistic
        assert result["weights"][i] == pytest.approx([expected, 1 - expected], abs=1e-12)
        assert result[f"largest_{i}"] == pytest.approx(expected, rel=1e-12)
        assert result[f"depth_{i}"] == pytest.approx(1 - expected, abs=1e-12)
    assert result["at"].tolist() == [0, 0, 0]
    assert (result["uniform"], result["middle"]) == (0.5, 0.5)


def test_the_sample_is_a_tree_and_a_paper_without_neighbors():
    adjacency, features = graph()
    degree = adjacency.sum(axis=1)
    assert (adjacency == adjacency.T).all()
    assert degree.sum() == 2 * (PAPERS - 1)
    reached = np.linalg.matrix_power(adjacency + np.eye(PAPERS + 1), PAPERS) > 0
    assert reached[:PAPERS, :PAPERS].all()  # connected, with one edge less than nodes: a tree
    assert not degree[PAPERS]
    assert features.any(axis=1).all()
    assert sample()["neighbors"] == [degree.max(), 1, 0]


def test_levels_are_those_of_really_propagated_features():
    """The limit from 2^16 real steps: what is left of the second eigenvalue, and 16 squarings' rounding."""
    adjacency, features = graph()
    looped = adjacency + np.eye(PAPERS + 1)
    step = looped / np.sqrt(np.outer(looped.sum(axis=0), looped.sum(axis=1)))
    second = np.linalg.eigvalsh(step[:PAPERS, :PAPERS])[-2]
    assert second**2**16 < 1e-12
    unit = lambda rows: rows / np.linalg.norm(rows, axis=1, keepdims=True)  # noqa: E731
    limit = unit(np.linalg.matrix_power(step, 2**16) @ features)
    for k, found in enumerate(levels(adjacency, features).T):
        now = unit(np.linalg.matrix_power(step, k) @ features)
        expected = (now * unit(features)).sum(axis=1) * (1 - (now * limit).sum(axis=1))
        # 2^16 steps round the rows' length by less than 2^16 PAPERS eps = 6e-10, their direction by less.
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_a_node_without_neighbors_weighs_all_steps_alike_at_any_temperature(temperature):
    result = numbers(temperature=temperature)
    assert result["weights"][2] == pytest.approx([1 / (STEPS + 1)] * (STEPS + 1), rel=1e-12)
    assert (result["at"][2], result["ties"][2]) == (0, STEPS + 1)
    assert result["depth_2"] == pytest.approx(STEPS / 2, rel=1e-12)


def test_at_one_no_weight_exceeds_another_e_times():
    weights = numbers(temperature=1.0)["weights"]
    assert (weights.max(axis=1) <= math.e * weights.min(axis=1)).all()


def test_cold_weights_look_back():
    result = numbers(temperature=TEMPERATURES[0])
    assert result["at"][:2].tolist() == [0, 0]
    assert result["ties"][:2].tolist() == [1, 1]
    assert result["largest_0"] > result["largest_1"] > 0.5  # the leaf, which smooths slower, holds on longer
    warmer = [numbers(temperature=T) for T in TEMPERATURES]
    for node in ("depth_0", "depth_1"):
        assert (np.diff([each[node] for each in warmer]) > 0).all()


def test_a_tie_of_some_steps_is_counted():
    rows = [[0.2, 0.5, 0.5], [0.1, 0.0, 0.1], [0.3, 0.3, 0.3]]
    result = numbers(smoothness=rows, nodes=["a", "b", "c"], neighbors=[3, 2, 0])
    assert result["at"].tolist() == [1, 0, 0]
    assert result["ties"].tolist() == [2, 2, 3]


@pytest.mark.parametrize(
    "change",
    [
        {"smoothness": []},
        {"smoothness": [[], [], []]},
        {"smoothness": [[0.1], [0.2], [0.3]]},
        {"smoothness": [[0.1, 0.2], [0.1, 0.2], [0.1]]},
        {"smoothness": [[0.1, 0.2], [0.1, 0.2], [0.1, float("nan")]]},
        {"nodes": ["one"]},
        {"neighbors": [1, 2]},
        {"temperature": 0.0},
        {"temperature": float("nan")},
    ],
)
def test_what_cannot_be_weighed_is_refused(change):
    with pytest.raises(FrugalError):
        AdaptiveWeights(**{**PATH, **change})


@pytest.mark.parametrize("value", [None, [], [[], [], []], [[0.1], [0.2, 0.3], [0.4]], [[None, 1]] * 3])
def test_data_that_cannot_be_shown_give_a_sentence(show, value, complaints):
    page = show("adaptive_weights")
    page.evaluate(SET, ["smoothness", value])
    assert "three nodes" in page.inner_text(".frugal .problem")
    assert not page.is_visible(".frugal svg")
    page.evaluate(SET, ["smoothness", PATH["smoothness"]])
    assert page.is_visible(".frugal svg")
    assert complaints == []


def test_the_text_alternative_says_each_node_with_its_weight_and_depth(show):
    page, result = show("adaptive_weights", temperature=0.05), numbers(temperature=0.05)
    words = page.inner_text(".frugal .words")
    for i, name in enumerate(("hub", "leaf", "isolated")):
        where = "at every k" if name == "isolated" else "at k = 0"
        assert f"{name}, {result[f'largest_{i}']:.3g} {where} and {result[f'depth_{i}']:.3g}" in words
    labels = page.eval_on_selector_all(".frugal svg text", "all => all.map(e => e.textContent)")
    assert [label for label in labels if "neighbor" in label] == [
        f"hub: {sample()['neighbors'][0]} neighbors",
        "leaf: 1 neighbor",
        "isolated: no neighbors",
    ]
