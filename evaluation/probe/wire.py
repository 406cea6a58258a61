"""Frames on the socket between a process in the sandbox and the referee outside it.

A frame is `!II` (length of the header, number of buffers), the header (JSON), the length of each buffer (`!Q`), then all buffers.
JSON and raw bytes only: neither side ever unpickles what the other one wrote. Reads are bounded by what the caller allows.
Thousands of small buffers are common, so they travel together: a system call for each would cost more than a short call itself.
"""

import json
import struct

from . import garbage

_HEAD = struct.Struct("!II")
TOGETHER = 1 << 20  # bytes of small buffers that are sent and received as one
MAX_HEADER = 64 << 20
MAX_BUFFERS = 100000


class WireError(Exception):
    """The other side closed, or sent something that is no frame."""


class WireClosed(WireError):
    """The other side closed the connection: it ended, or was ended."""


def send(sock, header, buffers=()):
    """Send one frame. `header` is a JSON-able dict, `buffers` bytes-like objects."""
    text = json.dumps(header, separators=(",", ":")).encode()
    views = [memoryview(buffer).cast("B") for buffer in buffers]
    sizes = struct.pack("!{}Q".format(len(views)), *map(len, views))
    sock.sendall(_HEAD.pack(len(text), len(views)) + text + sizes)
    for part in _parts(list(map(len, views))):
        some = views[part]
        sock.sendall(some[0] if len(some) == 1 else b"".join(some))


def receive(sock, most=1 << 32):
    """Receive one frame -> (header, buffers). Raises WireError on end of stream, nonsense, or more than `most` bytes."""
    length, count = _HEAD.unpack(_exactly(sock, _HEAD.size))
    if length > min(MAX_HEADER, most) or count > MAX_BUFFERS:
        raise WireError("frame too large")
    try:
        text = bytes(_exactly(sock, length))
        with garbage.held():
            header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError("header is no JSON") from error
    if not isinstance(header, dict):
        raise WireError("header is no object")
    sizes = struct.unpack("!{}Q".format(count), _exactly(sock, 8 * count))
    if length + 8 * count + sum(sizes) > most:
        raise WireError("frame too large")
    buffers = []
    for part in _parts(sizes):
        buffers.extend(_split(_exactly(sock, sum(sizes[part])), sizes[part]))
    return header, buffers


def _parts(sizes):
    """Slices of buffers that travel together: as many as stay below TOGETHER, or a single larger one."""
    start = total = 0
    for at, size in enumerate(sizes):
        if at > start and total + size > TOGETHER:
            yield slice(start, at)
            start, total = at, 0
        total += size
    if start < len(sizes):
        yield slice(start, len(sizes))


def _split(data, sizes):
    if len(sizes) == 1:
        return [data]
    found, start = [], 0
    for size in sizes:
        found.append(data[start : start + size])
        start += size
    return found


def _exactly(sock, size):
    data = bytearray(size)
    view = memoryview(data)
    while len(view):
        count = sock.recv_into(view)
        if count == 0:
            raise WireClosed("the other side closed the connection")
        view = view[count:]
    return data
