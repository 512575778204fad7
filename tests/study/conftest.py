"""A small chapter: four arms on a task without a network, claims in a folder of the test."""

import copy
import json

import numpy as np
import pytest
import yaml

from utils.evidence import claims_file, forest, scoreboard, store
from utils.study import Outcome, Study

SLUG = "16_maestro"
CLAIMS = {
    "metrics": {"error": {"unit": "points", "good": "lower", "smallest": 2.0}},
    "arms": {
        "ours": {"role": "method", "is": "the method"},
        "plain": {"role": "rival", "is": "a plain network"},
        "broken": {"role": "control", "is": "the method without its order", "destroys": "the order"},
        "guess": {
            "role": "power",
            "is": "guessing",
            "bounds": "no training",
            "settings": "none",
            "trivial": True,
        },
    },
    "budget": {"equal": ["steps"], "shown": ["bytes"]},
    "claims": [
        {
            "key": "order",
            "says": "the order matters",
            "metric": "error",
            "relation": "better",
            "compare": ["ours", "broken"],
            "scales": ["quick", "full"],
            "tests": "start",
            "source": "ours",
        },
        {
            "key": "plain",
            "says": "the method beats a plain network",
            "metric": "error",
            "relation": "better",
            "compare": ["ours", "plain"],
            "scales": ["quick"],
            "tests": "straw rival",
            "source": {"paper": "beats it by ten points", "place": "Table 2", "certainty": "read"},
        },
    ],
}
SIZES = {
    "smoke": {"steps": 2, "images": 10, "seeds": 2, "tuning": 1},
    "quick": {"steps": 20, "images": 100, "seeds": 5, "tuning": 3},
    "full": {"steps": 200, "images": 16_000, "seeds": 5, "tuning": 3},
    "cpu": {"images": 4_000},
}


@pytest.fixture
def all_sizes():
    """The sizes of every profile, to be changed by a test."""
    return copy.deepcopy(SIZES)


@pytest.fixture
def content():
    """The claims file as a table that a test may change before it calls ``study``."""
    return copy.deepcopy(CLAIMS)


@pytest.fixture
def read(tmp_path):
    """Write a table as a claims file and read it."""

    def read(content, text=None):
        (tmp_path / f"{SLUG}.yml").write_text(text or yaml.safe_dump(content, sort_keys=False))
        return claims_file.load(SLUG, tmp_path)

    return read


@pytest.fixture
def study(content, tmp_path, monkeypatch):
    """Make a Study of the claims in ``content``, with sizes; results go into a folder of the test."""
    monkeypatch.setenv("FRUGAL_RESULTS", str(tmp_path / "results"))
    monkeypatch.setenv("FRUGAL_CLAIMS", str(tmp_path))
    monkeypatch.setattr(forest, "show", lambda verdicts: None)  # tested once, in test_forest

    def make(profile="quick", seed=0, sizes=None, task=""):
        (tmp_path / f"{SLUG}.yml").write_text(yaml.safe_dump(content, sort_keys=False))
        made = Study(SLUG, profile, "cpu", seed)
        made.sizes(task, **(sizes or SIZES))
        return made

    return make


ERROR = {"ours": 10.0, "plain": 20.0, "broken": 30.0, "guess": 90.0}  # means of the toy arms


@pytest.fixture
def toy():
    """A trial of four arms that trains nothing."""
    return _toy


def _toy(arm, settings, seeds, means=None, spent=None, first=None, calls=None):
    """Errors around each arm's mean, best at the middle rate; ``calls`` collects what was asked for."""
    if calls is not None:
        calls.append((arm, settings, seeds))
    means = means or ERROR
    noise = np.array([np.random.default_rng(seed).normal() for seed in seeds])
    own = np.array([np.random.default_rng([seed, len(arm)]).normal() for seed in seeds])
    penalty = np.array([0 if s.get("rate", 0.2) == 0.2 else 3 for s in settings])
    values = means[arm] + noise[:, None] + 0.3 * own[:, None] + penalty
    start = np.full(values.shape, (first or {}).get(arm, 2.3))
    return Outcome({"error": values}, (spent or {}).get(arm, {"steps": 20, "bytes": 100}), start)


@pytest.fixture
def ran(study, toy, content):
    """Run the toy chapter; returns its study."""

    def ran(profile="quick", trial=toy, rates=(0.1, 0.2, 0.4)):
        made = study(profile)
        made.run(trial, list(content["arms"]), {"rate": rates})
        made.judge()
        return made

    return ran


@pytest.fixture
def rows(monkeypatch):
    """The rows of a chapter whose studies are given by profile."""

    def rows(**studies):
        kept = {profile: json.loads(json.dumps(made.as_dict())) for profile, made in studies.items()}
        monkeypatch.setattr(store, "load", lambda slug, profile, local=False: kept.get(profile))
        return scoreboard.rows([SLUG])

    return rows
