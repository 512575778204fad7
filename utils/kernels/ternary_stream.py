"""The inner loop of the ternary product for few rows of x: four rows of weights as one stream of bytes.

Numba writes no byte products, so ``tile_dots`` writes the loop as LLVM instructions. The two bits of a code
are masked where they are (``0x03`` and ``0x0C``), which spares shifts; codes masked by ``0x0C`` count
fourfold and have sums of their own, which are divided by four at the end.
"""

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from utils.kernels.simd import BYTE, INT16, INT32, INT64, call
from utils.kernels.ternary_pack import TILE_LANES, TILE_ROWS

CHUNK = TILE_ROWS * TILE_LANES  # bytes of a chunk: 128 columns of four rows
PLANES = 4  # codes of a byte
# Bytes of a vector.
WIDTHS = {"vnni512": 64, "vnni256": 32, "avxvnni": 32, "avx2": 32, "dotprod": 16, "portable": 16}
# Chunks whose products of pairs fit in an int16: 8 * 2 * 8 * 2 * 128 = 2^15, reached below zero only.
LONGEST = 8
AHEAD = 2048  # bytes that are asked for before their turn


@intrinsic(prefer_literal=True)
def tile_dots(typing, instructions, weights, x, chunks, sums):
    """``sums[r] = sum of digit * x`` of four rows, the digits 0, 1, 2 (so ``x.sum()`` is to be taken off).

    Parameters
    ----------
    instructions : literal string, a key of ``WIDTHS``
    weights, x, sums : addresses of chunks of packed weights, of 128 int8 per chunk, and of four int32
    """
    written = writer(instructions.literal_value)
    signature = types.void(instructions, *[types.int64] * 4)

    def generate(context, builder, signature, arguments):
        written.write(builder, *arguments[1:])
        return context.get_dummy_value()

    return signature, generate


def writer(instructions: str) -> "_Writer":
    """What writes the loop with these instructions."""
    return (_Pairs if instructions == "avx2" else _Dots)(instructions)


