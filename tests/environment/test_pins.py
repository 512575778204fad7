"""One set of pins: pip, conda and Binder read the same file, and it holds what pyproject.toml allows."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from utils.install.environment import SPARED, requirements
from utils.install.machine import NEWEST, OLDEST
from utils.paths import PINS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RANGES = sorted(
    {text for extra in ("", *PROJECT["optional-dependencies"]) for text in requirements(ROOT, extra)}
)
# Rivals on a GPU: measured where somebody has installed them, needed by nobody.
PEERS = {"gemlite", "liger_kernel", "torchao"}
BUILD = {"setuptools"}  # of the build backend


def pins() -> dict[str, Requirement]:
    lines = [line for line in PINS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in map(Requirement, lines)}


def test_every_pin_is_one_version():
    assert [str(pin) for pin in pins().values() if not re.fullmatch(r"==[^*,]+", str(pin.specifier))] == []


def test_pins_are_sorted_and_unique():
    names = [line.split("==")[0].lower() for line in PINS.read_text().splitlines() if "==" in line]
    assert names == sorted({canonicalize_name(name): name for name in names}.values())


@pytest.mark.parametrize("text", RANGES)
def test_pin_lies_within_its_range(text):
    wanted = Requirement(text)
    pin = pins()[canonicalize_name(wanted.name)]
    assert wanted.specifier.contains(str(pin.specifier).removeprefix("=="))
    assert str(pin.marker or "") == str(wanted.marker or "")


def test_every_import_is_declared():
    declared = {canonicalize_name(Requirement(text).name) for text in RANGES}
    known = packages_distributions()
    imported = {name for path in (ROOT / "utils").rglob("*.py") for name in imports(path)}
    third = imported - set(sys.stdlib_module_names) - {"utils"} - PEERS - BUILD
    # What is not installed here, such as the benchmarks' peers, is declared under the name that is imported.
    providers = {name: {canonicalize_name(d) for d in known.get(name, (name,))} for name in third}
    assert {name for name, distributions in providers.items() if not distributions & declared} == set()


def imports(path) -> set[str]:
    """The top-level names that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_readers_are_spared_browsers_and_benchmarks():
    names = {canonicalize_name(Requirement(text).name) for text in requirements(ROOT, "")}
    assert names.isdisjoint({"playwright", "onnx", "onnxruntime", "triton", "jupyter-book", "pytest"})
    assert set(SPARED) <= set(pins())


def test_developers_set_holds_all_others():
    assert set(RANGES) == set(requirements(ROOT, "dev"))


@pytest.mark.parametrize("name", ["environment.yml", ".binder/requirements.txt"])
def test_conda_and_binder_read_the_same_pins(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.search(r"-c (\.\./)?requirements\.txt", text)
    assert "-e ." in text
    assert "==" not in text, "a version here would be a second pin"


def test_container_and_binder_take_a_python_that_is_supported():
    versions = {
        "environment.yml": r"python=(3\.\d+)",
        ".binder/runtime.txt": r"python-(3\.\d+)",
        ".devcontainer/Dockerfile": r"FROM python:(3\.\d+)",
    }
    for name, pattern in versions.items():
        [version] = re.findall(pattern, (ROOT / name).read_text(encoding="utf-8"))
        assert OLDEST <= tuple(map(int, version.split("."))) <= NEWEST, name
