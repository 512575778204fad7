"""Linear layer with a sparse weight: unstructured, N of M, or in blocks (Sparseland, chapter 14)."""

import torch
from torch.autograd.function import once_differentiable

from utils.errors import FrugalError
from utils.kernels import checks
from utils.kernels.backends import choose
from utils.kernels.costs import Cost
from utils.kernels.sparse_formats import FLOATS, CSRWeight, SparseWeight


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

    Raises
    ------
    FrugalError
        for shapes, dtypes or devices that do not fit, or a weight that is none of the three formats.

    Source
    ------
    The formats of chapter 14: CSR; 2:4 after Mishra et al., Accelerating Sparse Deep Neural Networks
    (arXiv:2104.08378); blocks after Gray, Radford and Kingma, GPU Kernels for Block-Sparse Weights (2017).
    """
    _check(x, weight, bias)
    tensors = [x, *(getattr(weight, name) for name in weight._tensors), *([] if bias is None else [bias])]
    chosen = choose(backend, *tensors)
    if chosen == "reference":
        y = sparse_linear_reference(x, weight)
    else:
        y = _Product.apply(x, weight.values, weight, _module(chosen))
    return y if bias is None else y + bias


def sparse_linear_reference(x: torch.Tensor, weight: SparseWeight) -> torch.Tensor:
    """The definition: each stored entry multiplies its column of x and is added to its row of the output."""
    rows, columns, values = weight.entries()
    return x.new_zeros(x.shape[0], weight.shape[0]).index_add(1, rows, x[:, columns] * values)


class _Product(torch.autograd.Function):
    """Forward by a kernel; backward by kernels for CSR, through the dense matrix for the other formats."""

    @staticmethod
    def forward(context, x, values, weight, module):
        x = x.contiguous()
        context.save_for_backward(x, values)
        context.weight, context.module = weight, module
        return module.product(x, weight)

    @staticmethod
    @once_differentiable
    def backward(context, gradient):
        x, values = context.saved_tensors
        weight, gradient = context.weight.with_values(values), gradient.contiguous()
        module = context.module if isinstance(weight, CSRWeight) else _Dense
        of_x = module.input_gradient(gradient, weight) if context.needs_input_grad[0] else None
        of_values = module.value_gradient(gradient, x, weight) if context.needs_input_grad[1] else None
        return of_x, of_values, None, None


class _Dense:
    """Gradients of structured weights: BLAS on the dense matrix is at its best there."""

    @staticmethod
    def input_gradient(gradient, weight):
        return gradient @ weight.to_dense()

    @staticmethod
    def value_gradient(gradient, x, weight):
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


def _module(chosen: str):
    if chosen == "triton":
        from utils.kernels import sparse_linear_triton as module
    else:
        from utils.kernels import sparse_linear_cpu as module
    return module


def _check(x: torch.Tensor, weight: SparseWeight, bias: torch.Tensor | None) -> None:
    if not isinstance(weight, SparseWeight):
        raise FrugalError("weight is not in a sparse format; make one by to_csr, to_nm or to_blocks.")
    checks.dimensions("x", x, 2)
    checks.dtype("x", x, *FLOATS)
    checks.shape("x", x, x.shape[0], weight.shape[1])
    checks.dtype("the weight", weight.values, x.dtype)
    if bias is not None:
        checks.shape("bias", bias, weight.shape[0])
        checks.dtype("bias", bias, x.dtype)
