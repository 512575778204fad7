"""Claims, experiments, verdicts and results."""
