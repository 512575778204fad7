"""Compile one of the book's writers of instructions for a processor that need not be here: print assembly.

LLVM ends the process when a processor lacks what an instruction needs, so tests run this file on its own.
"""

import sys
from collections.abc import Callable

import llvmlite.binding as llvm
from llvmlite import ir

from utils.kernels.simd import INT64
from utils.kernels.ternary_stream import writer
from utils.kernels.ternary_tables import write_tables


def assembly(triple: str, processor: str, write: Callable[..., None], count: int) -> str:
    """A function of ``count`` addresses and numbers, optimized as Numba does."""
    module = ir.Module()
    module.triple = triple
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [INT64] * count), "kernel")
    builder = ir.IRBuilder(function.append_basic_block())
    write(builder, *function.args)
    builder.ret_void()
    target = llvm.Target.from_triple(triple).create_target_machine(cpu=processor, opt=3)
    compiled = llvm.parse_assembly(str(module))
    passes = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(compiled, passes)
    return target.emit_assembly(compiled)


if __name__ == "__main__":
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    triple, processor, kernel, *numbers = sys.argv[1:]
    if kernel == "tables":
        lanes = int(numbers[0])
        print(assembly(triple, processor, lambda *arguments: write_tables(lanes, *arguments), 3))
    else:
        print(assembly(triple, processor, writer(kernel).write, 4))
