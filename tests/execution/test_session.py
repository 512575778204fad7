"""The whole command on this machine: what stops, what goes on, what is left after a crash."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from utils.errors import FrugalError
from utils.execution import records
from utils.execution.keep import keep
from utils.execution.session import Options, run

SCRIPT = (
    "import sys, pathlib; from utils import cli; from utils.execution.session import Options, run; "
    "cli.frugal.main = lambda **_: run([], Options(OPTIONS), pathlib.Path(sys.argv[1])); cli.main()"
)


def test_failures_do_not_stop_the_others(project, capsys):
    project.chapter("01_bad", "x = 3\nx.nothing()")
    project.chapter("02_dead", "import os; os.kill(os.getpid(), 9)")
    project.chapter("03_slow", "import time; time.sleep(600)")
    project.chapter("04_good", "print('fine')")
    project.chapter("05_exit", "import sys; sys.exit(0)", "1 / 0")
    project.chapter("06_gone", "import os, shutil; shutil.rmtree(os.getcwd())", "print('after')")
    with pytest.raises(FrugalError, match="5 of 6 notebooks failed: 01_bad, 02_dead, 03_slow, 05_exit, 06_"):
        run([], Options(limit="45s", workers=2), project.root)
    said = capsys.readouterr().err
    assert "AttributeError" in said
    assert "in cell 3:\nx = 3\nx.nothing()" in said
    assert "\x1b" not in said
    assert "02_dead: FAILED: the kernel died" in said
    assert "03_slow: FAILED: did not end within its time limit of 45 s" in said
    assert "04_good: ok" in said
    assert "05_exit: FAILED: was ended by SystemExit in cell 3" in said
    good = {record.slug for record in records.all_records(project.root) if record.status == "ok"}
    assert good == {"04_good"}


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


def test_a_build_folder_that_cannot_be_written_is_told_before_any_notebook_runs(project, tmp_path):
    project.chapter("01_one", f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    project.module("_build/executed", "a file where a folder is wanted")
    with pytest.raises(FrugalError, match="cannot be written"):
        run(["1"], Options(), project.root)
    assert not (tmp_path / "ran").exists()


def test_dry_run_names_reasons_and_runs_nothing(project, capsys):
    project.chapter("01_one")
    run([], Options(dry_run=True, profile="smoke", device="cpu"), project.root)
    assert capsys.readouterr().out == "01_one (smoke, cpu): never ran\n1 of 1 would run, 0 up to date.\n"
    assert not project.built().exists()


def test_a_plan_imports_nothing_heavy(project):
    """That is what keeps a call with nothing to do fast."""
    project.chapter("01_one")
    check = SCRIPT.replace("OPTIONS", "dry_run=True").replace(
        "cli.main()", "cli.frugal.main(); print(sorted({'torch', 'dask'} & set(sys.modules)))"
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


def test_parameters_reach_the_notebook(project):
    project.chapter("01_one", "print('seed', seed)")
    run([], Options(extra=(("seed", "7"),)), project.root)
    assert "seed 7" in project.built("executed", "01_one.quick.ipynb").read_text()


def git(project, *arguments):
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=project.root, check=True, capture_output=True)


def test_results_of_a_commit_are_recorded_others_are_not(project, capsys):
    project.chapter("01_one", project.saving())
    project.module(".gitignore", "_build")
    git(project, "init")
    with pytest.raises(FrugalError, match="the checkout has changes"):
        run([], Options(record=True), project.root)
    assert not project.built().exists()
    git(project, "add", ".")
    git(project, "commit", "-m", "all")
    with pytest.raises(FrugalError, match="leave -p out"):
        run([], Options(record=True, extra=(("seed", "7"),)), project.root)
    run([], Options(record=True), project.root)
    assert (project.root / "results" / "01_one.quick.json").read_text() == project.results()
    assert "recorded results/01_one.quick.json" in capsys.readouterr().out


def test_results_of_a_changed_checkout_are_measured_again_before_they_are_recorded(project, capsys):
    project.chapter("01_one")
    results = json.loads(project.results())
    results["provenance"]["dirty"] = True
    task = project.task("01_one")
    keep(task, project.executed(task, json.dumps(results)), project.root)
    run([], Options(record=True, dry_run=True, device="cpu"), project.root)
    assert "01_one (quick, cpu): its results come from a checkout with changes" in capsys.readouterr().out


def test_a_budget_too_short_for_a_chapter_leaves_it_for_the_next_call(project, capsys):
    project.chapter("01_one")
    run([], Options(budget="30s"), project.root)
    assert "no time left for 01_one; call again to go on." in capsys.readouterr().err
    assert records.all_records(project.root) == []


@pytest.fixture
def hanging(project, eventually, monkeypatch):
    """A command that has done its second notebook and hangs in the first; TMPDIR is the project's own."""
    mark, wait, scratch = project.root / "pid", project.root / "wait", project.root / "scratch"
    wait.touch(), scratch.mkdir()
    hang = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid()))"
    project.chapter("01_one", hang, f"while os.path.exists({str(wait)!r}): time.sleep(0.05)")
    project.chapter("02_two", "print('done')")
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.replace("OPTIONS", "workers=2"), str(project.root)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env=os.environ | {"TMPDIR": str(scratch)},
        # A test run in the background of a shell ignores interrupts, and its children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    done = records.record_path("02_two", "quick", project.root)
    eventually(lambda: done.exists() and mark.exists() and mark.read_text())
    process.kernel = psutil.Process(int(mark.read_text()))
    yield process
    process.kill()
    process.wait()
    process.stderr.close()


def over(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("times", [1, 5])
def test_interrupted_ends_at_once_in_one_sentence_and_leaves_nothing(project, eventually, hanging, times):
    family = [hanging.kernel, *psutil.Process(hanging.pid).children(recursive=True)]
    for _ in range(times):
        os.killpg(hanging.pid, signal.SIGINT)  # a terminal tells the whole group
        time.sleep(0.03)
    assert hanging.wait(60) == 130  # the promise of two seconds is kept by a timer, see utils.interruption
    said = hanging.stderr.read().splitlines()
    assert [
        line for line in said if not line.startswith(("[1/2] 02_two", "01_one: cell", "02_two: cell"))
    ] == ["frugal: interrupted; call the same command again to go on."]
    eventually(lambda: all(map(over, family)))
    assert list((project.root / "scratch").iterdir()) == []
    assert (project.task("01_one").reason, project.task("02_two").reason) == ("never ran", "")


def test_killed_leaves_nothing_running_or_half_written(project, eventually, hanging):
    family = psutil.Process(hanging.pid).children(recursive=True)
    hanging.kill()
    eventually(lambda: all(map(over, [hanging.kernel, *family])))
    for path in project.built("executed").iterdir():
        json.loads(path.read_text())
    assert (project.task("01_one").reason, project.task("02_two").reason) == ("never ran", "")
    (project.root / "wait").unlink()
    run([], Options(), project.root)
    assert project.task("01_one").reason == ""
    assert list((project.root / "scratch").iterdir()) == []
