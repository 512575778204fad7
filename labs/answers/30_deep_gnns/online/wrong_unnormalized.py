"""Does not divide.

Message: compare with the two-pass softmax
"""


def online(stream):
    a = 0
    for h, s in stream:
        a = a + s.exp()[:, None] * h
    return a
