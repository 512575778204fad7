"""A judge in a process of its own: a line of JSON in, a line of JSON out; a lost one is replaced."""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from utils.errors import FrugalError
from utils.paths import PACKAGE

PATIENCE = 60  # a submission may take so many times the seconds of one cell, and no less than
LEAST_PATIENCE = 900


@dataclass(frozen=True)
class Spec:
    """What a judge needs: the lab's master and archive, limits, and whether to do without the sandbox."""

    master: str
    archive: str
    seconds: int
    memory: int
    unsafe: bool


class Lost(Exception):
    """The judge's process died or hung on a submission."""


class Hand:
    """Starts a judge when the first submission comes, and again after it was lost."""

    def __init__(self, spec: Spec):
        self.spec, self.process = spec, None
        self.lock = threading.Lock()

    def mark(self, notebook: Path, seed: int, variant: int) -> dict:
        """The marks of one notebook (see :class:`utils.grading.judge.Marked`) as plain data.

        Raises
        ------
        FrugalError
            when the sandbox cannot be used here.
        Lost
            when the judge died or hung.
        """
        with self.lock:
            if not self.process:
                self._start()
            try:
                answer = self._ask([str(notebook), seed, variant])
            except Lost:
                self.close()
                raise
        if "refused" in answer:
            raise FrugalError(answer["refused"])
        return answer

    def close(self) -> None:
        """End the judge and its sandbox."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _start(self) -> None:
        env = os.environ | {"PYTHONPATH": str(PACKAGE.parent), "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"}
        env |= {"CUDA_VISIBLE_DEVICES": "", "MKL_NUM_THREADS": "1"}
        line = [sys.executable, "-P", "-m", "utils.grading.hand", json.dumps(asdict(self.spec))]
        self.process = subprocess.Popen(line, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def _ask(self, question: list) -> dict:
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
            self.process.stdin.flush()
        until = max(LEAST_PATIENCE, PATIENCE * self.spec.seconds)
        if not select.select([self.process.stdout], [], [], until)[0]:
            raise Lost("it did not end")
        line = self.process.stdout.readline()
        if not line.endswith(b"\n"):
            raise Lost("it died")
        return json.loads(line)


def main() -> None:
    """Answer each line of standard input until it ends."""
    from utils.grading.judge import Judge

    spec = Spec(**json.loads(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever prints must not be taken for an answer
    judge = None
    for line in sys.stdin:
        notebook, *numbers = json.loads(line)
        try:
            judge = judge or Judge(
                Path(spec.master), Path(spec.archive), spec.seconds, spec.memory, spec.unsafe
            )
            answer = asdict(judge.mark(Path(notebook), *numbers))
        except FrugalError as error:
            answer = {"refused": str(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
