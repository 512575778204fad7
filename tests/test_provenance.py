import platform
import re
import subprocess

import pytest
import torch

from utils import provenance


@pytest.fixture
def checkout(tmp_path):
    """A repository with one commit."""

    def git(*arguments):
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    (tmp_path / "file").write_text("1")
    git("add", "file")
    git("commit", "-m", "first")
    return tmp_path


def test_it_names_machine_versions_and_moment(checkout):
    found = provenance.describe("cpu", checkout)
    assert found["device"] == "cpu"
    assert found["cpu"]
    assert found["threads"] == torch.get_num_threads()
    assert found["torch"] == torch.__version__
    assert re.fullmatch(r"[0-9a-f]{40}", found["commit"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["date"])


def test_new_results_do_not_make_a_checkout_dirty_but_code_does(checkout):
    assert provenance.is_dirty(checkout) is False
    (checkout / "results").mkdir()
    (checkout / "results" / "11.json").write_text("{}")
    assert provenance.is_dirty(checkout) is False
    (checkout / "file").write_text("2")
    assert provenance.is_dirty(checkout) is True


def test_outside_a_repository_the_commit_is_unknown(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    found = provenance.describe("cpu", tmp_path)
    assert found["commit"] is None
    assert found["dirty"] is None


def test_in_a_folder_of_somebody_elses_repository_the_commit_is_unknown(checkout):
    (checkout / "book").mkdir()
    assert provenance.commit(checkout)
    assert provenance.commit(checkout / "book") is None
    assert provenance.is_dirty(checkout / "book") is None


def test_it_names_the_instructions_on_which_times_depend():
    family, *vectors = provenance.instructions().split()
    assert family == platform.machine()
    assert set(vectors) <= set(provenance.VECTORS)


def test_a_gpu_is_named_by_its_model(monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "NVIDIA H200")
    assert provenance.device_name("cuda") == "NVIDIA H200"
