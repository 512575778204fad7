"""The inner loops of the power-of-two CPU kernel as vector instructions, which Numba alone does not emit.

``tiles`` is a Numba intrinsic: called inside a compiled function, it writes LLVM instructions there. Weights
come from a table in a register: one shuffle looks up 64 bytes, or 16 floats, at once.
"""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from utils.kernels.jit import njit
from utils.kernels.power_of_two_emit import Emitter, levels
from utils.kernels.power_of_two_pack import LANES
from utils.kernels.simd import BYTE, FLOAT, INT32, INT64, Matrix, call, ranges

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
            Matrix(context, builder, kind, value)
            for kind, value in zip((signature.args[i] for i in (2, 3, 8)), (data, x, sums), strict=True)
        ]
        for start, stop, step in ranges(builder, INT64(0), arrays[1].length):
            # A single row of activations has little to share: one row of weights then streams best.
            for low, high, rows in ranges(builder, first, last) if step > 1 else [(first, last, 1)]:
                with (
                    cgutils.for_range_slice(builder, start, stop, INT64(step), INT64) as (b, _),
                    cgutils.for_range_slice(builder, low, high, INT64(rows), INT64) as (r, _),
                ):
                    emit.tile(builder, *arrays, (blocks, lanes), (b, step), (r, rows))
        return context.get_dummy_value()

    return signature, generate


class _Bytes(Emitter):
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
            code = builder.and_(code, self.every_byte(2**self.bits - 1))
            index = builder.bitcast(code, kind)
            yield [builder.bitcast(call(builder, shuffle, kind, t, index), self.words) for t in tables]

    def _raised(self):
        """Tables of weight + largest.

        With 4 bits that is up to 256, too much for a byte: it is split in two parts of at most 128, whose
        products also fit in the int16 pairs of AVX2.
        """
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
        return call(builder, f"llvm.x86.avx512.vpdpbusd.{8 * self.width}", self.words, total, weight, value)

    def _dot_avx2(self, builder, total, weight, value):
        """Pairs in int16 (from -2 * 128 * 128 to 2 * 128 * 127: no saturation), then fours in int32."""
        halves, kind = ir.VectorType(ir.IntType(16), 16), ir.VectorType(BYTE, 32)
        weight, value = (builder.bitcast(word, kind) for word in (weight, value))
        pairs = call(builder, "llvm.x86.avx2.pmadd.ub.sw", halves, weight, value)
        ones = ir.Constant(halves, [1] * 16)
        return builder.add(total, call(builder, "llvm.x86.avx2.pmadd.wd", self.words, pairs, ones))

    @staticmethod
    def plus(builder, one, other):
        return builder.add(one, other)

    def reduce(self, builder, word):
        return call(builder, f"llvm.vector.reduce.add.v{self.width // 4}i32", INT32, word)


class _Floats(Emitter):
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
                yield self._look_up(builder, self.shift(builder, code, 8 * c))

    def _look_up(self, builder, code):
        """The shuffles look at the low 4 (or 3) bits of each word, so shorter codes need repeated tables."""
        entries = self.width // 4
        values = levels(self.bits)
        table = ir.Constant(self.sums, [float(value) for value in (values * entries)[:entries]])
        shuffle = "llvm.x86.avx512.permvar.sf.512" if entries == 16 else "llvm.x86.avx2.permps"
        weight = call(builder, shuffle, self.sums, table, code)
        if len(values) <= entries:
            return weight
        sign = builder.and_(builder.shl(code, self.splat(28)), self.splat(0x80000000))
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
        return call(builder, name, FLOAT, FLOAT(-0.0), word, fastmath=("reassoc",))


@njit(cache=True, nogil=True)
def tiles_vnni512(levels, data, x, blocks, lanes, first, last, sums):
    """``tiles`` with AVX-512 VNNI."""
    tiles("vnni512", levels, data, x, blocks, lanes, first, last, sums)


@njit(cache=True, nogil=True)
def tiles_vnni256(levels, data, x, blocks, lanes, first, last, sums):
    """``tiles`` with VNNI on 256 bits."""
    tiles("vnni256", levels, data, x, blocks, lanes, first, last, sums)


@njit(cache=True, nogil=True)
def tiles_avx2(levels, data, x, blocks, lanes, first, last, sums):
    """``tiles`` with AVX2."""
    tiles("avx2", levels, data, x, blocks, lanes, first, last, sums)


# Beside the emitter on purpose: Numba's cache on disk notices changes of the caller's own file only.
TILES = {"vnni512": tiles_vnni512, "vnni256": tiles_vnni256, "avx2": tiles_avx2}
