"""Pairs of students whose code agrees far more than the task explains; who wrote it, no program can say."""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

TOKENS = 25  # shorter pieces are common to everybody
LEAST_PIECES, LEAST_SHARE = 40, 0.5


@dataclass(frozen=True)
class Pair:
    """Two students and the share of the smaller one's own pieces of code that both have."""

    first: str
    second: str
    share: float
    pieces: int


def pairs(codes: dict[str, str], known: list[str]) -> list[Pair]:
    """The pairs that agree most, most alike first.

    Parameters
    ----------
    codes
        The code of each student.
    known
        What everybody may have: the scaffold, the published solution.

    Notes
    -----
    Names, comments and layout do not count: pieces are overlapping runs of tokens, made by copydetect.
    A piece that a tenth of a class has is taken for common knowledge.
    """
    ignored = {piece for code in known for piece in _pieces(code)}
    own = {who: _pieces(code) - ignored for who, code in codes.items()}
    owners = Counter(piece for pieces in own.values() for piece in pieces)
    common = {piece for piece, count in owners.items() if count > max(3, len(codes) / 10)}
    own = {who: pieces - common for who, pieces in own.items()}
    found = [Pair(a, b, shared / least, shared) for a, b, shared, least in _overlaps(own)]
    return sorted(found, key=lambda pair: (-pair.share, -pair.pieces, pair.first, pair.second))


def _pieces(code: str) -> frozenset[int]:
    from copydetect import CodeFingerprint

    if not code.strip():
        return frozenset()
    return frozenset(CodeFingerprint("answer.py", TOKENS, 1, fp=io.StringIO(code)).hashes)


def _overlaps(own: dict[str, frozenset[int]]) -> Iterator[tuple[str, str, int, int]]:
    """Pairs that share enough, found from the pieces that more than one student has."""
    owners: dict[int, list[str]] = {}
    for who, pieces in own.items():
        for piece in pieces:
            owners.setdefault(piece, []).append(who)
    shared = Counter(pair for who in owners.values() if len(who) > 1 for pair in combinations(sorted(who), 2))
    for (a, b), count in shared.items():
        least = min(len(own[a]), len(own[b]))
        if count >= LEAST_PIECES and count >= LEAST_SHARE * least:
            yield a, b, count, least
