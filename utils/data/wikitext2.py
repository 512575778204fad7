"""WikiText-2 as characters: encyclopedia articles (Merity et al. 2016, arXiv:1609.07843)."""

from utils.data.characters import OTHER, PRINTABLE, alphabet_of, encode
from utils.data.fetch import fetch_all
from utils.data.tiny_shakespeare import Text, stand_in_text

SYMBOLS = 96


def load_wikitext2(stand_in: bool = False) -> Text:
    """The set's validation text for training, its test text for validation: 1.1 and 1.3 million characters.

    The official training text is not registered, so losses do not compare with published ones.

    Parameters
    ----------
    stand_in : bool
        Give a tiny made-up set of the same form instead, without a download: for ``smoke``.

    Raises
    ------
    FrugalError
        when a file cannot be had.
    """
    if stand_in:
        return stand_in_text(PRINTABLE + OTHER)
    train, valid = (
        path.read_text(encoding="utf-8") for path in fetch_all("wikitext2", ["valid.txt", "test.txt"])
    )
    alphabet = alphabet_of(train, SYMBOLS)
    return Text(alphabet, encode(train, alphabet), encode(valid, alphabet))
