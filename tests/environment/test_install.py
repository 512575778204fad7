"""The installer: what it refuses, in a sentence with the way out; an environment that survives a move."""

import ast
import os
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from utils.install import machine
from utils.install.environment import READERS, Environment, requirements
from utils.install.pip import Line, clock, doing, environment, packages, trouble
from utils.paths import ROOT

Usage = namedtuple("Usage", "total used free")

# What is wrong, what the sentence says of it, and the way out that it names.
REFUSALS = {
    "too old": (machine.python((3, 10)), "3.11 to 3.14", "PYTHON="),
    "no wheels yet": (machine.python((3, 15)), "Python 3.15", "PYTHON="),
    "PyPy": (machine.python((3, 11), "pypy"), "pypy", "PYTHON="),
    "no GIL": (machine.python((3, 13), gil=False), "without the GIL", "PYTHON="),
    "32 bits": (machine.bits(2**31 - 1), "32-bit", "64-bit"),
    "Intel Mac": (machine.system("darwin", "x86_64"), "Intel Mac", "container"),
    "32-bit ARM": (machine.system("linux", "armv7l"), "armv7l", "aarch64"),
    "Windows on ARM": (machine.system("win32", "ARM64"), "ARM64", "AMD64"),
    "musl": (machine.c_library("x86_64-pc-linux-musl"), "musl", "python:3.13"),
    "old glibc": (machine.c_library("x86_64-linux-gnu", "2.17"), "2.17", "update"),
    "path separator": (machine.path(Path(f"/a{os.pathsep}b")), os.pathsep, "rename"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refusal_is_one_sentence_with_the_way_out(case):
    sentence, problem, way_out = REFUSALS[case]
    assert problem in sentence
    assert way_out in sentence
    assert "\n" not in sentence


def test_supported_machines_are_not_refused():
    assert [machine.python(version) for version in ((3, 11), (3, 12), (3, 13), (3, 14))] == [""] * 4
    supported = [("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")]
    assert [machine.system(*pair) for pair in supported] == [""] * 4
    assert machine.refusals(ROOT) == []
    assert machine.path(Path("/my course/日本/it's")) == ""


def test_full_disk_and_foreign_folder_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 10**9))
    monkeypatch.setattr(machine.os, "access", lambda *_: False)
    said = " ".join(machine.refusals(tmp_path))
    assert "0.9 GiB are free" in said
    assert "cannot be written" in said


OLDER = [shutil.which(f"python3.{minor}") for minor in (8, 9, 10)]


def test_older_python_can_read_what_refuses_it():
    """The words that run first must compile for the Pythons that they turn away."""
    first = ["__init__.py", "allocator.py", "imports.py", "surroundings.py"]
    installer = [path for path in (ROOT / "utils/install").glob("*.py") if path.name != "backend.py"]
    for path in [*(ROOT / "utils" / name for name in first), *installer]:
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("python", filter(None, OLDER))
def test_older_python_is_refused_by_itself(python):
    works = subprocess.run([python, "-c", ""], capture_output=True).returncode == 0
    done = subprocess.run([python, "-m", "utils.install"], cwd=ROOT, capture_output=True, text=True)
    assert not works or "3.11 to 3.14 is needed" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "setting", ["PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_ROOT"]
)
def test_settings_that_lead_elsewhere_are_cancelled(setting):
    outer = {
        setting: "1",
        "PIP_INDEX_URL": "mirror",
        "HTTPS_PROXY": "proxy",
        "PYTHONPATH": "/x",
        "HOME": "/h",
    }
    given = environment(outer)
    assert given[setting] in ("", "0")
    assert "PYTHONPATH" not in given
    assert (given["PIP_INDEX_URL"], given["HTTPS_PROXY"], given["HOME"]) == ("mirror", "proxy", "/h")


