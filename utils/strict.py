"""Reading YAML that people write: every mistake becomes one sentence that says where it is and what to do."""

import difflib
from pathlib import Path
from typing import Any

import yaml

from utils.errors import FrugalError

NAMES = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
}


class _Loader(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys and says nothing; this loader refuses them."""


def _table(loader: _Loader, node: yaml.MappingNode) -> dict:
    keys = [loader.construct_object(key) for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise FrugalError(f"line {node.start_mark.line + 1}: '{key}' stands twice; keep one of them.")
    return dict(loader.construct_pairs(node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _table)


def load(path: Path, name: str) -> dict[str, Any]:
    """Read a YAML file whose top level is a table.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        How messages call it ("book/claims/11_bitnet_reloaded.yml").

    Raises
    ------
    FrugalError
        When the file is missing, is no YAML, holds a key twice, or is no table.
    """
    if not path.is_file():
        raise FrugalError(f"{name} does not exist: write it first.")
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FrugalError(f"{name} is no YAML: {' '.join(str(error).split())}") from error
    except FrugalError as error:
        raise FrugalError(f"{name}, {error}") from None
    if not isinstance(content, dict):
        raise FrugalError(f"{name} must be a table of fields.")
    return content


def fields(
    entry: object, where: str, needed: dict[str, type], optional: dict[str, Any] | None = None
) -> dict[str, Any]:
    """The fields of one entry: all that are needed, those that may be missing with their defaults.

    Parameters
    ----------
    entry : object
        What YAML gave; refused unless it is a table.
    where : str
        The place, for messages ("book/claims/16_maestro.yml, claim 'order'").
    needed : dict of str to type
        Types of the fields that must be there.
    optional : dict of str to object
        Defaults of the others; a field has the type of its default (None allows any type).

    Raises
    ------
    FrugalError
        For a missing field, an unknown one, a wrong type, or empty text.
    """
    optional = optional or {}
    if not isinstance(entry, dict):
        raise FrugalError(f"{where} must be a table with the fields {', '.join(needed)}.")
    types = needed | {name: type(value) for name, value in optional.items() if value is not None}
    for name in entry:
        if name not in needed and name not in optional:
            raise FrugalError(f"{where}: there is no field '{name}'{_nearest(name, [*needed, *optional])}.")
    for name in needed:
        if name not in entry:
            raise FrugalError(f"{where}: the field '{name}' is missing.")
    for name, value in entry.items():
        _check(value, types.get(name), f"{where}: '{name}'")
    return {**optional, **entry}


def one_of(value: object, allowed: list[str] | tuple[str, ...] | dict, where: str) -> None:
    """Refuse a value that is not among those allowed, naming the nearest.

    Raises
    ------
    FrugalError
        When it is not.
    """
    if not isinstance(value, str) or value not in allowed:
        nearest = _nearest(str(value), list(allowed))
        raise FrugalError(f"{where} is '{value}'{nearest}; it must be one of {', '.join(allowed)}.")


def _check(value: object, kind: type | None, where: str) -> None:
    right = (int, float) if kind is float else kind or object
    if not isinstance(value, right) or (isinstance(value, bool) and kind not in (bool, None)):
        quotes = " (YAML reads no, yes, on and off as true or false: put quotes around them)"
        raise FrugalError(f"{where} must be {NAMES[kind]}{quotes if isinstance(value, bool) else ''}.")
    if isinstance(value, str) and not value.strip():
        raise FrugalError(f"{where} is empty: write it down.")


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(str(name), known, 1)
    return f" (did you mean '{near[0]}'?)" if near else ""
