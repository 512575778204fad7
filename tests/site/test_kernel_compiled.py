"""The table of compiled kernels on an operation's page."""

from utils.site.directives.kernel_compiled import table

ROW = {
    "form": "batch 1",
    "kernel": "tile_kernel",
    "target": "sm_90",
    "grid": [4],
    "registers": 54,
    "stack": 0,
}
ROW |= {"shared": 57_344, "matrix": 8, "load": 16, "barriers": 7, "problems": []}


def test_each_form_is_a_line_and_equal_ones_stand_once():
    lines = table([ROW, ROW, ROW | {"target": "gfx942", "shared": 32}], "3.7.1").splitlines()
    assert lines[0] == "Compiled by Triton 3.7.1, without a GPU."
    assert lines[-2:] == [
        "| tile kernel, batch 1 | H100 (sm_90) | 54 | 0 B | 57,344 B | 8 | 16 B | 7 |",
        "| tile kernel, batch 1 | MI300X (gfx942) | 54 | 0 B | 32 B | 8 | 16 B | 7 |",
    ]
    assert lines[3].count("|") == lines[-1].count("|")


def test_an_operation_without_kernel_says_so():
    assert table([], "3.7.1") == "*There is no Triton kernel of its own.*"
