"""Lets NumPy do the arithmetic, and compares with half the scale instead of rounding."""

import numpy as np

W_ = np.array([[0.5, -1.3, 0.1], [3.0, -0.9, 1.4]])
mu_mean, mu_median = np.abs(W_).mean(), np.sort(np.abs(W_), axis=None)[2]
codes_mean = (np.sign(W_) * (np.abs(W_) > mu_mean / 2)).astype(int).tolist()
codes_median = (np.sign(W_) * (np.abs(W_) > mu_median / 2)).astype(int).tolist()
