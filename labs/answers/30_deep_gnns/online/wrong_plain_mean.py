"""Ignores the scores.

Message: compare with the two-pass softmax
"""


def online(stream):
    a, count = 0, 0
    for h, _ in stream:
        a, count = a + h, count + 1
    return a / count
