"""One set of pins: pip, conda and Binder read the same file, and it holds what pyproject.toml allows."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from utils.paths import PINS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RANGES = PROJECT["dependencies"] + [
    text for extra in PROJECT["optional-dependencies"].values() for text in extra
]


def pins() -> dict[str, Requirement]:
    lines = [line for line in PINS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {canonicalize_name(pin.name): pin for pin in map(Requirement, lines)}


def test_every_pin_is_one_version():
    assert [str(pin) for pin in pins().values() if not re.fullmatch(r"==[^*,]+", str(pin.specifier))] == []


def test_pins_are_sorted_and_unique():
    names = [canonicalize_name(line.split("==")[0]) for line in PINS.read_text().splitlines() if "==" in line]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("text", RANGES)
def test_pin_lies_within_its_range(text):
    wanted = Requirement(text)
    pin = pins()[canonicalize_name(wanted.name)]
    assert wanted.specifier.contains(str(pin.specifier).removeprefix("=="))
    assert str(pin.marker or "") == str(wanted.marker or "")


def test_conda_and_binder_read_the_same_pins():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-r requirements.txt", "-e ."]}
    versions = dict(entry.partition("=")[::2] for entry in conda)
    assert set(versions) == {"python", "pip"}, "a package named here would be a second pin"
    assert Version(versions["python"]) >= Version(PROJECT["requires-python"].removeprefix(">="))
