"""A deque drops the oldest key by itself; the reference is rebuilt from the deltas."""

from collections import deque


class Cache:
    def __init__(self, theta, w):
        self.theta, self.deltas, self.recent = theta, [], deque(maxlen=w)

    @property
    def reference(self):
        return sum(self.deltas)

    def append(self, k):
        change = k - self.reference
        keep = (change.abs() > self.theta) if self.deltas else torch.ones_like(k).bool()
        self.deltas.append(change * keep)
        self.recent.append(k)

    def scores(self, q):
        far = len(self.deltas) - len(self.recent)
        old = [sum(self.deltas[: j + 1]) @ q for j in range(far)]
        return torch.stack(old + [k @ q for k in self.recent])
