"""The judged code's process: loads the sides, makes calls when the referee says go, and answers with what came out.

It reads no clock: the referee does, from outside, between its requests and our answers. One sample is three requests:
`prepare` (inputs are unpickled), `go` (the calls, and nothing else), `encode` (the outcomes, as plain data).
"""

import gc
import importlib
import os
import pickle
import sys
import tempfile
import types
from typing import Any

if __name__ == "__main__":
    _package = types.ModuleType("hasten_probe")
    _package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
    sys.modules["hasten_probe"] = _package
    loading = importlib.import_module("hasten_probe.loading")
    serving = importlib.import_module("hasten_probe.serving")
else:
    from . import loading, serving


class Worker:
    """One worker's state: the sides, the calls prepared, the outcomes not yet sent."""

    def __init__(self, target):
        self._target = target
        self._sides = loading.Sides([], target)
        self._function = None
        self._calls = []
        self._outcomes = []
        self._lazy: Any = frozenset()
        self._loops: dict[str, Any] = {}
        self._loop: Any = None
        self._witness: Any = None
        self._noted: Any = None
        self._collecting = False
        self._settled = 0  # modules that were there when we last settled

    def handlers(self):
        """What the referee may ask for."""
        return {
            "load": self.load,
            "prepare": self.prepare,
            "go": self.go,
            "encode": self.encode,
            "signature": self.signature,
            "observe": self.observe,
            "note": self.note,
            "effects": self.effects,
            "mark": self.mark,
            "rest": self.rest,
            "collect": self.collect,
            "peak": self.peak,
            "allocated": self.allocated,
            "witness": self.witness,
            "fetch": self.fetch,
            "join": self.join,
            "changed": self.changed,
        }

    def load(self, header, _buffers):
        """Import the target on every side, in the order given: {"loaded": {side: null or {code, text}}}."""
        self._sides = loading.Sides(header["sides"], self._target)
        loaded = self._sides.load()
        self._finish_with(header["sides"])
        self._settle()
        return {"loaded": loaded}, ()

    def prepare(self, header, buffers):
        """Activate a side and unpickle one sample's inputs there: fresh objects, no call sees another's."""
        if len(sys.modules) > self._settled:  # what inputs are made of may be imported by the first of them
            self._settle()
        self._function = self._sides.activate(header["side"])
        if "seeds" in header:
            self._function = _seeded(self._function, header["seeds"])
        self._loop = self._loops[header["side"]]
        self._calls = [_inputs(buffer) for buffer in buffers]
        self._outcomes = [None] * len(self._calls)
        if self._collecting:
            gc.collect()  # looking at the inputs is on nobody's account
        return {"ready": len(self._calls)}, ()

    def go(self, _header, _buffers):
        """Make the prepared calls, the garbage collector held unless it was asked for, the outcomes kept alive."""
        if not self._collecting:
            gc.disable()
            self._make()
            return {"done": len(self._calls)}, ()
        gc.enable()
        self._make()
        gc.disable()
        return {"done": len(self._calls)}, ()

    def encode(self, header, _buffers):
        """Send what the calls gave: one frame a call, packed into one; of those in `arguments` with the arguments after it,
        and with `views`, the pairs of their arrays that lie in the same memory.

        `void` says that no call returned anything, so that only the arguments can show what was done; `raised` is what
        the first of them raised, if they all did.
        """
        void = all(isinstance(outcome, tuple) and outcome[0] is None for outcome in self._outcomes)
        trees, payload, shown = [], [], frozenset(header.get("arguments", ()))
        for at, (call, outcome) in enumerate(zip(self._calls, self._outcomes)):  # noqa: B905  (no `strict` before 3.10)
            tree, own = _encoded(call, outcome, at in shown)
            trees.append([tree, len(own)])
            payload.extend(own)
        raised = _raised(self._outcomes)
        self._calls, self._outcomes = [], []
        gc.collect()  # cycles that the calls left are on the account of the side that made them
        return {"outcomes": trees, "void": void, "raised": raised}, payload

    def signature(self, header, _buffers):
        """How a side's function may be called; null where nothing says it."""
        side = header["side"]
        function = self._sides.activate(side)
        return {"signature": _beside("signature").told(function, self._sides.owner(side) is not None)}, ()

    def observe(self, header, buffers):
        """Make one call and tell all that can be seen of it."""
        function = self._sides.activate(header["side"])
        args, kwargs = _inputs(buffers[0])
        return _beside("observe").observe(function, args, kwargs, self._loops[header["side"]], self._sides.module)

    def note(self, header, _buffers):
        """Remember what calls on a side may leave changed beside their arguments; with `logs`, listen to what they log."""
        self._sides.activate(header["side"])
        self._noted = _beside("world").Noted(self._sides.module, header.get("logs") is True)
        return {"noted": True}, ()

    def effects(self, _header, _buffers):
        """What calls have changed of it since."""
        return self._noted.changes(), ()

    def mark(self, header, _buffers):
        """Let go of what was printed so far, and write a mark behind it."""
        for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
            stream.flush()
            os.write(number, header["text"].encode())
        return {"marked": True}, ()

    def rest(self, _header, _buffers):
        """Collect garbage between blocks, where no clock runs for anybody."""
        gc.collect()
        return {"rested": True}, ()

    def collect(self, header, _buffers):
        """From here on make calls while garbage is collected, as they are wherever nobody measures; or no longer."""
        self._collecting = header["on"] is True
        if self._collecting:
            self._settle()
        return {"collecting": self._collecting}, ()

    def peak(self, _header, _buffers):
        """Reset the kernel's peak of our resident memory; the referee reads it before and after the calls."""
        gc.collect()
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
        return {"reset": True}, ()

    def allocated(self, _header, _buffers):
        """Make the prepared calls under memray, the project's own; the most bytes asked for at once, or null without it."""
        try:
            memray = importlib.import_module("memray")
        except ImportError:
            self._make()
            return {"bytes": None}, ()
        with tempfile.TemporaryDirectory() as folder:
            record = os.path.join(folder, "calls")
            with memray.Tracker(record, file_format=memray.FileFormat.AGGREGATED_ALLOCATIONS):
                self._make()
            return {"bytes": memray.FileReader(record).metadata.peak_memory}, ()

    def _settle(self):
        """Collecting what a sample leaves need not look at what was there before: no side pays for what another had imported."""
        gc.collect()
        gc.freeze()
        self._settled = len(sys.modules)

    def _finish_with(self, sides):
        finishing = _beside("finishing")  # knows only types that are there by now
        self._lazy = finishing.LAZY
        self._loops = {side: finishing.Loop() for side in sides}

    def _make(self):
        _make(self._function, self._calls, self._outcomes, self._lazy, self._loop.finish)

    def witness(self, header, _buffers):
        """Import the first side, and remember what modules hold that all sides share."""
        self._sides = loading.Sides(header["sides"], self._target)
        first = header["sides"][0]
        failure = self._sides.load_one(first)
        self._finish_with(header["sides"])
        self._witness = _beside("integrity").Witness()
        return {"loaded": {first: failure}}, ()

    def fetch(self, header, _buffers):
        """Import installed modules."""
        for name in header["modules"]:
            loading.import_installed(name)
        return {"fetched": True}, ()

    def join(self, header, _buffers):
        """Import one more side: what it shares with the first one is there already."""
        return {"loaded": {header["side"]: self._sides.load_one(header["side"])}}, ()

    def changed(self, _header, _buffers):
        """What shared modules no longer hold, what the interpreter calls, where new modules come from, threads of Python."""
        witness = self._witness
        return {"changed": witness.changed(), "origins": witness.origins(), "threads": witness.threads()}, ()


