"""Docstrings become paragraphs and lists; nothing of them is lost or taken for markup."""

from utils.site.functions import markdown


def test_sections_become_lists():
    text = """Add *two* numbers.

    More about
    it.

    Parameters
    ----------
    a, b : ``int`` of
        any_size

    Returns
    -------
    A tensor,
    always.

    Raises
    ------
    FrugalError
        when ``a`` is
        too small, or [b].
    """
    assert markdown("\n".join(line.removeprefix("    ") for line in text.split("\n"))).split("\n\n") == [
        r"Add \*two\* numbers.",
        "More about it.",
        "**Parameters**",
        "- `a, b`: `int` of any\\_size",
        "**Returns**",
        "A tensor, always.",
        "**Raises**",
        "- `FrugalError`: when `a` is too small, or \\[b\\].",
    ]


def test_what_is_indented_stays_as_it_is_written():
    assert markdown("Sum.\n\n    x =\n      1").split("\n\n") == ["Sum.", "~~~text\nx =\n  1\n~~~"]


def test_empty():
    assert markdown("") == ""
