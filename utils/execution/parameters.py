"""Values given to a notebook's parameters, checked before anything runs."""

from typing import Any

import yaml

from utils.errors import FrugalError
from utils.execution.source import Source

OWN_OPTIONS = ("profile", "device")  # these two have options of their own, which say what is allowed


def parse(pairs: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Turn ``-p NAME VALUE`` pairs into values: YAML's rules, so that ``3``, ``0.1``, ``true`` are no text.

    Raises
    ------
    FrugalError
        when a value is not valid YAML, or the name has an option of its own.
    """
    values = {}
    for name, text in pairs:
        if name in OWN_OPTIONS:
            raise FrugalError(f"set {name} with --{name}, not with -p.")
        try:
            values[name] = yaml.safe_load(text)
        except yaml.YAMLError:
            raise FrugalError(
                f"cannot read '{text}', the value of parameter {name}; put it in quotes."
            ) from None
    return values


def check(source: Source, values: dict[str, Any]) -> None:
    """Compare names and types with the notebook's own parameters.

    Raises
    ------
    FrugalError
        when the notebook has no such parameter, or its default is of another type; says which it has.
    """
    defaults = source.parameters()
    for name, value in values.items():
        if name not in defaults:
            known = ", ".join(defaults) or "none (no cell is tagged 'parameters')"
            raise FrugalError(f"notebook {source.slug} has no parameter '{name}'; it has: {known}.")
        default = defaults[name]
        if default is not None and not _fits(value, default):
            raise FrugalError(
                f"parameter {name} of notebook {source.slug} takes {_kind(default)} such as {default!r}, "
                f"not {value!r}."
            )


def _fits(value: Any, default: Any) -> bool:
    """Same type; a whole number may stand for a float."""
    return type(value) is type(default) or (type(value) is int and type(default) is float)


def _kind(value: Any) -> str:
    return {bool: "true or false", int: "a whole number", float: "a number", str: "text"}.get(
        type(value), f"a {type(value).__name__}"
    )
