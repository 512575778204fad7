import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.errors import FrugalError
from utils.kernels.graph_propagation import build_graph, cost, graph_propagation

SHAPES = [(1, 0, 1), (7, 11, 3), (31, 90, 130), (13, 0, 5), (5, 9, 0), (0, 0, 4)]


def random_graph(nodes, edges, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return build_graph(torch.randint(0, max(nodes, 1), (2, edges), generator=generator), nodes)


def dense(graph):
    """The normalized adjacency in float64, from its definition."""
    adjacency = torch.zeros(graph.nodes, graph.nodes, dtype=torch.float64)
    for node in range(graph.nodes):
        adjacency[node, graph.neighbors[graph.starts[node] : graph.starts[node + 1]].long()] = 1
    scale = adjacency.sum(1).rsqrt()
    return scale[:, None] * adjacency * scale


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("steps", [0, 1, 3])
@pytest.mark.parametrize("shape", SHAPES)
def test_result_is_that_of_float64(run, shape, steps, dtype):
    nodes, edges, width = shape
    graph = random_graph(nodes, edges)
    features = torch.randn(nodes, width, generator=torch.Generator().manual_seed(1)).to(dtype)
    matrix, expected, magnitude = dense(graph), features.double(), features.double().abs()
    for _ in range(steps):
        expected, magnitude = matrix @ expected, matrix @ magnitude
    output = run(graph_propagation, features, graph, steps=steps)
    # A sum of n terms, each with three roundings: (n + 3) half ulps of the sum of magnitudes, a step.
    longest = int(graph.starts.diff().max()) if nodes else 0
    bound = steps * (longest + 5) * torch.finfo(dtype).eps * magnitude
    assert output.dtype == dtype
    assert ((output.double() - expected).abs() <= bound).all()


def test_the_graph_is_undirected_with_loops_and_without_repetition():
    graph = build_graph(torch.tensor([[0, 1, 1, 2, 2], [1, 0, 0, 2, 1]]), 4)
    assert graph.starts.tolist() == [0, 2, 5, 7, 8]
    assert graph.neighbors.tolist() == [0, 1, 0, 1, 2, 1, 2, 3]
    assert torch.equal(graph.scale, torch.tensor([2, 3, 2, 1]).double().rsqrt())


def test_gradient_is_that_of_finite_differences(run):
    graph = random_graph(6, 9).to(run.device)
    features = torch.randn(6, 2, dtype=torch.float64, device=run.device, requires_grad=True)
    propagate = lambda x: graph_propagation(x, graph, 2, run.name)  # noqa: E731
    fast = run.name == "triton"  # in one random direction: the interpreter is slow
    assert torch.autograd.gradcheck(propagate, features, fast_mode=fast)
    assert torch.autograd.gradgradcheck(propagate, features, fast_mode=fast)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 20), st.integers(0, 40), st.integers(0, 99))
def test_renumbering_nodes_renumbers_the_result(run, nodes, edges, seed):
    generator = torch.Generator().manual_seed(seed)
    pairs = torch.randint(0, nodes, (2, edges), generator=generator)
    order = torch.randperm(nodes, generator=generator)
    features = torch.randn(nodes, 3, generator=generator, dtype=torch.float64)
    moved = torch.empty_like(features)
    moved[order] = features
    output = run(graph_propagation, features, build_graph(pairs, nodes))
    assert torch.allclose(run(graph_propagation, moved, build_graph(order[pairs], nodes))[order], output)


def test_the_square_root_of_degrees_is_kept(run):
    graph = random_graph(17, 40)
    kept = 1 / graph.scale[:, None]
    assert torch.allclose(run(graph_propagation, kept, graph, steps=5), kept)


def test_nan_stays_within_reach(run):
    graph = build_graph(torch.tensor([[0, 1, 2, 3], [1, 2, 3, 4]]), 5)  # a path
    features = torch.ones(5, 2)
    features[0, 1] = torch.nan
    output = run(graph_propagation, features, graph, steps=2)
    assert output.isnan().nonzero().tolist() == [[0, 1], [1, 1], [2, 1]]


def test_strided_features(run):
    graph, features = random_graph(9, 12), torch.randn(4, 9).T
    assert torch.equal(
        run(graph_propagation, features, graph), run(graph_propagation, features.contiguous(), graph)
    )


def test_misaligned_features(run):
    graph, features = random_graph(9, 12), torch.randn(9 * 20 + 1)[1:].view(9, 20)
    assert torch.equal(
        run(graph_propagation, features, graph), run(graph_propagation, features.clone(), graph)
    )


@pytest.mark.parametrize("size", [1e-42, 1e-30, 1e37])
def test_very_large_and_very_small_features(run, size):
    graph = random_graph(17, 40)
    features = size * torch.rand(17, 5, generator=torch.Generator().manual_seed(2))
    output, expected = run(graph_propagation, features, graph), dense(graph) @ features.double()
    # As above, and below the smallest normal number each rounding is off by half of the smallest step.
    longest = int(graph.starts.diff().max())
    bound = (longest + 5) * (2**-23 * expected + 2**-149)
    assert ((output.double() - expected).abs() <= bound).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 20), st.integers(0, 40), st.integers(1, 20), st.integers(0, 99))
def test_back_ends_agree_on_random_graphs(run, nodes, edges, width, seed):
    graph = random_graph(nodes, edges, seed)
    features = torch.randn(nodes, width, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    reference = graph_propagation(features, graph, 2, "reference")
    assert torch.allclose(run(graph_propagation, features, graph, steps=2), reference, rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    "edges, nodes, sentence",
    [
        (torch.zeros(3, dtype=torch.long), 2, "2 dimension"),
        (torch.zeros(3, 2, dtype=torch.long), 2, "edges has shape"),
        (torch.zeros(2, 2), 2, "float32"),
        (torch.tensor([[0], [2]]), 2, "outside 0 to 1"),
        (torch.tensor([[0], [-1]]), 2, "outside 0 to 1"),
    ],
)
def test_bad_edges_are_refused_with_a_sentence(edges, nodes, sentence):
    with pytest.raises(FrugalError, match=sentence):
        build_graph(edges, nodes)


@pytest.mark.parametrize(
    "features, steps, sentence",
    [
        (torch.ones(4), 1, "2 dimension"),
        (torch.ones(5, 2), 1, "features has shape"),
        (torch.ones(4, 2).half(), 1, "float16"),
        (torch.ones(4, 2), -1, "steps is -1"),
    ],
)
def test_bad_features_are_refused_with_a_sentence(features, steps, sentence):
    with pytest.raises(FrugalError, match=sentence):
        graph_propagation(features, random_graph(4, 3), steps)


def test_cost_counts_edges():
    graph = build_graph(torch.tensor([[0], [1]]), 2)  # four entries with the loops
    assert cost(graph, 10).operations == 2 * 4 * 10 + 2 * 10
    assert cost(graph, 10, steps=3).bytes == 3 * cost(graph, 10).bytes
