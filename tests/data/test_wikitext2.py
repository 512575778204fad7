"""WikiText-2 as characters: sizes, alphabet, and the way back."""

from utils.data.wikitext2 import SYMBOLS, load_wikitext2


def test_both_texts_are_whole(prepared_data):
    text = load_wikitext2()
    train = (prepared_data / "wikitext2/valid.txt").read_text(encoding="utf-8")
    valid = (prepared_data / "wikitext2/test.txt").read_text(encoding="utf-8")
    assert (len(text.train), len(text.valid)) == (len(train), len(valid))
    assert len(text.alphabet) == SYMBOLS
    known = "".join(c if c in text.alphabet else text.alphabet[-1] for c in valid[:2000])
    assert text.decode(text.valid[:2000]) == known
