"""A house rule: calls that make tensors name dtype and device, so that PyTorch's defaults change nothing."""

import ast

import pytest

from utils.paths import ROOT

FOLDER = ROOT / "utils" / "kernels"
FACTORIES = {
    "arange",
    "empty",
    "eye",
    "full",
    "linspace",
    "ones",
    "rand",
    "randint",
    "randn",
    "scalar_tensor",
    "tensor",
    "zeros",
}


def unnamed(source: str) -> list[str]:
    """Calls of ``torch``'s factories without dtype or device."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [
        f"line {call.lineno}: {ast.unparse(call)}" for call in calls if _is_factory(call) and _misses(call)
    ]


def _is_factory(call: ast.Call) -> bool:
    name = call.func
    return isinstance(name, ast.Attribute) and ast.unparse(name.value) == "torch" and name.attr in FACTORIES


def _misses(call: ast.Call) -> bool:
    return not {"dtype", "device"} <= {keyword.arg for keyword in call.keywords}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_factories_name_dtype_and_device(path):
    assert unnamed(path.read_text(encoding="utf-8")) == []


def test_the_rule_finds_what_it_looks_for():
    assert unnamed("torch.empty(3)\ntorch.full((2,), 1.0, dtype=torch.int8)") == [
        "line 1: torch.empty(3)",
        "line 2: torch.full((2,), 1.0, dtype=torch.int8)",
    ]
    assert unnamed("torch.zeros(2, dtype=torch.int8, device=x.device)\nx.new_zeros(2)") == []
