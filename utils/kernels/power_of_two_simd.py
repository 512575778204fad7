"""The inner loops of the power-of-two CPU kernel as vector instructions, which Numba alone does not emit.

``tiles`` is a Numba intrinsic: called inside a compiled function, it writes LLVM instructions there. Weights
come from a table in a register: one shuffle looks up 64 bytes, or 16 floats, at once.
"""

from functools import reduce
from itertools import chain, product

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from utils.kernels.power_of_two_pack import GROUPS, LANES

BYTE, INT32, INT64, FLOAT = ir.IntType(8), ir.IntType(32), ir.IntType(64), ir.FloatType()
# Rows of weights and rows of activations that share their loads: 16 sums stay in registers.
TILE = 4
# Sums of a single product that are added only at the end: an addition waits for the one before it.
CHAINS = 4
# Rows of weights ahead that are prefetched.
AHEAD = 4
# The kernel reads whole registers, so up to this many bytes beyond a row's end (multiplied by zeros).
BEYOND = LANES


@intrinsic(prefer_literal=True)
def tiles(typing, instructions, levels, data, x, blocks, lanes, first, last, sums):
    """``sums[b, r] = sum of weight * x[b]``, for rows first <= r < last.

    Parameters
    ----------
    instructions : literal string, see ``cpu.instruction_sets``
    levels : the tuple of all weights; its length tells the bits (as a type, so each has its own code)
    data : uint8 array (N, bytes), C order, with ``BEYOND`` readable bytes after its end
    x : int8 or float32 array (B, blocks * codes * LANES), arranged and padded with zeros as by ``_arrange``
    blocks, lanes : number of full blocks, and the lanes of the shorter one after them (0: there is none)
    sums : int32 or float32 array (B, N), C order. The bytes' weights are raised by the largest one, so the
        caller subtracts ``max(levels) * x[b].sum()`` from int32 sums.
    """
    kind = _Floats if x.dtype == types.float32 else _Bytes
    emit = kind(instructions.literal_value, levels.count.bit_length() - 1)
    long = types.intp
    signature = types.void(instructions, levels, data, x, long, long, long, long, sums)

    def generate(context, builder, signature, arguments):
        _, _, data, x, blocks, lanes, first, last, sums = arguments
        arrays = [
            _Matrix(context, builder, kind, value)
            for kind, value in zip((signature.args[i] for i in (2, 3, 8)), (data, x, sums), strict=True)
        ]
        for start, stop, step in _ranges(builder, INT64(0), arrays[1].length):
            # A single row of activations has little to share: one row of weights then streams best.
            for low, high, rows in _ranges(builder, first, last) if step > 1 else [(first, last, 1)]:
                with (
                    cgutils.for_range_slice(builder, start, stop, INT64(step), INT64) as (b, _),
                    cgutils.for_range_slice(builder, low, high, INT64(rows), INT64) as (r, _),
                ):
                    emit.tile(builder, *arrays, (blocks, lanes), (b, step), (r, rows))
        return context.get_dummy_value()

    return signature, generate


class _Matrix:
    """Addresses inside a two-dimensional C-ordered array."""

    def __init__(self, context, builder, kind, value):
        array = context.make_array(kind)(context, builder, value)
        self.start = builder.bitcast(array.data, BYTE.as_pointer())
        self.length = cgutils.unpack_tuple(builder, array.shape)[0]
        self.row_stride, self.item = cgutils.unpack_tuple(builder, array.strides)

    def address(self, builder, row, column):
        offset = builder.add(builder.mul(row, self.row_stride), builder.mul(column, self.item))
        return builder.gep(self.start, [offset])


