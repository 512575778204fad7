"""Proof that a student's notebook gives nothing away: no solution, no reasoning, no hidden check."""

import json
import re

from otter.assign.solutions import replace_solutions

from utils.labs.master import Lab, Question

HIDDEN = re.compile(r"^hidden: true$", re.MULTILINE | re.IGNORECASE)
SHORT = 12  # shorter lines ("return x") say nothing by themselves


def leaks(lab: Lab, student: str) -> list[str]:
    """Secret lines of the master that occur anywhere in the student's file: cells, metadata, outputs."""
    return told(lab, "\n".join(_strings(json.loads(student))))


def told(lab: Lab, text: str) -> list[str]:
    """Secret lines of the master that occur in a text, beyond what it shows everybody."""
    text, allowed = flat(text), flat("\n".join(_shown(lab)))
    return [line for line in secrets(lab) if flat(line) in text and flat(line) not in allowed]


def secrets(lab: Lab) -> list[str]:
    """Every telling line of solutions, reasonings and hidden checks."""
    texts = [text for question in lab.questions for text in _secret(question)]
    lines = {line.strip() for text in texts for line in text.splitlines()}
    return sorted(line for line in lines if len(line) >= SHORT)


def _secret(question: Question) -> list[str]:
    hidden = [source for source in question.sources("tests") if HIDDEN.search(source)]
    return [question.solution(), *question.sources("reasoning"), *hidden]


def _shown(lab: Lab) -> list[str]:
    """What a student is meant to see: given cells, tasks, stubs, public checks."""
    outside = [block.source for block in lab.blocks if not isinstance(block, Question)]
    for question in lab.questions:
        stubs = [replace_solutions(source.split("\n"), "python") for source in question.sources("solution")]
        public = [source for source in question.sources("tests") if not HIDDEN.search(source)]
        outside += ["\n".join(stub) for stub in stubs] + public
        outside += question.sources("prose") + question.sources("given")
    return outside


def _strings(value: object) -> list[str]:
    """Every string below a JSON value; a list of lines counts as one text."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ["".join(value)]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for item in items for text in _strings(item)]


def flat(text: str) -> str:
    """Text without what printing code anew may change: blanks, kinds of quotes, brackets, trailing commas."""
    return re.sub(r"[\s'\"(),]", "", text)
