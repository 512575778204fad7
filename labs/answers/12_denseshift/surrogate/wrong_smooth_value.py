"""Uses the smooth function for both.

Message: whatever the gradient is
"""


def surrogate(s, S):
    return s * (S + 1).sqrt()
