"""What the kernels written as LLVM instructions share: addresses, loads, prefetches, calls, tiles of rows."""

from llvmlite import ir
from numba.core import cgutils

BYTE, INT16, INT32, INT64, FLOAT = *(ir.IntType(bits) for bits in (8, 16, 32, 64)), ir.FloatType()
# Rows of weights and rows of activations that share their loads: 16 sums stay in registers.
TILE = 4


class Matrix:
    """Addresses inside a two-dimensional C-ordered array."""

    def __init__(self, context, builder, kind, value):
        array = context.make_array(kind)(context, builder, value)
        self.start = builder.bitcast(array.data, BYTE.as_pointer())
        self.length = cgutils.unpack_tuple(builder, array.shape)[0]
        self.row_stride, self.item = cgutils.unpack_tuple(builder, array.strides)

    def address(self, builder, row, column):
        """Pointer to an item of the array."""
        offset = builder.add(builder.mul(row, self.row_stride), builder.mul(column, self.item))
        return builder.gep(self.start, [offset])

    def load(self, builder, row, column, words):
        """The vector of type ``words`` that begins at an element, wherever that lies."""
        return builder.load(builder.bitcast(self.address(builder, row, column), words.as_pointer()), align=1)

    def prefetch(self, builder, row, column):
        """Ask for an element's cache line: the hardware does not foresee a jump of a row."""
        prefetch_line(builder, self.address(builder, row, column))


def prefetch_line(builder, address):
    """Ask for the cache line of a pointer to bytes, to read it, and to keep it."""
    read, keep, into_data_cache = INT32(0), INT32(3), INT32(1)
    call(builder, "llvm.prefetch.p0i8", ir.VoidType(), address, read, keep, into_data_cache)


def call(builder, name, result, *arguments, fastmath=()):
    """Emit a call of a function by its name."""
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    function = cgutils.get_or_insert_function(builder.module, kind, name)
    return builder.call(function, arguments, fastmath=fastmath)


def ranges(builder, first, last):
    """(start, stop, step): whole tiles, then the remaining rows one by one."""
    count = builder.sub(last, first)
    middle = builder.add(first, builder.mul(builder.sdiv(count, INT64(TILE)), INT64(TILE)))
    return [(first, middle, TILE), (middle, last, 1)]
