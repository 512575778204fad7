"""What an operation must do at least, counted before it is written: the two axes of the roofline."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """Arithmetic and memory traffic of one call, each operand counted once.

    Attributes
    ----------
    operations
        multiplications and additions (a multiply-add counts two)
    bytes_read, bytes_written
        bytes that must come from and go to memory when nothing is cached
    """

    operations: float
    bytes_read: float
    bytes_written: float

    @property
    def bytes(self) -> float:
        """Bytes read and written."""
        return self.bytes_read + self.bytes_written

    @property
    def intensity(self) -> float:
        """Operations per byte: below the machine's ridge the operation is bound by memory."""
        return self.operations / self.bytes

    def least_seconds(self, bandwidth: float, peak: float) -> float:
        """The roofline's bound, from bytes a second and operations a second."""
        return max(self.bytes / bandwidth, self.operations / peak)
