"""Sparse times dense as instructions that Numba alone does not emit, for any processor.

Each is a Numba intrinsic: called inside a compiled function, it writes LLVM instructions there. Arrays must
be in C order; float32 and float64 both work.
"""

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from utils.kernels.simd import BYTE, INT32, INT64, call, prefetch_line

LANES = 16
GATHERED = 8  # entries of x that are put side by side for one multiplication
CHAINS = 2  # sums of a row that do not wait for each other
FUSED = ("contract",)  # lets LLVM make one multiply-add of a product and a sum


def by_columns(x: np.ndarray, width: int) -> np.ndarray:
    """Rows (B, K) as (tiles of ``width`` rows, K, width), column by column, padded with rows of zeros."""
    tiles = -(-x.shape[0] // width)
    padded = np.zeros((tiles * width, x.shape[1]), x.dtype)
    padded[: x.shape[0]] = x
    return np.ascontiguousarray(padded.reshape(tiles, width, x.shape[1]).swapaxes(1, 2))


@intrinsic(prefer_literal=True)
def add_columns(typing, width, before, sums, columns, values, channels, first, last):
    """``sums = before + values[n] * columns[channels[n]]`` for first <= n < last, the sums held in registers.

    ``width`` is a literal multiple of 16: the numbers of a column, as many as there are sums.
    """
    signature = types.void(width, before, sums, columns, values, channels, types.intp, types.intp)
    count = width.literal_value

    def generate(context, builder, signature, arguments):
        before, sums, columns, values, channels = _pointers(
            context, builder, signature, arguments, range(1, 6)
        )
        parts = [INT64(part) for part in range(0, count, LANES)]
        totals = [_slot(builder, _load(builder, before, part, LANES)) for part in parts]
        with cgutils.for_range_slice(builder, *arguments[6:], INT64(1)) as (n, _):
            channel = builder.zext(builder.load(builder.gep(channels, [n])), INT64)
            value = _splat(builder, builder.load(builder.gep(values, [n])), LANES)
            for part, total in enumerate(totals):
                at = builder.add(builder.mul(channel, INT64(count)), INT64(part * LANES))
                _add_product(builder, total, value, _load(builder, columns, at, LANES))
        for part, total in zip(parts, totals, strict=True):
            builder.store(builder.load(total), _vector(builder, sums, part, LANES), align=4)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def transpose(typing, block, output):
    """``output[:16, :16] = block[:16, :16].T`` for two-dimensional arrays with contiguous rows.

    Interleaving vector i with vector i + 8 of sixteen, four times over, turns rows into columns.
    """
    signature = types.void(block, output)
    low = [lane // 2 + LANES * (lane % 2) for lane in range(LANES)]

    def generate(context, builder, signature, arguments):
        rows, columns = (
            _row_starts(context, builder, kind, value)
            for kind, value in zip(signature.args, arguments, strict=True)
        )
        vectors = [_load(builder, row, INT64(0), LANES) for row in rows]
        half = LANES // 2
        masks = [ir.Constant(ir.VectorType(INT32, LANES), [i + add for i in low]) for add in (0, half)]
        for _ in range(4):
            pairs = zip(vectors[:half], vectors[half:], strict=True)
            vectors = [builder.shuffle_vector(a, b, mask) for a, b in pairs for mask in masks]
        for vector, column in zip(vectors, columns, strict=True):
            builder.store(vector, _vector(builder, column, INT64(0), LANES), align=4)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def gather_dot(typing, values, columns, x, first, last):
    """``sum of values[n] * x[columns[n]]`` for first <= n < last.

    The entries of x are loaded one by one into a vector: on many processors that beats their own gather
    instruction, and it saves seven of eight multiplications. ``columns`` must be unsigned or int32 >= 0.
    """
    signature = values.dtype(values, columns, x, types.intp, types.intp)

    def generate(context, builder, signature, arguments):
        values, columns, x = _pointers(context, builder, signature, arguments, (0, 1, 2))
        first, last, kind = *arguments[3:], values.type.pointee
        zero = ir.Constant(ir.VectorType(kind, GATHERED), [0.0] * GATHERED)
        totals = [_slot(builder, zero) for _ in range(CHAINS)]

        def add(start, stop, chains):
            """Whole vectors from start on; returns where they end."""
            step = INT64(GATHERED * len(chains))
            end = builder.add(start, builder.mul(builder.sdiv(builder.sub(stop, start), step), step))
            with cgutils.for_range_slice(builder, start, end, step) as (base, _):
                for chain, total in enumerate(chains):
                    at = builder.add(base, INT64(chain * GATHERED))
                    places = [_place(builder, columns, builder.add(at, INT64(i))) for i in range(GATHERED)]
                    entries = _gather(builder, x, places)
                    _add_product(builder, total, _load(builder, values, at, GATHERED), entries)
            return end

        rest = add(add(first, last, totals), last, totals[:1])
        end = _slot(builder, _sum(builder, [builder.load(total) for total in totals]))
        with cgutils.for_range_slice(builder, rest, last, INT64(1)) as (at, _):
            entry = builder.load(builder.gep(x, [_place(builder, columns, at)]))
            _add_product(builder, end, builder.load(builder.gep(values, [at])), entry)
        return builder.load(end)

    return signature, generate


@intrinsic(prefer_literal=True)
def group_dots(typing, way, bits, values, words, x, n, m, tile, sums):
    """``sums = sum over steps of values[tile, step] * x[group's first + position]`` for sixteen rows.

    ``way`` is a literal: "permute" takes one AVX-512 instruction to pick sixteen entries of a group (x
    float32, 16 readable entries from every group's first on), "gather" loads them one by one. ``bits`` is
    the literal width of a position. See ``sparse_formats.NMWeight`` for values and words.
    """
    signature = types.void(way, bits, values, words, x, types.intp, types.intp, types.intp, sums)
    permute, width = way.literal_value == "permute", bits.literal_value

    def generate(context, builder, signature, arguments):
        values, words, x, sums = _pointers(context, builder, signature, arguments, (2, 3, 4, 8))
        n, m, tile = arguments[5:8]
        steps, count = (_middle(context, builder, signature.args[i], arguments[i]) for i in (2, 3))
        zero = ir.Constant(ir.VectorType(values.type.pointee, LANES), [0.0] * LANES)
        totals = [_slot(builder, zero) for _ in range(CHAINS)]
        with cgutils.for_range(builder, count) as loop:
            at = builder.add(builder.mul(tile, count), loop.index)
            word = _load(builder, words, builder.mul(at, INT64(LANES)), LANES)
            for turn in range(32 // width):
                step = builder.add(builder.mul(loop.index, INT64(32 // width)), INT64(turn))
                with builder.if_then(builder.icmp_signed("<", step, steps), likely=True):
                    position = _position(builder, word, turn, width)
                    group = builder.mul(builder.udiv(step, n), m)
                    picked = (_permute if permute else _pick)(builder, x, group, position)
                    at = builder.mul(builder.add(builder.mul(tile, steps), step), INT64(LANES))
                    _add_product(builder, totals[turn % CHAINS], _load(builder, values, at, LANES), picked)
        total = builder.fadd(*(builder.load(total) for total in totals))
        builder.store(total, _vector(builder, sums, INT64(0), LANES), align=4)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def prefetch(typing, array, at):
    """Ask for the cache line of ``array``'s number ``at``: the hardware does not foresee a scattered row."""
    signature = types.void(array, types.intp)

    def generate(context, builder, signature, arguments):
        (data,) = _pointers(context, builder, signature, arguments, (0,))
        address = builder.bitcast(builder.gep(data, [arguments[1]]), BYTE.as_pointer())
        prefetch_line(builder, address)
        return context.get_dummy_value()

    return signature, generate


def _pointers(context, builder, signature, arguments, which):
    """Where the data of the arrays among the arguments begin."""
    kinds = signature.args
    return [context.make_array(kinds[i])(context, builder, arguments[i]).data for i in which]


def _middle(context, builder, kind, value):
    """The second of an array's three dimensions."""
    array = context.make_array(kind)(context, builder, value)
    return cgutils.unpack_tuple(builder, array.shape)[1]


def _row_starts(context, builder, kind, value):
    """The addresses of the first sixteen rows of an array."""
    array = context.make_array(kind)(context, builder, value)
    stride = cgutils.unpack_tuple(builder, array.strides)[0]
    first = builder.bitcast(array.data, BYTE.as_pointer())
    rows = [builder.gep(first, [builder.mul(stride, INT64(row))]) for row in range(LANES)]
    return [builder.bitcast(row, array.data.type) for row in rows]


def _slot(builder, value):
    """A variable with this value, set anew whenever the code comes by (it is allocated only once)."""
    slot = cgutils.alloca_once(builder, value.type)
    builder.store(value, slot)
    return slot


def _vector(builder, base, offset, lanes):
    """The address of ``lanes`` numbers that begin ``offset`` numbers after ``base``."""
    kind = ir.VectorType(base.type.pointee, lanes)
    return builder.bitcast(builder.gep(base, [offset]), kind.as_pointer())


def _load(builder, base, offset, lanes):
    return builder.load(_vector(builder, base, offset, lanes), align=4)


def _splat(builder, value, lanes):
    kind = ir.VectorType(value.type, lanes)
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), value, INT32(0))
    zeros = ir.Constant(ir.VectorType(INT32, lanes), [0] * lanes)
    return builder.shuffle_vector(first, ir.Constant(kind, ir.Undefined), zeros)


def _add_product(builder, slot, a, b):
    product = builder.fmul(a, b, flags=FUSED)
    builder.store(builder.fadd(builder.load(slot), product, flags=FUSED), slot)


def _place(builder, columns, at):
    return builder.zext(builder.load(builder.gep(columns, [at])), INT64)


def _gather(builder, x, places):
    vector = ir.Constant(ir.VectorType(x.type.pointee, len(places)), ir.Undefined)
    for lane, place in enumerate(places):
        vector = builder.insert_element(vector, builder.load(builder.gep(x, [place])), INT32(lane))
    return vector


def _sum(builder, vectors):
    """The sum of all lanes of some vectors, in any order."""
    total = vectors[0]
    for vector in vectors[1:]:
        total = builder.fadd(total, vector)
    kind = total.type.element
    name = f"llvm.vector.reduce.fadd.v{total.type.count}{'f32' if kind == ir.FloatType() else 'f64'}"
    return call(builder, name, kind, ir.Constant(kind, -0.0), total, fastmath=("reassoc",))


def _position(builder, word, turn, width):
    """Sixteen positions out of sixteen words."""
    kind = ir.VectorType(INT32, LANES)
    shifted = builder.lshr(word, ir.Constant(kind, [turn * width] * LANES))
    return builder.and_(shifted, ir.Constant(kind, [2**width - 1] * LANES))


def _permute(builder, x, group, position):
    """vpermps: sixteen choices among sixteen neighbors at once."""
    table = _load(builder, x, group, LANES)
    return call(builder, "llvm.x86.avx512.permvar.sf.512", table.type, table, position)


def _pick(builder, x, group, position):
    lanes = [builder.extract_element(position, INT32(lane)) for lane in range(LANES)]
    return _gather(builder, x, [builder.add(group, builder.zext(lane, INT64)) for lane in lanes])