def test_users_pip_configuration_does_not_lead_out_of_the_environment(tmp_path):
    """Asked of pip itself: a file that sets what breaks environments, as clusters and some Linuxes do."""
    (tmp_path / "pip.conf").write_text(f"[global]\nuser = true\ntarget = {tmp_path}/elsewhere\n")
    outer = {**os.environ, "PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}
    call = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-index",
        "--no-deps",
        "--dry-run",
        str(ROOT / "none.whl"),
    ]
    done = subprocess.run(call, env=environment(outer), capture_output=True, text=True, timeout=100)
    assert "--target" not in done.stderr + done.stdout
    assert "none.whl" in done.stderr


TROUBLES = {
    "ERROR: Could not install packages: [Errno 28] No space left on device": "quota is full",
    "OSError: [Errno 122] Disk quota exceeded": "quota is full",
    "WARNING: Retrying after 'NewConnectionError(... Name or service not known)'": "HTTPS_PROXY",
    "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self-signed": "global.cert",
    "ERROR: No matching distribution found for torch==2.13.0": "PYTHON=",
    "ERROR: something else": "something else",
    "": "it said nothing",
}


@pytest.mark.parametrize("said", TROUBLES)
def test_what_pip_says_becomes_one_sentence(said):
    assert TROUBLES[said] in trouble(said)


STEPS = {
    "": "begins",
    "Collecting numpy==2.4.6": "looking up numpy==2.4.6",
    "  Downloading torch-2.13.0-cp311-cp311-linux.whl (888.1 MB)": "downloading torch (888.1 MB)",
    "Installing collected packages: a, b, c": "unpacking packages, 2 of 3",
}


@pytest.mark.parametrize("tail", STEPS)
def test_line_of_progress_says_what_is_happening(tail):
    assert doing(tail, unpacked=2) == STEPS[tail]


def test_line_of_progress_off_a_terminal_is_short(capsys):
    line = Line("Packages", sys.stdout)
    for second in range(60):
        line.show(f"step {second}", second)
    line.end(60)
    assert capsys.readouterr().out.splitlines() == [
        "Packages: step 20  0:20", "Packages: step 40  0:40", "Packages: done in 1:00"
    ]  # fmt: skip
    assert clock(3601) == "60:01"


def test_extras_are_followed_into_each_other():
    readers, test = requirements(ROOT, READERS), requirements(ROOT, "test")
    assert set(readers) < set(test)
    assert any(text.startswith("playwright") for text in test)
    assert not any("[" in text for text in test)


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """An environment that was made, marked and then moved with its folder to a name with a blank in it."""
    old = tmp_path_factory.mktemp("before")
    made = Environment(old)
    made._make()
    made.mark(READERS).write_text(f"{old}\n")
    assert not made.moved()
    new = old.rename(old.with_name("after the move"))
    found = Environment(new)
    assert found.moved()
    found._make()
    return found


def test_moved_environment_runs_from_its_new_place(moved):
    script = moved.python.parent / "pip"
    assert (
        str(moved.folder)
        in subprocess.run([script, "--version"], capture_output=True, text=True, check=True).stdout
    )
    prefix = [moved.python, "-c", "import sys; print(sys.prefix)"]
    assert subprocess.run(prefix, capture_output=True, text=True, check=True).stdout.strip() == str(
        moved.folder
    )


def test_environment_whose_python_is_gone_is_made_anew(moved):
    config = moved.folder / "pyvenv.cfg"
    config.write_text("home = /no/such/python/bin\n")
    moved.python.unlink()
    moved.mark(READERS).write_text("/elsewhere\n")
    moved._make()
    assert moved._works()


@pytest.mark.parametrize("place", ["lib/python3.13/site-packages", "Lib/site-packages"])
def test_packages_are_counted_and_test_programs_removed(tmp_path, place):
    torch = tmp_path / ".venv" / place / "torch"
    for name in ("test/basic", "bin/test_api", "bin/HashStoreTest", "bin/torch_shm_manager", "nn/module.py"):
        (torch / name).parent.mkdir(parents=True, exist_ok=True)
        (torch / name).write_text("")
    (torch.parent / "torch-2.dist-info").mkdir()
    found = Environment(tmp_path)
    found._prune()
    left = sorted(path.name for path in torch.rglob("*") if path.is_file())
    assert left == ["module.py", "torch_shm_manager"]
    assert packages(found.folder / "bin/python") == 1
