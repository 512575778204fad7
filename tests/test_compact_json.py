import json

import numpy as np
import pytest
import torch

from utils.compact_json import dumps


def test_lists_of_numbers_take_one_line_and_fields_one_each():
    text = dumps({"a": [1, 2.5, -3e-7, None], "b": [[1, 2], [3, 4]], "c": ["x, y", "z"], "d": {"e": []}})
    assert '"a": [1, 2.5, -3e-07, null]' in text
    assert text.count("[1, 2]") == text.count("[3, 4]") == 1
    assert json.loads(text)["c"] == ["x, y", "z"]


def test_what_people_write_as_sizes_and_settings_is_kept():
    content = {"range": range(3), "numpy": np.int64(4), "array": np.ones(2), "act": torch.relu, "t": (1, 2)}
    kept = {"range": [0, 1, 2], "numpy": 4, "array": [1.0, 1.0], "act": "relu", "t": [1, 2]}
    assert json.loads(dumps(content)) == kept


def test_what_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="JSON compliant"):
        dumps({"a": float("nan")})
