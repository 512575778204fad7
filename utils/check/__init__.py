"""What the whole check costs, and a forecast for thirty chapters."""
