"""A small world of results: written by the same code as a notebook's, into a folder of the test."""

import pytest

from utils.evidence import store
from utils.evidence.claim import Claim
from utils.evidence.results import Results


def make_claim(key: str = "twice-width", **changes: object) -> Claim:
    """A valid claim; ``changes`` replace fields."""
    fields = {
        "text": "Ternary layers at twice the width match float layers.",
        "paper": "parity at twice the hidden size",
        "place": "abstract",
        "certainty": "read",
        "metric": "validation loss",
        "unit": "nats",
        "better": "lower",
        "kind": "as good",
        "smallest_effect": 0.02,
    }
    return Claim(key=key, **{**fields, **changes})


@pytest.fixture
def claim():
    return make_claim


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder that results are written to and read from."""
    folder = tmp_path / "results"
    monkeypatch.setenv("FRUGAL_RESULTS", str(folder))
    monkeypatch.setattr(store, "RESULTS", folder)
    return folder


@pytest.fixture
def measure(folder):
    """Write the results of one claim, treatment against a baseline of 1, 2, 3; returns the file's path."""

    def write(treatment, profile="quick", slug="11_bitnet_reloaded", **changes):
        results = Results(slug, profile, "cpu")
        claim = results.declare(make_claim(**changes))
        results.judge(claim, ("ternary", treatment), ("float", [1, 2, 3]), seeds=[0, 1, 2])
        results.record("zero-share", [0.25, 0.26, 0.3], "", "share of zero weights")
        return results.save()

    return write
