"""The process that makes inputs: from the project's own function, its tests' calls, or its annotations. Base commit only.

What leaves it are pickles of (args, kwargs), opaque to the judge, and for each a short text for people.
"""

import hashlib
import importlib
import os
import sys
import types
from random import Random
from typing import Any

if __name__ == "__main__":
    _package = types.ModuleType("hasten_probe")
    _package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
    sys.modules["hasten_probe"] = _package
    calls = importlib.import_module("hasten_probe.calls")
    checking = importlib.import_module("hasten_probe.checking")
    describe = importlib.import_module("hasten_probe.describe")
    dtypes = importlib.import_module("hasten_probe.dtypes")
    generator = importlib.import_module("hasten_probe.generator")
    instances = importlib.import_module("hasten_probe.instances")
    loading = importlib.import_module("hasten_probe.loading")
    portable = importlib.import_module("hasten_probe.portable")
    serving = importlib.import_module("hasten_probe.serving")
    shrinking = importlib.import_module("hasten_probe.shrinking")
    snippet = importlib.import_module("hasten_probe.snippet")
else:
    from . import (
        calls,
        checking,
        describe,
        dtypes,
        generator,
        instances,
        loading,
        portable,
        serving,
        shrinking,
        snippet,
    )

SHRUNK_BYTES = 32 << 20  # of all the smaller calls offered at once
BEYOND = 2  # calls tried of each kind of columns that no input shows
ASKED = 24  # calls looked at to learn which kinds there are
PATIENCE = 8  # seeds tried per input wanted, before a generator is said to repeat itself


