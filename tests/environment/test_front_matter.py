"""README, licenses, citation: short, consistent with the package, and without a dead link."""

import re
import tomllib

import yaml

from utils.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_readme_is_short():
    assert len(README.splitlines()) < 80


def test_readme_links_lead_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert links
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).is_file()] == []


def test_readme_picture_has_alternative_text():
    alternatives = re.findall(r"!\[([^\]]*)\]", README)
    assert alternatives
    assert all(len(text) > 20 for text in alternatives)


def test_readme_commands_exist():
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE).group(1).split()
    assert set(re.findall(r"\bmake (\w+)", README)) <= set(targets)


def test_citation_is_of_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert PROJECT["license"] in citation["license"]


def test_both_licenses_are_there():
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert "creativecommons.org/licenses/by/4.0/" in (ROOT / "LICENSE-text").read_text(encoding="utf-8")
