"""Compares with the previous key.

Message: more than 1 away from its reference
"""

deltas_by_hand = [2, 0, 2, 0, -5, 0]
references_by_hand = [2, 2, 4, 4, -1, -1]
drifted = [2, 2, 4, 4, -1, -1]
