"""Progress in a log and in a terminal."""

from utils.execution import progress
from utils.execution.progress import Progress


def test_a_log_gets_few_whole_lines(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    shown = Progress({"01_one": 40, "02_two": 3}, interactive=False)
    for cell in range(1, 41):
        now[0] += 0.5
        shown.cell("01_one", cell)
    shown.done("01_one", "ok, 20 s")
    shown.close()
    said = capsys.readouterr().err
    assert said == "01_one: cell 1 of 40\n01_one: cell 21 of 40\n[1/2] 01_one: ok, 20 s\n"


def test_a_terminal_gets_a_bar_a_notebook(capsys):
    shown = Progress({"01_one": 4, "02_two": 3}, interactive=True)
    shown.cell("01_one", 2)
    shown.cell("02_two", 1)
    shown.done("01_one", "ok, 1 s")
    shown.close()
    said = capsys.readouterr().err
    assert "01_one |" in said
    assert "cell 2/4" in said
    assert "cell 1/3" in said
    assert "[1/2] 01_one: ok, 1 s" in said
