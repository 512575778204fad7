"""One training step, recorded once and replayed: a small network's step is mostly Python and kernel launches.

On a GPU the step becomes a CUDA graph, https://docs.pytorch.org/docs/stable/notes/cuda.html#cuda-graphs.
"""

from collections.abc import Callable, Sequence

import torch

WARM_UPS = 3  # calls before recording, in which libraries choose their algorithms and take their memory


def recorded(step: Callable[[], None], state: Sequence[torch.Tensor]) -> Callable[[], None]:
    """A function that does what ``step`` does; on a GPU without running its Python again.

    Parameters
    ----------
    step : changes the tensors of ``state`` in place and nothing else. What varies from call to call must
        come from tensors (a counter in ``state``) or from PyTorch's default generator, never from Python
        numbers: these would be frozen at their first values. It may not wait for the GPU (``item``).
    state : the tensors that ``step`` changes. They keep the values that they have now: the calls that
        warm up are undone.
    """
    if not any(tensor.is_cuda for tensor in state):
        return step
    before = [tensor.detach().clone() for tensor in state]
    _warm_up(step)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    with torch.no_grad():
        for tensor, old in zip(state, before, strict=True):
            tensor.copy_(old)
    return graph.replay


def _warm_up(step: Callable[[], None]) -> None:
    """Call the step on a stream of its own, as recording requires."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARM_UPS):
            step()
    torch.cuda.current_stream().wait_stream(stream)
