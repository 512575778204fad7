"""Compile the book's writers of instructions for processors that need not be here, and print their assembly.

LLVM ends the process when a processor lacks what an instruction needs, so tests run this file on its own, and
each job has a fork: what the others found stays.
"""

import json
import multiprocessing
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


def emitted(triple: str, processor: str, kernel: str, lanes: int = 0) -> str:
    """The assembly of the product in the instructions ``kernel``, or of its tables."""
    if kernel == "tables":
        return assembly(triple, processor, lambda *arguments: write_tables(lanes, *arguments), 3)
    return assembly(triple, processor, writer(kernel).write, 4)


def forked(job: list) -> str:
    """The assembly from a fork; empty when LLVM ended it."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=lambda: sender.send(emitted(*job)))
    process.start()
    sender.close()
    try:
        return receiver.recv()
    except EOFError:
        return ""
    finally:
        process.join()


if __name__ == "__main__":
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    json.dump([forked(job) for job in json.load(sys.stdin)], sys.stdout)
