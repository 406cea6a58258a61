"""One call of the function, seen from all sides: what it gave or raised, what it did to its arguments, its module, the world.

Runs inside the sandbox, beside code that may lie; what it writes down is judged elsewhere.
"""

import contextlib
import io
import sys
import types
import warnings

from . import codec, finishing, logs, views, world
from .describe import describe as describe
from .naming import type_name

OUTPUT = 64 << 10  # bytes kept of stdout and of stderr, each
LINES = 200  # distinct warnings kept


def observe(function, args, kwargs, loop=None, module=None):
    """Call the function once -> (tree, buffers) of an `observation` node. Never raises what the function raises.

    `loop` runs coroutines; `module` is the target's, where the function itself does not say.
    """
    world.seed()
    before = world.Noted(module or getattr(function, "__module__", None))
    with _Surroundings() as seen:
        encoder = codec.Encoder()
        encoder.nodes.append(None)  # node 0 is the observation
        outcome, value = _call(function, args, kwargs)
        outcome, value, waited = _finished(outcome, value, loop or finishing.Loop())
        result = encoder.child(value)
        encoder.work()  # draws from iterators, which is still part of the call
    parts = {"result": result, "args": encoder.child(list(args)), "kwargs": encoder.child(dict(kwargs))}
    encoder.work()
    meta = {
        "outcome": outcome,
        "cached": hasattr(function, "cache_info"),
        "waited": waited,
        **before.changes(),
        "views": views.shared(encoder, args, kwargs, value),
    }
    meta.update(seen.meta())
    encoder.nodes[0] = ["observation", "", meta, parts]
    return encoder.finish(["@", 0])


def _call(function, args, kwargs):
    try:
        return "returned", function(*args, **kwargs)
    except BaseException as error:  # whatever it raises, SystemExit too, is its answer
        return "raised", error


def _finished(outcome, value, loop):
    """Wait for what is asynchronous -> (outcome, value, [what was waited for, tasks it left] or None)."""
    if outcome == "raised" or type(value) not in (types.CoroutineType, types.AsyncGeneratorType):
        return outcome, value, None
    try:
        done = loop.finish(value)
    except BaseException as error:  # as above
        return "raised", error, ["coroutine", 0]
    value = done.value if type(done) is finishing.Awaited else (done.items, done.end, done.error)
    return "returned", value, [done.kind, done.left]


class _Surroundings(contextlib.ExitStack):
    """Collects what a call says to the world: standard streams, warnings, log records."""

    def __enter__(self):
        super().__enter__()
        self._streams = {"stdout": _Sink(), "stderr": _Sink()}
        self._logs = logs.Logs().listen()
        self.callback(self._logs.told)
        self._warnings = self.enter_context(warnings.catch_warnings(record=True))
        warnings.simplefilter("always")
        for name, sink in self._streams.items():
            self._replace(name, io.TextIOWrapper(sink, "utf-8", "backslashreplace", write_through=True))
        return self

    def _replace(self, name, stream):
        self.callback(setattr, sys, name, getattr(sys, name))
        setattr(sys, name, stream)

    def meta(self):
        """What was said, bounded."""
        said = sorted({(type_name(item.category), logs.short(item.message)) for item in self._warnings})[:LINES]
        meta = {name: sink.text() for name, sink in self._streams.items()}
        meta["warnings"] = [list(item) for item in said]
        meta["logs"] = self._logs.told()
        return meta


class _Sink(io.RawIOBase):
    """Keeps the first bytes of a flood and counts the rest."""

    def __init__(self):
        super().__init__()
        self.kept = bytearray()
        self.size = 0

    def writable(self):
        return True

    def write(self, data):
        size = len(data)
        self.kept += bytes(data)[: max(0, OUTPUT - len(self.kept))]
        self.size += size
        return size

    def close(self):
        """Nothing to close: the code under test may try."""

    def text(self):
        text = self.kept.decode("utf-8", "replace")
        return text if self.size <= OUTPUT else "{}\n({} bytes in all)".format(text, self.size)
