"""Every written lab is proved: by its remembered proof, or now, when what that depended on has changed."""

import os
import subprocess
import sys

import pytest

from utils.chapters import written
from utils.labs import memory
from utils.labs.master import master_path, read
from utils.paths import ROOT
from utils.threads import ONE_THREAD

SLUGS = [chapter.slug for chapter in written()]
CHECK = [sys.executable, "-c", "from utils.cli import main; main()", "labs", "check", "--anew", "--no-record"]


@pytest.mark.parametrize("slug", SLUGS)
def test_checks_are_proved(slug, record_property):
    lab = read(master_path(slug))
    if not (memory.changed(lab) or os.environ.get("FRUGAL_PROVE_ANEW")):
        return
    record_property("part", "proofs")
    environment = os.environ | ONE_THREAD
    done = subprocess.run(
        [*CHECK, slug], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stdout + done.stderr
    checks = sum(len(question.sources("tests")) for question in lab.graded)
    assert f"untouched    ran {checks} of {checks} checks, {checks} failed" in done.stdout
    assert "marks        Otter's and the notebook's" in done.stdout
