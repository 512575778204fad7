"""The inner loops of the base-3 CPU kernel as vector instructions, which Numba alone does not emit.

``tiles`` is a Numba intrinsic: called inside a compiled function, it writes LLVM instructions there.
"""

from itertools import product

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from utils.kernels.jit import njit
from utils.kernels.simd import BYTE, INT16, INT32, INT64, TILE, Matrix, call, ranges
from utils.kernels.ternary_pack import LANES, PER_BYTE


@intrinsic(prefer_literal=True)
def tiles(typing, instructions, data, x, blocks, first, last, sums):
    """``sums[b, r] = sum of digit * x[b]`` over the first blocks of columns, for rows first <= r < last.

    The digits are 0, 1, 2, so the caller subtracts ``x[b].sum()`` once to get the ternary product.

    Parameters
    ----------
    instructions : literal string, see ``cpu.instruction_sets``
    data : uint8 array (N, bytes), C order; x : int8 array (B, K), C order
    blocks : number of full blocks of LANES bytes; sums : int32 array (B, N), C order
    """
    emit = _Emitter(instructions.literal_value)
    signature = types.void(instructions, data, x, types.intp, types.intp, types.intp, sums)

    def generate(context, builder, signature, arguments):
        _, data, x, blocks, first, last, sums = arguments
        arrays = [
            Matrix(context, builder, kind, value)
            for kind, value in zip((signature.args[i] for i in (1, 2, 6)), (data, x, sums), strict=True)
        ]
        batch = arrays[1].length
        for (start, stop, step), (low, high, rows) in product(
            ranges(builder, INT64(0), batch), ranges(builder, first, last)
        ):
            with (
                cgutils.for_range_slice(builder, start, stop, INT64(step), INT64) as (b, _),
                cgutils.for_range_slice(builder, low, high, INT64(rows), INT64) as (r, _),
            ):
                emit.tile(builder, *arrays, blocks, (b, step), (r, rows))
        return context.get_dummy_value()

    return signature, generate


class _Emitter:
    """Writes the loop over blocks for one tile of TILE (or one) by TILE (or one) sums."""

    def __init__(self, instructions: str):
        self.width = 64 if instructions == "vnni512" else 32
        self.words = ir.VectorType(INT32, self.width // 4)
        self.bytes = ir.VectorType(BYTE, self.width)
        self.dot = self._dot_avx2 if instructions == "avx2" else self._dot_vnni
        self.per_byte = PER_BYTE["base3"]

    def tile(self, builder, data, x, sums, blocks, batch, rows):
        b, r = ([builder.add(start, INT64(i)) for i in range(count)] for start, count in (batch, rows))
        zero = self._splat(0)
        totals = {key: cgutils.alloca_once_value(builder, zero) for key in product(b, r)}
        for total in totals.values():  # the slot is allocated once but the tile runs many times
            builder.store(zero, total)
        with cgutils.for_range(builder, blocks) as loop:
            self._prefetch_next(builder, data, loop.index, r)
            for lane in range(0, LANES, self.width):
                self._block(builder, data, x, loop.index, lane, totals, b, r)
        for (i, j), total in totals.items():
            address = builder.bitcast(sums.address(builder, i, j), INT32.as_pointer())
            builder.store(self._sum(builder, builder.load(total)), address)

    def _prefetch_next(self, builder, data, block, r):
        """Ask for the same block of the next tile's rows."""
        for row in r:
            ahead = builder.add(row, INT64(TILE))
            data.prefetch(builder, ahead, builder.mul(block, INT64(LANES)))

    def _block(self, builder, data, x, block, lane, totals, b, r):
        byte = builder.add(builder.mul(block, INT64(LANES)), INT64(lane))
        column = builder.add(builder.mul(block, INT64(LANES * self.per_byte)), INT64(lane))
        # Generators: a digit is unpacked just before it is used, or all planes would spill to the stack.
        digits = [self._digits(builder, data.load(builder, row, byte, self.words)) for row in r]
        for plane in range(self.per_byte):
            at = builder.add(column, INT64(plane * LANES))
            values = [x.load(builder, i, at, self.words) for i in b]
            for j, planes in zip(r, digits, strict=True):
                digit = next(planes)
                for i, value in zip(b, values, strict=True):
                    total = totals[i, j]
                    builder.store(self.dot(builder, builder.load(total), digit, value), total)

    def _splat(self, value: int):
        return ir.Constant(self.words, [value] * (self.width // 4))

    def _digits(self, builder, packed):
        """Five vectors of digits.

        Three times a byte carries its top digit into the next byte, so the even and the odd bytes are held
        apart in 16-bit halves, and their carries put side by side again.
        """
        halves = ir.VectorType(INT16, self.width // 2)
        low, high, three, eight = (self._halves(value) for value in (0x00FF, 0xFF00, 3, 8))
        packed = builder.bitcast(packed, halves)
        even, odd = builder.and_(packed, low), builder.lshr(packed, eight)
        for _ in range(5):
            even, odd = builder.mul(even, three), builder.mul(odd, three)
            digits = builder.or_(builder.lshr(even, eight), builder.and_(odd, high))
            yield builder.bitcast(digits, self.words)
            even, odd = builder.and_(even, low), builder.and_(odd, low)

    def _halves(self, value: int):
        return ir.Constant(ir.VectorType(INT16, self.width // 2), [value] * (self.width // 2))

    def _dot_vnni(self, builder, total, digits, values):
        name = f"llvm.x86.avx512.vpdpbusd.{8 * self.width}"
        return call(builder, name, self.words, total, digits, values)

    def _dot_avx2(self, builder, total, digits, values):
        """Pairs in int16 (at most 2 * 2 * 128, far from saturation), then fours in int32."""
        halves = ir.VectorType(INT16, self.width // 2)
        digits, values = (builder.bitcast(word, self.bytes) for word in (digits, values))
        pairs = call(builder, "llvm.x86.avx2.pmadd.ub.sw", halves, digits, values)
        fours = call(builder, "llvm.x86.avx2.pmadd.wd", self.words, pairs, self._halves(1))
        return builder.add(total, fours)

    def _sum(self, builder, word):
        return call(builder, f"llvm.vector.reduce.add.v{self.width // 4}i32", INT32, word)


def _tiles(instructions: str):
    @njit(cache=True, nogil=True)
    def run(data, x, blocks, first, last, sums):
        tiles(instructions, data, x, blocks, first, last, sums)

    return run


TILES = {name: _tiles(name) for name in ("vnni512", "vnni256", "avx2")}
