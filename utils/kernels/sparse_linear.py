"""Linear layer with a sparse weight: unstructured, N of M, or in blocks (Sparseland, chapter 14)."""

from collections.abc import Callable

import torch
from torch.autograd.function import once_differentiable

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.costs import Cost
from utils.kernels.operation import Operation, Promise
from utils.kernels.sparse_formats import CSRWeight, SparseWeight

OP = Operation(
    "sparse_linear",
    chapter=14,
    says="a linear layer with unstructured, n of m or block-sparse weights, forward and backward",
    source="2:4 after Mishra et al. (arXiv:2104.08378); blocks after Gray, Radford and Kingma (2017)",
    gradient="flows",
    promises={
        "CSR, float32, batch 1": Promise(load=4, stack=8),
        "2:4, float32, batch 1": Promise(load=4),
        "blocks of 64, float32, batch 256": Promise(load=4, kernel="block_kernel"),
    },
)


@OP
def sparse_linear(
    x: torch.Tensor, weight: SparseWeight, bias: torch.Tensor | None = None, backend: str = "auto"
) -> torch.Tensor:
    """Compute ``y = x W^T + bias`` from the stored entries of W; differentiable in x, bias and those entries.

    Parameters
    ----------
    x : float32 or float64 tensor (B, K)
    weight : (N, K) of the same dtype, from ``to_csr``, ``to_nm`` or ``to_blocks``; to train it, put a
        parameter in with ``weight.with_values(parameter)``
    bias : tensor (N,) of the same dtype, or None
    backend : "auto", "reference", "triton" or "numba"

    Returns
    -------
    tensor (B, N) of x's dtype. Gradients exist once, not twice. NaN and infinity in x reach the outputs that
    store a weight for that column and no others; stored zeros count (inf * 0 is NaN), for example in blocks.
    Backward through N:M and blocks they may reach every input of their row. There, and forward for many rows
    of x, BLAS adds in an order, and so with last bits, that may depend on the number of threads.

    Raises
    ------
    FrugalError
        for shapes, dtypes or devices that do not fit, or a weight that is none of the three formats.

    References
    ----------
    The formats of chapter 14: CSR; 2:4 after Mishra et al., Accelerating Sparse Deep Neural Networks
    (arXiv:2104.08378); blocks after Gray, Radford and Kingma, GPU Kernels for Block-Sparse Weights (2017).
    """
    _check(x, weight, bias)
    chosen = OP.choose(backend, x.device)
    if chosen == "reference":
        y = sparse_linear_reference(x, weight)
    else:
        y = _Product.apply(x, weight.values, weight, chosen)
    return y if bias is None else y + bias


def sparse_linear_reference(x: torch.Tensor, weight: SparseWeight) -> torch.Tensor:
    """The definition: each stored entry multiplies its column of x and is added to its row of the output."""
    rows, columns, values = weight.entries()
    return x.new_zeros(x.shape[0], weight.shape[0]).index_add(1, rows, x[:, columns] * values)


class _Product(torch.autograd.Function):
    """Forward by a kernel; backward by kernels for CSR, through the dense matrix for the other formats."""

    @staticmethod
    def forward(context, x, values, weight, backend):
        x = x.contiguous()
        context.save_for_backward(x, values)
        context.weight, context.backend = weight, backend
        return OP.implementation(backend)(x, weight.contiguous())

    @staticmethod
    @once_differentiable
    def backward(context, gradient):
        x, values = context.saved_tensors
        weight, gradient = context.weight.with_values(values).contiguous(), gradient.contiguous()
        input_gradient, value_gradient = _gradients(weight, context.backend)
        with torch.autocast(x.device.type, enabled=False):  # as in the forward pass
            of_x = input_gradient(gradient, weight) if context.needs_input_grad[0] else None
            of_values = value_gradient(gradient, x, weight) if context.needs_input_grad[1] else None
        return of_x, of_values, None, None


def _gradients(weight: SparseWeight, backend: str) -> tuple[Callable, Callable]:
    """Gradients of CSR weights have kernels; for structured ones BLAS on the dense matrix is at its best."""
    if isinstance(weight, CSRWeight):
        return tuple(OP.implementation(backend, f"csr_{of}_gradient") for of in ("input", "value"))
    return _input_gradient, _value_gradient


def _input_gradient(gradient: torch.Tensor, weight: SparseWeight) -> torch.Tensor:
    return gradient @ weight.to_dense()


def _value_gradient(gradient: torch.Tensor, x: torch.Tensor, weight: SparseWeight) -> torch.Tensor:
    """The dense gradient at the stored places: what ``to_dense`` hands back."""
    with torch.enable_grad():
        values = weight.values.detach().requires_grad_()
        dense = weight.with_values(values).to_dense()
    return torch.autograd.grad(dense, values, gradient.T @ x)[0]


def cost(batch: int, weight: SparseWeight) -> Cost:
    """Two operations a stored value and row of x; the weight and x in, y out."""
    rows, columns = weight.shape
    size = weight.values.element_size()
    read = weight.bytes + size * batch * columns
    return Cost(2 * batch * weight.values.numel(), read, size * batch * rows)


def _check(x: torch.Tensor, weight: SparseWeight, bias: torch.Tensor | None) -> None:
    if not isinstance(weight, SparseWeight):
        raise FrugalError("weight is not in a sparse format; make one by to_csr, to_nm or to_blocks.")
    checks.dimensions("x", x, 2)
    checks.dtype("x", x, *checks.FROM_FLOAT32)
    checks.shape("x", x, x.shape[0], weight.shape[1])
    checks.dtype("the weight", weight.values, x.dtype)
    if bias is not None:
        checks.shape("bias", bias, weight.shape[0])
        checks.dtype("bias", bias, x.dtype)
