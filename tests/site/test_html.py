"""The pages are valid HTML. The validator, html-validate, is kept up and needs neither Java nor a network."""

import json
import os
import shutil
import subprocess

import pytest

from utils.paths import ROOT
from utils.site.browser import pages

RULES = {"root": True, "extends": ["html-validate:standard"]}


@pytest.fixture
def validator() -> str:
    """The program, from ``$HTML_VALIDATE``, the path or ``node_modules`` of this repository."""
    local = ROOT / "node_modules" / ".bin" / "html-validate"
    found = (
        os.environ.get("HTML_VALIDATE") or shutil.which("html-validate") or (local.is_file() and str(local))
    )
    if not found:
        pytest.skip("html-validate is missing: `npm install --no-save html-validate` brings it")
    return found


def findings(program, folder, rules, names) -> list[str]:
    rules.write_text(json.dumps(RULES), encoding="utf-8")
    command = [program, "--config", str(rules), "--formatter", "json", *names]
    answer = rules.with_name("answer.json")
    with answer.open("w") as file:  # it ends before a pipe has taken everything
        subprocess.run(command, cwd=folder, stdout=file)
    return [
        f"{report['filePath']}:{message['line']} {message['ruleId']} {message['message']}"
        for report in json.loads(answer.read_text(encoding="utf-8"))
        for message in report["messages"]
    ]


def test_every_page_is_valid(site, validator, tmp_path):
    assert findings(validator, site, tmp_path / "rules.json", pages(site)) == []


def test_the_validator_refuses_what_is_wrong(validator, tmp_path):
    (tmp_path / "wrong.html").write_text(
        "<!DOCTYPE html><html lang=en><title>x</title><summary><p>y</summary>"
    )
    assert findings(validator, tmp_path, tmp_path / "rules.json", ["wrong.html"])