class _Writer:
    """What both ways to multiply share: loads, digits and the last sums."""

    def __init__(self, instructions: str):
        self.instructions = instructions
        self.width = WIDTHS[instructions]
        self.bytes = ir.VectorType(BYTE, self.width)
        self.halves = ir.VectorType(INT16, self.width // 2)
        self.words = ir.VectorType(INT32, self.width // 4)
        # (byte in the chunk, byte in a plane of x, sums that it belongs to): a wide vector holds two rows.
        self.parts = [
            (at, at % TILE_LANES, at // max(TILE_LANES, self.width)) for at in range(0, CHUNK, self.width)
        ]
        self.groups = 1 + self.parts[-1][2]

    def load(self, builder, address, offset, kind):
        pointer = builder.inttoptr(builder.add(address, INT64(offset)), kind.as_pointer())
        return builder.load(pointer, align=1)

    def plane(self, builder, x, plane, start):
        """32 activations (or 16 of them), twice in a vector that holds two rows."""
        narrow = ir.VectorType(BYTE, min(self.width, TILE_LANES))
        values = self.load(builder, x, TILE_LANES * plane + start, narrow)
        if self.width <= TILE_LANES:
            return values
        order = ir.Constant(ir.VectorType(INT32, self.width), [i % TILE_LANES for i in range(self.width)])
        return builder.shuffle_vector(values, values, order)

    def digits(self, builder, packed):
        """The codes of the four planes; those of planes 1 and 3 fourfold."""
        shifted = builder.lshr(packed, ir.Constant(self.halves, [4] * (self.width // 2)))
        for word in (packed, shifted):
            for mask in (0x0303, 0x0C0C):
                masked = builder.and_(word, ir.Constant(self.halves, [mask] * (self.width // 2)))
                yield builder.bitcast(masked, self.bytes)

    def sums(self, builder, count, kind):
        """Vectors of zeros, which LLVM keeps in registers."""
        return [cgutils.alloca_once_value(builder, kind(None)) for _ in range(count)]

    def clear(self, builder, sums):
        for slot in sums:
            builder.store(slot.type.pointee(None), slot)

    def finish(self, builder, totals, address):
        """Four sums from vectors that hold every sum fourfold."""
        for group, slot in enumerate(totals):
            total = builder.ashr(builder.load(slot), ir.Constant(self.words, [2] * (self.width // 4)))
            rows = TILE_ROWS // self.groups
            lanes = self.width // 4 // rows
            for row in range(rows):
                order = ir.Constant(ir.VectorType(INT32, lanes), list(range(row * lanes, (row + 1) * lanes)))
                part = builder.shuffle_vector(total, total, order)
                value = call(builder, f"llvm.vector.reduce.add.v{lanes}i32", INT32, part)
                place = builder.add(address, INT64(4 * (group * rows + row)))
                builder.store(value, builder.inttoptr(place, INT32.as_pointer()))

    def prefetch(self, builder, weights):
        for line in range(0, CHUNK, 64):
            ahead = builder.inttoptr(builder.add(weights, INT64(AHEAD + line)), BYTE.as_pointer())
            call(builder, "llvm.prefetch.p0i8", ir.VoidType(), ahead, INT32(0), INT32(3), INT32(1))


class _Dots(_Writer):
    """With an instruction that adds four products of bytes to an int32, or several that do."""

    def write(self, builder, weights, x, chunks, sums):
        once, fourfold = (self.sums(builder, self.groups, self.words) for _ in range(2))
        self.clear(builder, once + fourfold)
        with cgutils.for_range(builder, chunks) as loop:
            at = builder.add(weights, builder.mul(loop.index, INT64(CHUNK)))
            columns = builder.add(x, builder.mul(loop.index, INT64(CHUNK)))
            self.prefetch(builder, at)
            for start, lane, group in self.parts:
                packed = self.load(builder, at, start, self.halves)
                for plane, digits in enumerate(self.digits(builder, packed)):
                    slot = (once, fourfold)[plane % 2][group]
                    values = self.plane(builder, columns, plane, lane)
                    builder.store(self.dot(builder, builder.load(slot), digits, values), slot)
        for plain, more in zip(once, fourfold, strict=True):
            shifted = builder.shl(builder.load(plain), ir.Constant(self.words, [2] * (self.width // 4)))
            builder.store(builder.add(shifted, builder.load(more)), more)
        self.finish(builder, fourfold, sums)

    def dot(self, builder, total, digits, values):
        if self.instructions == "portable":
            return self.products(builder, total, digits, values)
        if self.instructions == "dotprod":
            return call(builder, "llvm.aarch64.neon.sdot.v4i32.v16i8", self.words, total, digits, values)
        digits, values = (builder.bitcast(word, self.words) for word in (digits, values))
        name = f"llvm.x86.avx512.vpdpbusd.{8 * self.width}"
        return call(builder, name, self.words, total, digits, values)

    def products(self, builder, total, digits, values):
        """Sixteen products (12 * 128 at most) and their sums by fours, on any machine that LLVM knows."""
        kind = ir.VectorType(INT16, self.width)
        product = builder.mul(builder.zext(digits, kind), builder.sext(values, kind))
        for part in range(0, self.width, 4):
            order = ir.Constant(ir.VectorType(INT32, 4), list(range(part, part + 4)))
            four = builder.shuffle_vector(product, product, order)
            total = builder.add(total, builder.sext(four, self.words))
        return total


class _Pairs(_Writer):
    """With AVX2: products of bytes are added in pairs to an int16, and widened after ``LONGEST`` chunks."""

    def write(self, builder, weights, x, chunks, sums):
        totals = self.sums(builder, self.groups, self.words)
        once, fourfold = (self.sums(builder, self.groups, self.halves) for _ in range(2))
        self.clear(builder, totals)
        with cgutils.for_range_slice(builder, INT64(0), chunks, INT64(LONGEST), INT64) as (first, _):
            self.clear(builder, once + fourfold)
            left = builder.sub(chunks, first)
            count = builder.select(builder.icmp_signed("<", left, INT64(LONGEST)), left, INT64(LONGEST))
            with cgutils.for_range(builder, count) as loop:
                offset = builder.mul(builder.add(first, loop.index), INT64(CHUNK))
                self.chunk(builder, builder.add(weights, offset), builder.add(x, offset), once, fourfold)
            for total, plain, more in zip(totals, once, fourfold, strict=True):
                four, one = self.widened(builder, plain, 4), self.widened(builder, more, 1)
                builder.store(builder.add(builder.load(total), builder.add(four, one)), total)
        self.finish(builder, totals, sums)

    def chunk(self, builder, weights, x, once, fourfold):
        self.prefetch(builder, weights)
        values = [self.plane(builder, x, plane, 0) for plane in range(PLANES)]
        for start, _, group in self.parts:
            packed = self.load(builder, weights, start, self.halves)
            digits = list(self.digits(builder, packed))
            for slot, planes in ((once[group], (0, 2)), (fourfold[group], (1, 3))):
                pairs = [self.pairs(builder, digits[plane], values[plane]) for plane in planes]
                builder.store(builder.add(builder.load(slot), builder.add(*pairs)), slot)

    def pairs(self, builder, digits, values):
        return call(builder, "llvm.x86.avx2.pmadd.ub.sw", self.halves, digits, values)

    def widened(self, builder, slot, factor):
        factors = ir.Constant(self.halves, [factor] * (self.width // 2))
        return call(builder, "llvm.x86.avx2.pmadd.wd", self.words, builder.load(slot), factors)