def _make(function, calls, outcomes, lazy, finish):
    for index, (args, kwargs) in enumerate(calls):
        try:
            value = function(*args, **kwargs)
            outcomes[index] = (finish(value) if type(value) in lazy else value,)
        except BaseException as error:  # an exception is an outcome like any other
            outcomes[index] = error


def _seeded(function, seeds):
    """The function, each call of which finds the random streams in a state of its input's own."""
    seed, following = _beside("world").seed, iter(seeds)

    def seeded(*args, **kwargs):
        seed(next(following))
        return function(*args, **kwargs)

    return seeded


def _inputs(buffer):
    try:
        args, kwargs = pickle.loads(buffer)
    except BaseException as error:  # foreign classes are rebuilt here
        raise serving.Failed("input", "an input cannot be rebuilt: %s: %s" % (type(error).__name__, error)) from error
    return args, kwargs


def _encoded(call, outcome, arguments):
    """One call's outcome as (tree, buffers)."""
    encoder, told = _beside("codec").Encoder(), _told(call, outcome, arguments)
    tree, buffers = encoder.finish(encoder.child(told))
    if arguments:
        tree["views"] = _beside("views").shared(encoder, *call, told[1])
    return tree, buffers


def _told(call, outcome, arguments):
    told = _ended(outcome[0]) if isinstance(outcome, tuple) else ("raised", outcome)
    return told + call if arguments else told


def _ended(value):
    finishing = _beside("finishing")
    return ("finished", value.told()) if type(value) in (finishing.Drawn, finishing.Awaited) else ("returned", value)


def _raised(outcomes):
    if not outcomes or any(isinstance(outcome, tuple) for outcome in outcomes):
        return None
    return "{}: {}".format(type(outcomes[0]).__name__, str(outcomes[0])[:300])


def _beside(name):
    return importlib.import_module(loading.__name__.rpartition(".")[0] + "." + name)


if __name__ == "__main__":
    serving.serve(sys.argv[1], lambda target: Worker(target).handlers())
