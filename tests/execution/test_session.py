"""The whole command on this machine: what stops, what goes on, what is left after a crash."""

import json
import os
import signal
import subprocess
import sys

import psutil
import pytest

from utils.errors import FrugalError
from utils.execution import records
from utils.execution.session import Options, run

SCRIPT = (
    "import sys, pathlib; from utils.execution.session import Options, run; "
    "run([], Options(workers=2), pathlib.Path(sys.argv[1]))"
)


def test_failures_do_not_stop_the_others(project, capsys):
    project.chapter("01_bad", "x = 3\nx.nothing()")
    project.chapter("02_dead", "import os; os.kill(os.getpid(), 9)")
    project.chapter("03_slow", "import time; time.sleep(600)")
    project.chapter("04_good", "print('fine')")
    with pytest.raises(FrugalError, match="3 of 4 notebooks failed: 01_bad, 02_dead, 03_slow"):
        run([], Options(limit="12s", workers=2), project.root)
    said = capsys.readouterr().err
    assert "AttributeError" in said
    assert "in cell 3:\nx = 3\nx.nothing()" in said
    assert "\x1b" not in said
    assert "02_dead: FAILED: the kernel died" in said
    assert "03_slow: FAILED: did not end within its time limit of 12 s" in said
    assert "04_good: ok" in said
    statuses = {record.slug: record.status for record in records.all_records(project.root)}
    assert statuses == {"01_bad": "failed", "02_dead": "failed", "03_slow": "failed", "04_good": "ok"}


def test_run_again_does_nothing_then_failure_keeps_the_result(project, capsys):
    project.chapter("01_one", "print('first')")
    run(["1"], Options(), project.root)
    executed = project.built("executed", "01_one.quick.ipynb")
    written = executed.stat().st_mtime_ns
    run(["1"], Options(), project.root)
    assert executed.stat().st_mtime_ns == written
    assert "0 of 1 to run, 1 up to date." in capsys.readouterr().out
    project.chapter("01_one", "print('second'); 1 / 0")
    with pytest.raises(FrugalError, match="1 of 1 notebooks failed"):
        run(["01_one"], Options(), project.root)
    assert "stays and is marked old" in capsys.readouterr().err
    assert executed.stat().st_mtime_ns == written
    assert records.read("01_one", "quick", project.root).status == "old"


def test_dry_run_names_reasons_and_runs_nothing(project, capsys):
    project.chapter("01_one")
    run([], Options(dry_run=True, profile="smoke", device="cpu"), project.root)
    assert capsys.readouterr().out == "01_one (smoke, cpu): never ran\n1 of 1 would run, 0 up to date.\n"
    assert not project.built().exists()


def test_a_plan_imports_nothing_heavy(project):
    """That is what keeps a call with nothing to do fast."""
    project.chapter("01_one")
    check = (
        SCRIPT.replace("workers=2", "dry_run=True") + "; print(sorted({'torch', 'dask'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", check, str(project.root)], capture_output=True, text=True)
    assert said.stdout.splitlines()[-1] == "[]"


def test_unknown_chapter_and_parameter(project):
    project.chapter("01_one")
    with pytest.raises(FrugalError, match="no written chapter '9'"):
        run(["9"], Options(), project.root)
    with pytest.raises(FrugalError, match="no parameter 'sed'"):
        run(["1"], Options(extra=(("sed", "1"),)), project.root)
    assert not project.built().exists()


def test_parameters_reach_the_notebook_and_results_are_recorded(project, capsys):
    save = "(Path(os.environ['FRUGAL_RESULTS']) / '01_one.quick.json').write_text(str(seed))"
    project.chapter("01_one", "import os; from pathlib import Path", save)
    run([], Options(extra=(("seed", "7"),), record=True), project.root)
    assert (project.root / "results" / "01_one.quick.json").read_text() == "7"
    assert "recorded results/01_one.quick.json" in capsys.readouterr().out


def test_a_budget_too_short_for_a_chapter_leaves_it_for_the_next_call(project, capsys):
    project.chapter("01_one")
    run([], Options(budget="30s"), project.root)
    assert "no time left for 01_one; call again to go on." in capsys.readouterr().err
    assert not project.built().exists()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_ended_in_the_middle_leaves_nothing_running_or_half_written(project, eventually, sign):
    mark, wait = project.root / "pid", project.root / "wait"
    wait.touch()
    hang = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid()))"
    project.chapter("01_one", hang, f"while os.path.exists({str(wait)!r}): time.sleep(0.05)")
    project.chapter("02_two", "print('done')")
    call = [sys.executable, "-c", SCRIPT, str(project.root)]
    process = subprocess.Popen(
        call,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        # A test run in the background of a shell ignores interrupts, and its children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    done = records.record_path("02_two", "quick", project.root)
    eventually(lambda: done.exists() and mark.exists() and mark.read_text())
    family = [process, *psutil.Process(process.pid).children(recursive=True)]
    family = [psutil.Process(member.pid) for member in family] + [psutil.Process(int(mark.read_text()))]
    end = os.killpg if sign == signal.SIGINT else os.kill  # a terminal tells the whole group
    end(process.pid, sign)
    process.stderr.read()
    assert process.wait(20) != 0
    eventually(lambda: not any(member.is_running() and member.status() != "zombie" for member in family))
    for path in project.built("executed").iterdir():
        json.loads(path.read_text())
    assert (project.task("01_one").reason, project.task("02_two").reason) == ("never ran", "")
    wait.unlink()
    run([], Options(), project.root)
    assert project.task("01_one").reason == ""
