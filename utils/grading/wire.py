"""Plain data between the judge and a student's process: JSON and raw bytes, never pickles.

Numbers, texts, containers and tensors travel by value. Functions, classes and other objects stay where they
are; the other side gets a handle. A tensor or generator that has travelled is watched until the call that it
belongs to has ended: what one side writes into it is written into the other's copy with the next message.
"""

import json
import socket
import struct
from collections.abc import Callable
from typing import Any

HEAD = struct.Struct("<IQ")
LONGEST_TEXT, LONGEST_BYTES = 8 << 20, 64 << 20  # of one message
DEEPEST = 50


class ProtocolError(Exception):
    """The other side sent what no honest one sends."""


class Gone(Exception):
    """The other side has ended, or did not answer in time."""


def send(sock: socket.socket, message: Any, blobs: list[bytes], files: tuple[int, ...] = ()) -> None:
    """Send one message, with open files when given.

    Raises
    ------
    Gone
        when nobody reads any more.
    ValueError
        when it is too long.
    """
    text = json.dumps([message, [len(blob) for blob in blobs]]).encode()
    total = sum(map(len, blobs))
    if len(text) > LONGEST_TEXT or total > LONGEST_BYTES:
        raise ValueError(f"a value of {(len(text) + total) >> 20} MB is too large to be handed over")
    try:
        socket.send_fds(sock, [HEAD.pack(len(text), total)], files)
        sock.sendall(text + b"".join(blobs))
    except OSError as error:
        raise Gone from error


def receive(sock: socket.socket, wait: Callable[[], None], files: int = 0) -> tuple[Any, list, list[int]]:
    """The next message, its blobs and open files; ``wait`` is called before each read, and may raise.

    Raises
    ------
    Gone
        when the other side has closed.
    ProtocolError
        when it is no message, or too long.
    """
    head, handles = _exactly(sock, HEAD.size, wait, files)
    texts, total = HEAD.unpack(head)
    if texts > LONGEST_TEXT or total > LONGEST_BYTES:
        raise ProtocolError("a message is too long")
    body, _ = _exactly(sock, texts + total, wait)
    try:
        message, sizes = json.loads(body[:texts])
        if sum(sizes) != total or min(sizes, default=0) < 0:
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise ProtocolError("a message cannot be read") from None
    blobs, start = [], texts
    for size in sizes:
        blobs.append(body[start : start + size])
        start += size
    return message, blobs, handles


def _exactly(sock: socket.socket, size: int, wait: Callable, files: int = 0) -> tuple[bytearray, list[int]]:
    data, handles = bytearray(), []
    while len(data) < size:
        wait()
        try:
            if files and not data:
                part, handles, _, _ = socket.recv_fds(sock, size, files)
            else:
                part = sock.recv(min(size - len(data), 1 << 20))
        except OSError as error:
            raise Gone from error
        if not part:
            raise Gone
        data += part
    return data, handles
