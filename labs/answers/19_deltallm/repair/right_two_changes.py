"""The given class with two lines changed."""


class Cache:
    def __init__(self, theta, w):
        self.theta, self.w = theta, w
        self.deltas, self.recent, self.reference = [], [], None

    def append(self, k):
        if self.reference is None:
            delta = k
        else:
            change = k - self.reference
            delta = torch.where(change.abs() > self.theta, change, 0.0)
        self.reference = delta if self.reference is None else self.reference + delta
        self.deltas.append(delta)
        self.recent = [*self.recent, k][-self.w :]

    def scores(self, q):
        R = (torch.stack(self.deltas) @ q).cumsum(0)
        R[-len(self.recent) :] = torch.stack(self.recent) @ q
        return R
