"""A small world of results: judged and written as a study does, into a folder of the test."""

import json

import pytest

from utils import provenance
from utils.evidence import saved, store
from utils.evidence.claims import Arm, Claim, Metric
from utils.evidence.judging import judge
from utils.evidence.schema import SCHEMA

SEEDS = [0, 1, 2]
METRIC = {"name": "validation loss", "unit": "nats", "good": "lower", "smallest": 0.02}
SOURCE = {"paper": "parity at twice the hidden size", "place": "abstract", "certainty": "read"}
GUESS = Arm("guess", "power", "guessing")  # far from both: the task can tell


def make_claim(key: str = "twice-width", certainty: str = "read", **changes: object) -> Claim:
    """A valid claim; ``changes`` replace fields."""
    fields = {
        "says": "Ternary layers at twice the width match float layers.",
        "metric": Metric(**METRIC),
        "relation": "as good",
        "compare": ("ternary", "float"),
        "smallest": METRIC["smallest"],
        "scales": ("quick", "full"),
        "tests": "luck",
        "dull": "One draw made the difference.",
        "source": {**SOURCE, "certainty": certainty},
    }
    return Claim(key=key, **{**fields, **changes})


def make_results(treatment: list, profile: str, slug: str, cut: str = "", **changes: object) -> dict:
    """Results of one claim, treatment against a baseline of 1, 2, 3."""
    values = {"ternary": treatment, "float": [1, 2, 3], "guess": [99, 99, 99]}
    verdict = judge(make_claim(**changes), values, SEEDS, [GUESS])
    share = {"values": [0.25, 0.26, 0.3], "unit": "", "text": "share of zero weights"}
    return {
        **{key: {} for key in ("arms", "series", "sizes")},
        **{key: [] for key in ("flags", "changed", "arena")},
        "schema": SCHEMA,
        "chapter": slug,
        "profile": profile,
        "claims_sha256": "0",
        "claims": [saved.claim_entry(verdict, cut)],
        "metrics": {"zero-share": share},
        "cut": {"": cut},
        "provenance": {**provenance.describe("cpu"), "seconds": 1.0},
    }


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder that results are written to and read from."""
    folder = tmp_path / "results"
    monkeypatch.setattr(store, "RESULTS", folder)
    return folder


@pytest.fixture
def measure(folder):
    """Write the results of one claim; returns the file's path."""

    def write(treatment, profile="quick", slug="11_bitnet_reloaded", **changes):
        folder.mkdir(exist_ok=True)
        path = folder / f"{slug}.{profile}.json"
        path.write_text(json.dumps(make_results(treatment, profile, slug, **changes)))
        return path

    return write
