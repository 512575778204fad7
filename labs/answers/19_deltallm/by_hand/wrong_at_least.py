"""Sends what differs by exactly theta too.

Message: equal to 1 is not enough
"""

deltas_by_hand = [2, 1, 2, 1, -5, 1]
references_by_hand = [2, 3, 5, 6, 1, 2]
drifted = [2, 2, 4, 4, -1, -1]
