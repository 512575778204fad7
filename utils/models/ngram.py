"""Count tables: the language models that a network must beat before it is worth a word."""

import torch
from torch import Tensor


def count_table(codes: Tensor, symbols: int, context: int, added: float = 0.1) -> Tensor:
    """Probabilities of the next symbol from counts.

    Parameters
    ----------
    codes : int64 Tensor (T,)
        The text to count in.
    symbols : int
        S, the size of the alphabet.
    context : int
        How many symbols are looked back at: 1 gives a bigram table, 2 a trigram table.
    added : float
        Added to every count (Lidstone smoothing), so that no probability is zero.

    Returns
    -------
    Tensor (S ** context, S)
        Rows sum to one.
    """
    places = context_codes(codes, symbols, context)[:-1] * symbols + codes[context:]
    counts = torch.bincount(places, minlength=symbols ** (context + 1)).view(-1, symbols).float() + added
    return counts / counts.sum(dim=1, keepdim=True)


def table_loss(table: Tensor, codes: Tensor) -> float:
    """The mean loss of a table on a text, in nats per symbol."""
    symbols = table.shape[1]
    context = round(torch.tensor(table.shape[0]).log().item() / torch.tensor(symbols).log().item())
    rows = context_codes(codes, symbols, context)[:-1]
    return -table[rows, codes[context:]].log().mean().item()


def context_codes(codes: Tensor, symbols: int, context: int) -> Tensor:
    """The number of every run of ``context`` symbols, the oldest symbol counting most: (T - context + 1,)."""
    windows = codes.unfold(0, context, 1)
    return windows @ symbols ** torch.arange(context - 1, -1, -1)


def last_symbol_table(P: Tensor) -> Tensor:
    """The best table that sees only the last symbol of each pair, for pairs that are equally frequent.

    Parameters
    ----------
    P : Tensor (..., S ** 2, S)
        The true probabilities after each pair; row ``a * S + b`` follows symbol ``a``, then ``b``.

    Returns
    -------
    Tensor (..., S ** 2, S)
        Equal rows for equal last symbols.
    """
    symbols = P.shape[-1]
    averaged = P.unflatten(-2, (symbols, symbols)).mean(dim=-3, keepdim=True)
    return averaged.expand(*P.shape[:-2], symbols, symbols, symbols).flatten(-3, -2)
