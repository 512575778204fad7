"""Mutation testing: change one thing in a solution, and see whether the checks notice."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from utils.labs.answers import read_answers
from utils.labs.master import Question
from utils.labs.trial import Trials
from utils.paths import LABS

MOST_SURVIVORS = 0.05

# fmt: off
OPERATORS = {
    ast.Add: [ast.Sub], ast.Sub: [ast.Add], ast.Mult: [ast.Div], ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Div], ast.Mod: [ast.FloorDiv], ast.Pow: [ast.Mult], ast.MatMult: [ast.Mult],
    ast.BitAnd: [ast.BitOr], ast.BitOr: [ast.BitAnd], ast.BitXor: [ast.BitOr],
    ast.LShift: [ast.RShift], ast.RShift: [ast.LShift], ast.And: [ast.Or], ast.Or: [ast.And],
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.Lt], ast.In: [ast.NotIn], ast.NotIn: [ast.In],
    ast.Is: [ast.IsNot], ast.IsNot: [ast.Is],
}
# A name and the one that takes its place, as a method or in a module.
NAMES = {
    "mean": "sum", "sum": "mean", "median": "mean", "max": "min", "min": "max", "amax": "amin",
    "amin": "amax", "argmin": "argmax", "argmax": "argmin", "round": "floor", "floor": "ceil",
    "ceil": "floor", "std": "var", "zeros": "ones", "ones": "zeros", "zeros_like": "ones_like",
    "ones_like": "zeros_like", "log2": "log", "randn": "zeros", "any": "all", "all": "any",
    "uint8": "int8", "int8": "uint8",
}
REMOVABLE = {"detach", "clone", "abs", "round", "clamp", "flatten", "float", "long", "to", "sqrt", "square"}
# fmt: on


@dataclass(frozen=True)
class Mutant:
    """One changed solution; ``change`` says what was changed."""

    change: str
    source: str


def mutants(question: Question) -> list[Mutant]:
    """Every mutant of an exercise's solution: one changed operator, constant, name, call or branch each."""
    found: list[Mutant] = []
    while True:
        mutator = Mutator(len(found))
        tree = mutator.visit(ast.parse(question.solution()))
        if mutator.change is None:
            return found
        source = ast.unparse(ast.fix_missing_locations(tree))
        found.append(Mutant(f"{question.name}: {mutator.change}", source))


class Mutator(ast.NodeTransformer):
    """Makes the change number ``target`` of all possible ones, and describes it in ``change``."""

    def __init__(self, target: int):
        self.left = target
        self.change: str | None = None

    def visit(self, node: ast.AST) -> ast.AST:
        """Change the node if it is the one whose turn it is."""
        for new in _changes(node):
            if self.left == 0 and self.change is None:
                self.change = f"line {node.lineno}, `{ast.unparse(node)}` -> `{ast.unparse(new)}`"
                return new
            self.left -= 1
        return self.generic_visit(node)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in place of this node."""
    if isinstance(node, (ast.BinOp, ast.BoolOp)):
        yield from (_with(node, op=new()) for new in OPERATORS[type(node.op)])
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from (_with(node, ops=[new()]) for new in OPERATORS[type(node.ops[0])])
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Constant):
        yield from (_with(node, value=new) for new in _constants(node.value))
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield _with(node, attr=NAMES[node.attr])
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in REMOVABLE:
            yield node.func.value
        if len(node.args) > 1:
            yield _with(node, args=[node.args[1], node.args[0], *node.args[2:]])


def _constants(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value + 1, value - 1)
    elif isinstance(value, float):
        yield from (value * 2, value / 2) if value else (1.0,)
    elif isinstance(value, str):
        yield value + "_"


def _with(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


@dataclass(frozen=True)
class Survey:
    """What mutation testing of a lab found: how many mutants, which survived, and what is wrong with that."""

    total: int
    survivors: list[str]
    problems: list[str]


def survey(trials: Trials, folder: Path = LABS, progress=iter) -> Survey:
    """Try every mutant of every exercise of a lab.

    Parameters
    ----------
    progress
        Wraps the list of mutants, to show how far it is.
    """
    work = [(question, mutant) for question in trials.lab.graded for mutant in mutants(question)]
    survivors = [mutant for question, mutant in progress(work) if _survives(trials, question, mutant)]
    known = [answer for answer in read_answers(trials.lab, folder) if answer.kind == "equivalent"]
    explained = {_normal(answer.source) for answer in known}
    surviving = {_normal(mutant.source) for mutant in survivors}
    problems = [f"no check notices {m.change}" for m in survivors if _normal(m.source) not in explained]
    problems += [
        f"an equivalent of {answer.exercise} is no surviving mutant: {answer.says}"
        for answer in known
        if _normal(answer.source) not in surviving
    ]
    if len(survivors) > MOST_SURVIVORS * len(work):
        problems.append(f"{len(survivors)} of {len(work)} mutants survive, more than {MOST_SURVIVORS:.0%}")
    return Survey(len(work), [mutant.change for mutant in survivors], problems)


def _normal(source: str) -> str:
    """A program's text without what formatting may change."""
    return ast.unparse(ast.parse(source))


def _survives(trials: Trials, question: Question, mutant: Mutant) -> bool:
    return trials.try_answer(question, mutant.source, lambda case: not case.passed).accepted