class _Emitter:
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
            self._prefetch(builder, data, builder.add(row, INT64(AHEAD)), byte)
        for lane in range(0, LANES, self.width):
            # Generators: weights are unpacked just before they are used, or they would spill to the stack.
            packed = [[self._load(builder, data, row, builder.add(g, INT64(lane))) for g in at] for row in r]
            parts = [self.weights(builder, self._codes(builder, registers)) for registers in packed]
            for number, place in enumerate(self.places(lane)):
                here = builder.add(column, INT64(place))
                values = [self._load(builder, x, i, here) for i in b]
                for j, part in zip(r, parts, strict=True):
                    weight = next(part)
                    for i, value in zip(b, values, strict=True):
                        total = totals[i, j][number % len(totals[i, j])]
                        builder.store(self.add(builder, builder.load(total), weight, value), total)

    def _prefetch(self, builder, data, row, byte):
        """Ask for the same block of the next tile's rows: the hardware does not foresee a jump of a row."""
        read, keep, into_data_cache = INT32(0), INT32(3), INT32(1)
        address = data.address(builder, row, byte)
        _call(builder, "llvm.prefetch.p0i8", ir.VoidType(), address, read, keep, into_data_cache)

    def _load(self, builder, matrix, row, column):
        pointer = builder.bitcast(matrix.address(builder, row, column), self.words.as_pointer())
        return builder.load(pointer, align=1)

    def _codes(self, builder, registers):
        """Vectors with one code in the low bits of each byte; whatever stands above it is the caller's."""
        for register in registers:
            for p in range(8 // self.bits):
                yield self._shift(builder, register, self.bits * p)
        if self.bits == 3:
            signs = registers[2]
            for exponent, shift in ((registers[0], 4), (registers[1], 5)):
                low = builder.and_(self._shift(builder, exponent, 6), self._every_byte(3))
                high = builder.and_(self._shift(builder, signs, shift), self._every_byte(4))
                yield builder.or_(low, high)

    def _shift(self, builder, vector, count):
        return builder.lshr(vector, self._splat(count)) if count else vector

    def _splat(self, value):
        return ir.Constant(self.words, [value] * (self.width // 4))

    def _every_byte(self, value):
        return self._splat(value * 0x01010101)


class _Bytes(_Emitter):
    """int8 activations: weights raised by the largest are unsigned bytes, so one ``vpdpbusd`` takes 64."""

    number = INT32

    @property
    def sums(self):
        return self.words

    def places(self, lane):
        return [p * LANES + lane for p in range(self.codes)]

    def weights(self, builder, codes):
        tables = [self._table(values) for values in self._raised()]
        shuffle = f"llvm.x86.{'avx512.pshuf.b.512' if self.width == 64 else 'avx2.pshuf.b'}"
        kind = ir.VectorType(BYTE, self.width)
        for code in codes:
            code = builder.and_(code, self._every_byte(2**self.bits - 1))
            index = builder.bitcast(code, kind)
            yield [builder.bitcast(_call(builder, shuffle, kind, t, index), self.words) for t in tables]

    def _raised(self):
        """Tables of weight + largest. With 4 bits that is up to 256, too much for a byte: it is split in two
        parts of at most 128, whose products also fit in the int16 pairs of AVX2."""
        whole = [weight + self.largest for weight in levels(self.bits)]
        if self.bits < 4:
            return [whole]
        return [[min(value, 128) for value in whole], [max(value - 128, 0) for value in whole]]

    def _table(self, values):
        repeated = values * (self.width // len(values))
        return ir.Constant(ir.VectorType(BYTE, self.width), repeated)

    def add(self, builder, total, weights, value):
        for weight in weights:
            total = (self._dot_avx2 if self.instructions == "avx2" else self._dot_vnni)(
                builder, total, weight, value
            )
        return total

    def _dot_vnni(self, builder, total, weight, value):
        return _call(builder, f"llvm.x86.avx512.vpdpbusd.{8 * self.width}", self.words, total, weight, value)

    def _dot_avx2(self, builder, total, weight, value):
        """Pairs in int16 (from -2 * 128 * 128 to 2 * 128 * 127: no saturation), then fours in int32."""
        halves, kind = ir.VectorType(ir.IntType(16), 16), ir.VectorType(BYTE, 32)
        weight, value = (builder.bitcast(word, kind) for word in (weight, value))
        pairs = _call(builder, "llvm.x86.avx2.pmadd.ub.sw", halves, weight, value)
        ones = ir.Constant(halves, [1] * 16)
        return builder.add(total, _call(builder, "llvm.x86.avx2.pmadd.wd", self.words, pairs, ones))

    @staticmethod
    def plus(builder, one, other):
        return builder.add(one, other)

    def reduce(self, builder, word):
        return _call(builder, f"llvm.vector.reduce.add.v{self.width // 4}i32", INT32, word)


class _Floats(_Emitter):
    """float32 activations: byte ``c`` of every 32-bit word is shifted down and looks up its float."""

    number = FLOAT

    @property
    def sums(self):
        return ir.VectorType(FLOAT, self.width // 4)

    def places(self, lane):
        return [p * LANES + c * (LANES // 4) + lane // 4 for p in range(self.codes) for c in range(4)]

    def weights(self, builder, codes):
        for code in codes:
            for c in range(4):
                yield self._look_up(builder, self._shift(builder, code, 8 * c))

    def _look_up(self, builder, code):
        """The shuffles look at the low 4 (or 3) bits of each word, so shorter codes need repeated tables."""
        entries = self.width // 4
        values = levels(self.bits)
        table = ir.Constant(self.sums, [float(value) for value in (values * entries)[:entries]])
        shuffle = "llvm.x86.avx512.permvar.sf.512" if entries == 16 else "llvm.x86.avx2.permps"
        weight = _call(builder, shuffle, self.sums, table, code)
        if len(values) <= entries:
            return weight
        sign = builder.and_(builder.shl(code, self._splat(28)), self._splat(0x80000000))
        return builder.bitcast(builder.xor(builder.bitcast(weight, self.words), sign), self.sums)

    def add(self, builder, total, weight, value):
        """A multiply-add ("contract" lets LLVM fuse the two)."""
        value = builder.bitcast(value, self.sums)
        product = builder.fmul(weight, value, flags=("contract",))
        return builder.fadd(total, product, flags=("contract",))

    @staticmethod
    def plus(builder, one, other):
        return builder.fadd(one, other)

    def reduce(self, builder, word):
        name = f"llvm.vector.reduce.fadd.v{self.width // 4}f32"
        return _call(builder, name, FLOAT, FLOAT(-0.0), word, fastmath=("reassoc",))


def levels(bits: int) -> list[int]:
    """The weight of every code: exponents count up, first positive, then negative."""
    powers = [2**exponent for exponent in range(2 ** (bits - 1))]
    return powers + [-power for power in powers]


def _call(builder, name, result, *arguments, fastmath=()):
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    function = cgutils.get_or_insert_function(builder.module, kind, name)
    return builder.call(function, arguments, fastmath=fastmath)


def _ranges(builder, first, last):
    """(start, stop, step): whole tiles, then the remaining rows one by one."""
    count = builder.sub(last, first)
    middle = builder.add(first, builder.mul(builder.sdiv(count, INT64(TILE)), INT64(TILE)))
    return [(first, middle, TILE), (middle, last, 1)]


@njit(cache=True, nogil=True)
def tiles_vnni512(levels, data, x, blocks, lanes, first, last, sums):
    tiles("vnni512", levels, data, x, blocks, lanes, first, last, sums)


@njit(cache=True, nogil=True)
def tiles_vnni256(levels, data, x, blocks, lanes, first, last, sums):
    tiles("vnni256", levels, data, x, blocks, lanes, first, last, sums)


@njit(cache=True, nogil=True)
def tiles_avx2(levels, data, x, blocks, lanes, first, last, sums):
    tiles("avx2", levels, data, x, blocks, lanes, first, last, sums)


# Beside the emitter on purpose: Numba's cache on disk notices changes of the caller's own file only.
TILES = {"vnni512": tiles_vnni512, "vnni256": tiles_vnni256, "avx2": tiles_avx2}
