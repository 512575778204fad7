"""Keeps the longest run.

Message: it goes on where a switch is on
"""


def exponent(switches):
    S = longest = torch.zeros(switches.shape[1:], dtype=torch.int64)
    for on in switches:
        S = (S + 1) * on
        longest = torch.maximum(longest, S)
    return longest
