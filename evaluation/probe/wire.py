"""Frames on the socket between a process in the sandbox and the referee outside it.

A frame is `!II` (length of the header, number of buffers), the header (JSON, UTF-8), then each buffer with its length (`!Q`).
JSON and raw bytes only: neither side ever unpickles what the other one wrote. Reads are bounded by what the caller allows.
"""

import json
import struct

_HEAD = struct.Struct("!II")
_SIZE = struct.Struct("!Q")
MAX_HEADER = 64 << 20
MAX_BUFFERS = 100000


class WireError(Exception):
    """The other side closed, or sent something that is no frame."""


class WireClosed(WireError):
    """The other side closed the connection: it ended, or was ended."""


def send(sock, header, buffers=()):
    """Send one frame. `header` is a JSON-able dict, `buffers` bytes-like objects."""
    text = json.dumps(header, separators=(",", ":")).encode()
    sock.sendall(_HEAD.pack(len(text), len(buffers)) + text)
    for buffer in buffers:
        view = memoryview(buffer).cast("B")
        sock.sendall(_SIZE.pack(len(view)))
        sock.sendall(view)


def receive(sock, most=1 << 32):
    """Receive one frame -> (header, buffers). Raises WireError on end of stream, nonsense, or more than `most` bytes."""
    length, count = _HEAD.unpack(_exactly(sock, _HEAD.size))
    if length > min(MAX_HEADER, most) or count > MAX_BUFFERS:
        raise WireError("frame too large")
    try:
        header = json.loads(bytes(_exactly(sock, length)))
    except (ValueError, RecursionError) as error:
        raise WireError("header is no JSON") from error
    if not isinstance(header, dict):
        raise WireError("header is no object")
    left = most - length
    buffers = []
    for _ in range(count):
        (size,) = _SIZE.unpack(_exactly(sock, _SIZE.size))
        left -= size
        if left < 0:
            raise WireError("frame too large")
        buffers.append(_exactly(sock, size))
    return header, buffers


def _exactly(sock, size):
    data = bytearray(size)
    view = memoryview(data)
    while len(view):
        count = sock.recv_into(view)
        if count == 0:
            raise WireClosed("the other side closed the connection")
        view = view[count:]
    return data
