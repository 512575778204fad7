"""Believes that pruned differences add up to the same.

Message: only 2 and -5 survive
"""

deltas_by_hand = [2, 0, 3, 0, -4, 0]
references_by_hand = [2, 2, 5, 5, 1, 1]
drifted = [2, 2, 5, 5, 1, 1]
