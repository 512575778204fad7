import pytest
import torch

from utils.recorded import recorded

gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="recording needs a CUDA GPU")


def trained(device, record):
    """A weight after three steps whose size depends on a counter, by gradient."""
    W, t = torch.ones(4, device=device), torch.zeros(1, device=device)
    leaf = W.detach().requires_grad_()

    def step():
        (gradient,) = torch.autograd.grad((leaf**2).sum() / (1 + t).sum(), [leaf])
        W.sub_(0.1 * gradient)
        t.add_(1)

    step = recorded(step, [W, t]) if record else step
    assert W.tolist() == [1.0] * 4  # recording leaves no trace
    assert t.item() == 0
    for _ in range(3):
        step()
    return W.cpu(), t.item()


def test_on_a_cpu_the_step_is_called_as_it_stands():
    W, t = trained("cpu", record=True)
    assert t == 3
    # Each step multiplies the weight by 1 - 0.2 / (1 + t); three roundings each.
    torch.testing.assert_close(W, torch.full((4,), 0.8 * 0.9 * (1 - 0.2 / 3)), rtol=9 * 2**-24, atol=0)


@gpu
def test_a_recorded_step_moves_and_counts_as_the_plain_one():
    plain, replayed = (trained("cuda", record) for record in (False, True))
    assert plain[1] == replayed[1] == 3
    torch.testing.assert_close(replayed[0], plain[0], rtol=4 * 2**-24, atol=0)


@gpu
def test_random_numbers_are_fresh_at_every_replay():
    total = torch.zeros(1000, device="cuda")
    step = recorded(lambda: total.copy_(torch.randn(1000, device="cuda")), [total])
    step()
    first = total.clone()
    step()
    assert not torch.equal(first, total)
