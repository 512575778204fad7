"""Writes an autograd function."""


class Shift(torch.autograd.Function):
    @staticmethod
    def forward(context, s, S):
        context.save_for_backward(s, S)
        return s * 2**S

    @staticmethod
    def backward(context, above):
        s, S = context.saved_tensors
        root = (S + 1) ** 0.5
        return above * root, above * s / (2 * root)


def surrogate(s, S):
    return Shift.apply(s, S)
