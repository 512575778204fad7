"""Codes of 1 to 8 bits side by side in bytes, without gaps: what a quantized tensor really takes."""

import torch

from utils.errors import FrugalError
from utils.kernels import checks

BITS = tuple(range(1, 9))


def pack_bits(codes: torch.Tensor, bits: int) -> torch.Tensor:
    """Pack each row of codes into ceil(K * bits / 8) bytes, lowest bits first.

    Parameters
    ----------
    codes : int8 or uint8 tensor (N, K); of signed codes the lowest ``bits`` bits (two's complement) are kept
    bits : 1 to 8

    Returns
    -------
    uint8 tensor (N, ceil(K * bits / 8)); bit i of code k is bit ``(k * bits + i) % 8`` of byte
    ``(k * bits + i) // 8``, and the last byte is filled with zeros.

    Raises
    ------
    FrugalError
        for another shape, dtype or number of bits, or a code that does not fit.
    """
    checks.dimensions("codes", codes, 2)
    checks.dtype("codes", codes, torch.int8, torch.uint8)
    checks.option("bits", bits, *BITS)
    signed = codes.dtype == torch.int8
    least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    if codes.numel() and (codes.min() < least or codes.max() > most):
        raise FrugalError(f"codes holds values outside {least} to {most}, which {bits} bits cannot hold.")
    single = (
        codes.view(torch.uint8)[:, :, None] >> torch.arange(bits, device=codes.device, dtype=torch.int64) & 1
    )
    stream = torch.nn.functional.pad(single.flatten(1), (0, -bits * codes.shape[1] % 8))
    bytes_ = stream.reshape(codes.shape[0], stream.shape[1] // 8, 8)
    places = torch.arange(8, dtype=torch.uint8, device=codes.device)
    return (bytes_.to(torch.uint8) << places).sum(2, dtype=torch.uint8)


def unpack_bits(packed: torch.Tensor, columns: int, bits: int, signed: bool = False) -> torch.Tensor:
    """The codes of ``pack_bits``, (N, columns): uint8, or int8 with the sign restored.

    Raises
    ------
    FrugalError
        for another shape, dtype or number of bits, or rows whose length does not fit ``columns``.
    """
    checks.dimensions("packed", packed, 2)
    checks.dtype("packed", packed, torch.uint8)
    checks.integer("columns", columns, 0, "it is the length of a row")
    checks.option("bits", bits, *BITS)
    checks.shape("packed", packed, packed.shape[0], -(-columns * bits // 8))
    stream = (packed[:, :, None] >> torch.arange(8, dtype=torch.uint8, device=packed.device) & 1).flatten(1)
    single = stream[:, : columns * bits].reshape(packed.shape[0], columns, bits)
    places = torch.arange(bits, dtype=torch.uint8, device=packed.device)
    codes = (single << places).sum(2, dtype=torch.int32)
    if signed:
        codes = torch.where(codes >= 2 ** (bits - 1), codes - 2**bits, codes)
    return codes.to(torch.int8 if signed else torch.uint8)
