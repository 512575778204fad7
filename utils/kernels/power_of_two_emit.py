"""What both vector loops of the power-of-two kernel share: tiles of sums, codes out of bytes."""

from functools import reduce
from itertools import chain, product

from llvmlite import ir
from numba.core import cgutils

from utils.kernels.power_of_two_pack import GROUPS, LANES
from utils.kernels.simd import INT32, INT64

# Sums of a single product that are added only at the end: an addition waits for the one before it.
CHAINS = 4
# Rows of weights ahead that are prefetched.
AHEAD = 4


class Emitter:
    """Writes the loop over blocks for one tile of TILE (or one) by TILE (or one) sums."""

    def __init__(self, instructions: str, bits: int):
        self.instructions, self.bits = instructions, bits
        self.width = 64 if instructions == "vnni512" else 32
        self.words = ir.VectorType(INT32, self.width // 4)
        self.size, self.codes = GROUPS[bits]
        self.largest = 2 ** (2 ** (bits - 1) - 1)

    def tile(self, builder, data, x, sums, blocks, rows_b, rows_r):
        """Zero the sums, run over all blocks, store them; ``rows_b`` and ``rows_r`` are (first, number)."""
        b, r = ([builder.add(first, INT64(i)) for i in range(count)] for first, count in (rows_b, rows_r))
        zero = ir.Constant(self.sums, None)
        parts = 1 if len(b) * len(r) > 1 else CHAINS
        totals = {
            key: [cgutils.alloca_once_value(builder, zero) for _ in range(parts)] for key in product(b, r)
        }
        for total in chain(*totals.values()):  # a slot is allocated once but the tile runs many times
            builder.store(zero, total)
        full, lanes = blocks
        shorter = builder.zext(builder.icmp_signed(">", lanes, INT64(0)), INT64)
        with cgutils.for_range(builder, builder.add(full, shorter)) as loop:
            whole = builder.icmp_signed("<", loop.index, full)
            width = builder.select(whole, INT64(LANES), lanes)
            self._block(builder, data, x, loop.index, width, totals, b, r)
        for (i, j), parts in totals.items():
            total = reduce(lambda a, b: self.plus(builder, a, b), map(builder.load, parts))
            address = builder.bitcast(sums.address(builder, i, j), self.number.as_pointer())
            builder.store(self.reduce(builder, total), address)

    def _block(self, builder, data, x, block, lanes, totals, b, r):
        start = builder.mul(block, INT64(LANES * self.size))
        column = builder.mul(block, INT64(LANES * self.codes))
        at = [builder.add(start, builder.mul(lanes, INT64(g))) for g in range(self.size)]
        for row, byte in product(r, at):
            data.prefetch(builder, builder.add(row, INT64(AHEAD)), byte)
        for lane in range(0, LANES, self.width):
            # Generators: weights are unpacked just before they are used, or they would spill to the stack.
            columns = [builder.add(g, INT64(lane)) for g in at]
            packed = [[data.load(builder, row, byte, self.words) for byte in columns] for row in r]
            parts = [self.weights(builder, self.codes_of(builder, registers)) for registers in packed]
            for number, place in enumerate(self.places(lane)):
                here = builder.add(column, INT64(place))
                values = [x.load(builder, i, here, self.words) for i in b]
                for j, part in zip(r, parts, strict=True):
                    weight = next(part)
                    for i, value in zip(b, values, strict=True):
                        total = totals[i, j][number % len(totals[i, j])]
                        builder.store(self.add(builder, builder.load(total), weight, value), total)

    def codes_of(self, builder, registers):
        """Vectors with one code in the low bits of each byte; whatever stands above it is the caller's."""
        for register in registers:
            for p in range(8 // self.bits):
                yield self.shift(builder, register, self.bits * p)
        if self.bits == 3:
            signs = registers[2]
            for exponent, shift in ((registers[0], 4), (registers[1], 5)):
                low = builder.and_(self.shift(builder, exponent, 6), self.every_byte(3))
                high = builder.and_(self.shift(builder, signs, shift), self.every_byte(4))
                yield builder.or_(low, high)

    def shift(self, builder, vector, count):
        """Each word moved right by ``count`` bits."""
        return builder.lshr(vector, self.splat(count)) if count else vector

    def splat(self, value):
        """A vector with the same word everywhere."""
        return ir.Constant(self.words, [value] * (self.width // 4))

    def every_byte(self, value):
        """A vector with the same byte everywhere."""
        return self.splat(value * 0x01010101)


def levels(bits: int) -> list[int]:
    """The weight of every code: exponents count up, first positive, then negative."""
    powers = [2**exponent for exponent in range(2 ** (bits - 1))]
    return powers + [-power for power in powers]
