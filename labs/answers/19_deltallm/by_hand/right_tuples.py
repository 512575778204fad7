"""Floats in tuples."""

deltas_by_hand = (2.0, 0.0, 3.0, 0.0, -4.0, 0.0)
references_by_hand = (2.0, 2.0, 5.0, 5.0, 1.0, 1.0)
drifted = (2.0, 2.0, 4.0, 4.0, -1.0, -1.0)
