"""The restricted unpickler: arrays come through, everything that could run code is refused and not run."""

import os
import pickle

import numpy as np
import pytest

from utils.data.pickles import NUMPY_ARRAYS, load_pickle
from utils.errors import FrugalError


class Hostile:
    """Asks the unpickler to make a folder, as a real attack would ask it to run a program."""

    def __init__(self, folder):
        self.folder = str(folder)

    def __reduce__(self):
        return os.mkdir, (self.folder,)


@pytest.fixture
def pickled(tmp_path):
    def write(obj: object, protocol: int = 2):
        path = tmp_path / "data.pkl"
        path.write_bytes(pickle.dumps(obj, protocol=protocol))
        return path

    return write


@pytest.mark.parametrize("dtype", ["float64", "int64", "uint8"])
def test_arrays_come_through(pickled, dtype):
    expected = {"x": np.arange(12, dtype=dtype).reshape(3, 4)}
    # Python 3 spells bytes in the protocols of Python 2 as text that is to be encoded again.
    allowed = {**NUMPY_ARRAYS, ("_codecs", "encode"): lambda text, encoding: text.encode(encoding)}
    loaded = load_pickle(pickled(expected), allowed, "latin1")
    np.testing.assert_array_equal(loaded["x"], expected["x"])
    assert loaded["x"].dtype == dtype


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_hostile_pickle_is_refused_and_not_run(pickled, tmp_path, protocol):
    target = tmp_path / "owned"
    with pytest.raises(FrugalError, match="not on the list"):
        load_pickle(pickled(Hostile(target), protocol), NUMPY_ARRAYS)
    assert not target.exists()


def test_hostile_object_inside_an_array_is_refused(pickled, tmp_path):
    array = np.array([Hostile(tmp_path / "owned")], dtype=object)
    with pytest.raises(FrugalError, match="not on the list"):
        load_pickle(pickled(array), NUMPY_ARRAYS, "latin1")
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize("damage", [b"", b"\x80\x02]q\x00(K", b"not a pickle"])
def test_damaged_pickle_is_a_sentence(tmp_path, damage):
    path = tmp_path / "data.pkl"
    path.write_bytes(damage)
    with pytest.raises(FrugalError, match=r"data\.pkl is refused"):
        load_pickle(path, NUMPY_ARRAYS)
