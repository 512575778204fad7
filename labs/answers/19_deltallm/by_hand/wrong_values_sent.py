"""Writes down the keys that are sent instead of the differences.

Message: running sum of the deltas
"""

deltas_by_hand = [2, 0, 5, 0, 1, 0]
references_by_hand = [2, 2, 5, 5, 1, 1]
drifted = [2, 2, 4, 4, -1, -1]