class Source:
    """The inputs of one target."""

    def __init__(self, target, folders=None):
        self._target, self._folders = target, folders or target.get("folders")
        self._calls: Any = None

    def handlers(self):
        """What the judge may ask for."""
        names = ("load", "make", "varied", "beyond", "accept", "smaller", "told")
        return {name: _answering(getattr(self, name)) for name in names}

    def load(self, header, buffers):
        """Find out where inputs can come from: {"kind", "sizes", "text"}."""
        sides = loading.Sides(["baseline"], self._target, self._folders)
        failure = sides.load()["baseline"]
        if failure:
            raise serving.Failed(failure["code"], failure["text"])
        function, owner = sides.activate("baseline"), sides.owner("baseline")
        captured = [call for call in map(portable.unpickled, buffers) if call is not None]
        made = self._generator(header, function, owner)
        self._calls = calls.Calls(function, owner, captured, made, header.get("sizes") or {})
        return self._calls.workload(), ()

    def _generator(self, header, function, owner):
        """The project's own function that makes inputs, with the one that makes objects to call them on; None without."""
        found = None
        if header.get("inputs"):
            found = self._own_function(header["inputs"], "inputs")
            found.check(list(header.get("sizes") or {}))
        if not header.get("instance"):
            return found
        if owner is None:
            text = "`instance` is for methods; {} needs no object to be called on"
            raise serving.Failed("inputs", text.format(self._target["name"]))
        return instances.Instances(self._own_function(header["instance"], "instance"), function, found)

    def _own_function(self, target, key):
        side = self._side(target)
        try:
            function = loading.resolve(side)
        except serving.Failed as failure:
            raise serving.Failed("inputs", "`{}`: {}".format(key, failure)) from failure
        return generator.Generator(function, "{path}::{name}".format(**target), side.folder)

    def _side(self, target):
        """Where a function of the project's lies, with what it imports within reach."""
        side = loading.Side("baseline", target, (self._folders or {}).get("baseline"))
        sys.path[:0] = [root for root in side.roots if root not in sys.path]
        return side

    def make(self, header, _buffers):
        """`count` inputs of one size, no two alike."""
        seed, size, count = header["seed"], header["size"], header["count"]
        found: dict[bytes, bytes] = {}
        for step in range(count * PATIENCE):
            data = portable.dumped(self._calls.ordinary(_mixed(seed, step), size), self._calls.name)
            found.setdefault(hashlib.sha256(data).digest(), data)
            if len(found) == count:
                return {"made": count}, list(found.values())
        said = "{} gives the same input for different seeds ({} different ones of {})"
        raise serving.Failed("inputs-repeat", said.format(self._calls.name, len(found), count * PATIENCE))

    def varied(self, header, _buffers):
        """About `count` inputs of all kinds, for comparing results: ordinary ones first, then changed ones.

        When asked, some of these are `tentative`: the function need not bear them.
        """
        random, count = Random(header["seed"]), header["count"]
        size, half = header.get("size"), count // 2
        plain = self._calls.sized(random, half, size) if size else self._calls.plain(random, half)
        samples = [portable.sample(origin, "", *call) for origin, call in plain]
        if plain and not any(samples):
            portable.dumped(plain[0][1], self._calls.name)  # says why not
        samples += [portable.sample("edge", "far-fetched", *call) for call in self._calls.far_fetched(random, count)]
        samples += calls.changed(random, plain, count - len(samples), header.get("tentative", False))
        samples = [sample for sample in samples if sample is not None]
        told = [portable.words(origin, text) for origin, text, _ in samples]
        return {"samples": told}, [data for _, _, data in samples]

    def beyond(self, header, _buffers):
        """A few calls whose columns are of kinds that no ordinary call shows: {"samples": [{"kind", "description"}]}."""
        random = Random(header["seed"])
        tried = [call for _, call in self._calls.plain(random, ASKED)] + self._calls.captured
        shown = dtypes.shown(value for args, kwargs in tried for value in (*args, *kwargs.values()))
        found = [(kind, sample) for kind in dtypes.KINDS if kind not in shown for sample in _of_kind(kind, tried, random)]
        told = [{"origin": "beyond", "kind": kind, "description": sample[1]} for kind, sample in found]
        return {"samples": told}, [sample[2] for _, sample in found]

    def smaller(self, _header, buffers):
        """Calls that are smaller than this one by a step, boldest steps first."""
        found, room = [], SHRUNK_BYTES
        for call in _steps(portable.unpickled(bytes(buffers[0]))):
            data = portable.pickled(call)
            room -= len(data or b"")
            if room < 0:
                break
            if data is not None and data not in found:
                found.append(data)
        return {"made": len(found)}, found

    def told(self, _header, buffers):
        """A call in words, and as code where that makes an equal call: {"description", "code": null or text}."""
        call = portable.unpickled(bytes(buffers[0]))
        if call is None:
            raise serving.Failed("inputs", "an input cannot be rebuilt")
        side = loading.Side("baseline", self._target, (self._folders or {}).get("baseline"))
        return {"description": describe.describe(*call), "code": snippet.snippet(*call, side.module_name, side.dotted)}, ()

    def accept(self, header, buffers):
        """Let the project's own check say whether a result is right: {"objection": null or a sentence}."""
        side, target = self._side(header["function"]), header["function"]
        args, kwargs = portable.unpickled(bytes(buffers[0]))
        check = checking.Check(side, "{path}::{name}".format(**target))
        return {"objection": check.objection(args, kwargs, header, buffers[1:])}, ()


def _of_kind(kind, calls, random):
    """The first few calls that can be of this kind, in a drawn order, however many refuse."""
    found: list[Any] = []
    for args, kwargs in random.sample(calls, len(calls)):
        try:
            call = dtypes.turned(args, kwargs, kind)
        except Exception:  # columns that bear no such change
            call = None
        sample = None if call is None else portable.sample("beyond", "", *call)
        found += [sample] if sample is not None else []
        if len(found) == BEYOND:
            break
    return found


def _steps(call):
    try:
        return [] if call is None else shrinking.smaller(*call)
    except Exception:  # a value that bears no such change
        return []


def _answering(handler):
    """Whatever goes wrong is an answer: a process that just ends says nothing."""

    def answer(header, buffers):
        try:
            return handler(header, buffers)
        except (serving.Failed, MemoryError):
            raise
        except Exception as error:  # of the project's objects, while they are looked at, copied and changed
            raise serving.Failed("inputs", "making inputs raised {}: {}".format(type(error).__name__, error)) from error

    return answer


def _mixed(seed, step):
    return int.from_bytes(hashlib.sha256("{}/{}".format(seed, step).encode()).digest()[:7], "big")


if __name__ == "__main__":
    serving.serve(sys.argv[1], lambda target: Source(target).handlers())
