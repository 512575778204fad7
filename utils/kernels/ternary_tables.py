"""The ternary product for many rows of x: sums are looked up, nothing is multiplied.

Four columns that share a byte have 3^4 = 81 possible sums. They are made once for 16 or 32 rows of x, each
from another by one addition, and serve every row of weights: a load and an addition give 64 or 128 products.
"""

from itertools import product

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from utils.kernels.simd import INT16, INT32, INT64

ENTRIES = 81
# Rows of x side by side, to bytes of a row of weights whose tables are held at a time: they fill half a
# first-level cache.
HELD = {16: 8, 32: 4}
STRIDE = 8  # bytes from one row's word of weights to the next one's


def table_bytes(lanes: int) -> int:
    """Bytes of all tables that are held at a time."""
    return HELD[lanes] * ENTRIES * 2 * lanes


def _pointer(builder, address, kind):
    return builder.inttoptr(address, kind.as_pointer())


@intrinsic(prefer_literal=True)
def build_tables(typing, lanes, x, step, tables):
    """Write the sums of all values of the bytes that are held at a time.

    Parameters
    ----------
    lanes : literal, a key of ``HELD``
    x : address of ``lanes`` int16, the entries of the first byte's first column; those of its other columns
        follow after ``step`` bytes each, those of the next byte's right behind
    tables : address of ``table_bytes(lanes)``: entry d + 3 e + 9 f + 27 g is for the digits d, e, f, g
    """

    def generate(context, builder, signature, arguments):
        write_tables(lanes.literal_value, builder, *arguments[1:])
        return context.get_dummy_value()

    return types.void(lanes, types.int64, types.int64, types.int64), generate


def write_tables(lanes: int, builder, x, step, tables):
    """The instructions of ``build_tables``."""
    sums = ir.VectorType(INT16, lanes)
    with cgutils.for_range(builder, INT64(HELD[lanes])) as loop:
        first = builder.add(x, builder.mul(loop.index, INT64(2 * lanes)))
        places = (builder.add(first, builder.mul(step, INT64(p))) for p in range(4))
        columns = [builder.load(_pointer(builder, place, sums), align=1) for place in places]
        table = builder.add(tables, builder.mul(loop.index, INT64(ENTRIES * 2 * lanes)))
        for number, value in _all_sums(builder, columns, sums):
            place = builder.add(table, INT64(2 * lanes * number))
            builder.store(value, _pointer(builder, place, sums), align=1)


def _all_sums(builder, columns, kind):
    """Number and sum of all digits: minus all columns, then one column more for each digit."""
    start = kind(None)
    for column in columns:
        start = builder.sub(start, column)
    found = {(0, 0, 0, 0): start}
    for digits in product(range(3), repeat=4):
        place = next((place for place, digit in enumerate(digits) if digit), None)
        if place is not None:
            before = (*digits[:place], digits[place] - 1, *digits[place + 1 :])
            found[digits] = builder.add(found[before], columns[place])
        yield sum(digit * 3**p for p, digit in enumerate(digits)), found[digits]


@intrinsic(prefer_literal=True)
def add_sums(typing, lanes, first, last, words, rows, tables, sums, totals):
    """Add the looked-up sums of some bytes of each row of weights.

    Parameters
    ----------
    lanes : literal, a key of ``HELD``, which says how many bytes
    first, last : literals, whether a block of bytes begins here, and whether it ends, so that its sums (at
        most 512 per byte: 63 bytes fit an int16) go into the totals
    words : address of the bytes of the first row; a row's follow ``STRIDE`` bytes after
    rows : number of rows
    tables : address of the tables
    sums, totals : addresses of ``lanes`` int16, and of ``lanes`` int32, per row
    """
    count, begins, ends = (part.literal_value for part in (lanes, first, last))
    kind, wide = ir.VectorType(INT16, count), ir.VectorType(INT32, count)

    def generate(context, builder, signature, arguments):
        words, rows, tables, sums, totals = arguments[3:]
        with cgutils.for_range(builder, rows) as loop:
            row = builder.mul(loop.index, INT64(2 * count))
            slot = _pointer(builder, builder.add(sums, row), kind)
            total = kind(None) if begins else builder.load(slot, align=1)
            word = _word(builder, builder.add(words, builder.mul(loop.index, INT64(STRIDE))), HELD[count])
            for k in range(HELD[count]):
                table = builder.add(tables, INT64(k * ENTRIES * 2 * count))
                entry = builder.add(table, _entry(builder, word, k, 2 * count))
                total = builder.add(total, builder.load(_pointer(builder, entry, kind), align=1))
            if ends:
                place = _pointer(builder, builder.add(totals, builder.shl(row, INT64(1))), wide)
                total = builder.add(builder.load(place, align=1), builder.sext(total, wide))
                slot = place
            builder.store(total, slot, align=1)
        return context.get_dummy_value()

    return types.void(lanes, first, last, *[types.int64] * 5), generate


def _word(builder, address, size):
    kind = ir.IntType(8 * size)
    return builder.zext(builder.load(_pointer(builder, address, kind), align=1), INT64)


def _entry(builder, word, k, size):
    """Byte ``k`` of the word times the size of an entry: it is shifted to where it counts entries."""
    shift = 8 * k - (size.bit_length() - 1)
    moved = builder.lshr(word, INT64(shift)) if shift > 0 else builder.shl(word, INT64(-shift))
    return builder.and_(moved, INT64(255 * size))
