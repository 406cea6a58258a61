"""The process that makes inputs: from the project's own function, its tests' calls, or its annotations. Base commit only.

What leaves it are pickles of (args, kwargs), opaque to the judge, and for each a short text for people.
"""

import hashlib
import importlib
import os
import pickle
import sys
import time
import types
from random import Random
from typing import Any

if __name__ == "__main__":
    _package = types.ModuleType("hasten_probe")
    _package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
    sys.modules["hasten_probe"] = _package
    annotations = importlib.import_module("hasten_probe.annotations")
    decode = importlib.import_module("hasten_probe.decode")
    describe = importlib.import_module("hasten_probe.describe")
    dtypes = importlib.import_module("hasten_probe.dtypes")
    edges = importlib.import_module("hasten_probe.edges")
    layout = importlib.import_module("hasten_probe.layout")
    loading = importlib.import_module("hasten_probe.loading")
    generator = importlib.import_module("hasten_probe.generator")
    instances = importlib.import_module("hasten_probe.instances")
    scaling = importlib.import_module("hasten_probe.scaling")
    serving = importlib.import_module("hasten_probe.serving")
    shrinking = importlib.import_module("hasten_probe.shrinking")
    snippet = importlib.import_module("hasten_probe.snippet")
    strategies = importlib.import_module("hasten_probe.strategies")
else:
    from . import (
        annotations,
        decode,
        describe,
        dtypes,
        edges,
        generator,
        instances,
        layout,
        loading,
        scaling,
        serving,
        shrinking,
        snippet,
        strategies,
    )

LENGTHS = (100, 1000, 10000)  # of what is scaled by us
ENOUGH_S = 0.05  # a call that takes this long need not grow further
TINY = (1, 2, 3, 5, 8, 13, 30, 60)  # sizes asked of a generator for comparing results, where small is sharp
SHRUNK_BYTES = 32 << 20  # of all the smaller calls offered at once
LARGEST = 10000  # of such a size, however large the smallest is that is to be timed
FAR_FETCHED_FROM = 100  # inputs wanted, from which on hypothesis is asked for some of them
BEYOND = 2  # calls tried of each kind of columns that no input shows
ASKED = 24  # calls looked at to learn which kinds there are
PATIENCE = 8  # seeds tried per input wanted, before a generator is said to repeat itself


class Source:
    """The inputs of one target."""

    def __init__(self, target, folders=None):
        self._target, self._folders = target, folders or target.get("folders")
        self._function: Any = None
        self._owner: Any = None
        self._generator: Any = None
        self._makers: Any = None
        self._foreign = False  # whether hypothesis knows the annotations, and we don't
        self._captured: list[Any] = []
        self._sizes: dict[str, list[int]] = {}
        self._refused = ""  # what the function raised when it was called with larger arguments

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
        self._function, self._owner = sides.activate("baseline"), sides.owner("baseline")
        self._captured = [call for call in map(_unpickled, buffers) if call is not None]
        self._sizes = header.get("sizes") or {}
        if header.get("inputs"):
            self._generator = self._own_function(header["inputs"], "inputs")
            self._generator.check(list(self._sizes))
        if header.get("instance"):
            self._generator = self._instances(header["instance"])
        if self._generator:
            return {"kind": "generator", "sizes": self._sizes, "text": ""}, ()
        return self._without_generator(), ()

    def _instances(self, target):
        if self._owner is None:
            raise serving.Failed(
                "inputs", "`instance` is for methods; {} needs no object to be called on".format(self._target["name"])
            )
        return instances.Instances(self._own_function(target, "instance"), self._function, self._generator)

    def _own_function(self, target, key):
        side = loading.Side("baseline", target, (self._folders or {}).get("baseline"))
        sys.path[:0] = [root for root in side.roots if root not in sys.path]
        try:
            function = loading.resolve(side)
        except serving.Failed as failure:
            raise serving.Failed("inputs", "`{}`: {}".format(key, failure)) from failure
        return generator.Generator(function, "{path}::{name}".format(**target), side.folder)

    def _without_generator(self):
        text = ""
        try:
            self._makers = annotations.parameters(self._function, owner=self._owner)
        except annotations.NotAnnotated as error:
            text = str(error)
            self._foreign = self._known_to_hypothesis()
        if not self._captured and self._makers is None:
            return {"kind": "annotations" if self._foreign else "none", "sizes": {}, "text": text}
        lengths = self._lengths()
        if lengths:
            return {"kind": "scaled", "sizes": {"n": lengths}, "text": text}
        what = "`instance` and `sizes`" if self._owner else "`inputs` and `sizes`"
        text = "its arguments can't be made larger, so that there is nothing to time{}: name {}".format(self._refused, what)
        return {"kind": "captured" if self._captured else "annotations", "sizes": {}, "text": text}

    def _known_to_hypothesis(self):
        try:
            return bool(strategies.calls(self._function, 1, 3))
        except strategies.Unknown:
            return False

    def _lengths(self):
        """Lengths that are worth timing: from the second last that is still quick."""
        found = []
        for length in LENGTHS:
            call = self._scaled(Random(length), length)
            if call is None:
                return []
            seconds = self._seconds(call)
            if seconds is None:
                break
            found.append(length)
            if seconds > ENOUGH_S:
                break
        return found[-2:]

    def _seconds(self, call):
        start = time.perf_counter()
        try:
            self._function(*call[0], **call[1])
        except Exception as error:  # larger than the function bears
            self._refused = "; when they were, it raised {}: {}".format(type(error).__name__, str(error)[:200])
            return None
        return time.perf_counter() - start

    def _scaled(self, random, length):
        if self._captured:
            calls = self._captured[:]
            random.shuffle(calls)
            grown = (scaling.grow(args, kwargs, length, random) for args, kwargs in map(_unpickled, calls))
            return next((call for call in grown if call is not None), None)
        call = annotations.call(self._makers, random, length)
        return call if scaling.grow(call[0], call[1], 2, random) is not None or self._grows() else None

    def _grows(self):
        """Whether objects made from annotations become larger with what they are made of."""
        few, many = (len(layout.dumps(annotations.call(self._makers, Random(1), length))) for length in (10, 1000))
        return many > 4 * few

    def make(self, header, _buffers):
        """`count` inputs of one size, no two alike."""
        seed, size, count = header["seed"], header["size"], header["count"]
        found: dict[bytes, bytes] = {}
        for step in range(count * PATIENCE):
            data = self._dumped(self._ordinary(_mixed(seed, step), size))
            found.setdefault(hashlib.sha256(data).digest(), data)
            if len(found) == count:
                return {"made": count}, list(found.values())
        said = "{} gives the same input for different seeds ({} different ones of {})"
        raise serving.Failed("inputs-repeat", said.format(self._name(), len(found), count * PATIENCE))

    def _dumped(self, call):
        try:
            return layout.dumps(call)
        except Exception as error:  # generators, locks, lambdas
            raise serving.Failed("inputs", _unportable(self._name(), error)) from error

    def _name(self):
        return self._generator.name if self._generator else "the generator"

    def _ordinary(self, seed, size):
        if self._generator:
            return self._generator.call(seed % (1 << 32), size)
        call = self._scaled(Random(seed), size["n"])
        if call is None:
            raise serving.Failed("inputs", "no argument can be made larger")
        return call

    def varied(self, header, _buffers):
        """About `count` inputs of all kinds, for comparing results: ordinary ones first, then changed ones.

        When asked, some of these are `tentative`: the function need not bear them.
        """
        random, count = Random(header["seed"]), header["count"]
        plain = self._sized(random, count // 2, header["size"]) if header.get("size") else self._plain(random, count // 2)
        if plain and not any(_sample(origin, "", *call) for origin, call in plain):
            self._dumped(plain[0][1])  # says why not
        samples = [_sample(origin, "", *call) for origin, call in plain]
        samples += [_sample("edge", "far-fetched", *call) for call in self._far_fetched(random, count)]
        samples += self._edges(random, plain, count - len(samples), header.get("tentative", False))
        samples = [sample for sample in samples if sample is not None]
        told = [_words(origin, text) for origin, text, _ in samples]
        return {"samples": told}, [data for _, _, data in samples]

    def beyond(self, header, _buffers):
        """A few calls whose columns are of kinds that no ordinary call shows: {"samples": [{"kind", "description"}]}."""
        random = Random(header["seed"])
        calls = [call for _, call in self._plain(random, ASKED)] + self._captured
        shown = dtypes.shown(value for args, kwargs in calls for value in (*args, *kwargs.values()))
        found = [(kind, sample) for kind in dtypes.KINDS if kind not in shown for sample in _of_kind(kind, calls, random)]
        told = [{"origin": "beyond", "kind": kind, "description": sample[1]} for kind, sample in found]
        return {"samples": told}, [sample[2] for _, sample in found]

    def smaller(self, _header, buffers):
        """Calls that are smaller than this one by a step, boldest steps first."""
        found, room = [], SHRUNK_BYTES
        for call in _steps(_unpickled(bytes(buffers[0]))):
            data = _pickled(call)
            room -= len(data or b"")
            if room < 0:
                break
            if data is not None and data not in found:
                found.append(data)
        return {"made": len(found)}, found

    def told(self, _header, buffers):
        """A call in words, and as code where that makes an equal call: {"description", "code": null or text}."""
        call = _unpickled(bytes(buffers[0]))
        if call is None:
            raise serving.Failed("inputs", "an input cannot be rebuilt")
        side = loading.Side("baseline", self._target, (self._folders or {}).get("baseline"))
        return {"description": describe.describe(*call), "code": snippet.snippet(*call, side.module_name, side.dotted)}, ()

    def accept(self, header, buffers):
        """Let the project's own check say whether a result is right: {"objection": null or a sentence}.

        Failed where there is no check to ask. That it raises, or gives no truth value, is an answer: on the function's own
        results it did neither.
        """
        side = loading.Side("baseline", header["function"], (self._folders or {}).get("baseline"))
        sys.path[:0] = [root for root in side.roots if root not in sys.path]
        name = "{path}::{name}".format(**header["function"])
        args, kwargs = _unpickled(bytes(buffers[0]))
        try:
            check = loading.resolve(side)
        except serving.Failed as failure:
            raise serving.Failed("check", "`check`: {}".format(failure)) from failure
        try:
            result = decode.Decoder(header["value"], buffers[1:]).child(header["result"])
        except Exception as error:  # whatever it is made of, a check that can't be shown it does not accept it
            return {"objection": "{} can't be shown the result: {}".format(name, _said(error))}, ()
        try:
            said = check(args, kwargs, result)
        except BaseException as error:  # it may also want to exit
            return {"objection": "{} raised {} on the result".format(name, _said(error))}, ()
        if not _is_truth(said):
            return {"objection": "{} must return True or False, it returned {}".format(name, type(said).__name__)}, ()
        return {"objection": None if said else "{} does not accept the result".format(name)}, ()

    def _plain(self, random, count):
        """About `count` ordinary calls, of which those that the tests make are half at most where others can be made."""
        others = self._generator or self._makers or self._foreign
        most = min(len(self._captured), count // 2 if others else count)
        found = [("captured", self._captured[at]) for at in sorted(random.sample(range(len(self._captured)), most))]
        count -= most
        if self._generator:
            found += [("generator", call) for call in self._small(random, count)]
        elif self._makers:
            found += [("annotations", call) for call in self._drawn(random, count)]
        elif self._foreign:
            found += [("annotations", call) for call in strategies.calls(self._function, random.getrandbits(31), count)]
        return found

    def _far_fetched(self, random, count):
        """Calls that hypothesis draws from annotations that our makers know, too; it takes a moment, so not for few inputs."""
        if count < FAR_FETCHED_FROM or self._generator or self._makers is None or self._owner is not None:
            return []
        try:
            return strategies.calls(self._function, random.getrandbits(31), count // 8)
        except strategies.Unknown:
            return []

    def _drawn(self, random, count):
        try:
            return [annotations.call(self._makers, random) for _ in range(count)]
        except annotations.NotAnnotated as error:
            raise serving.Failed("inputs", str(error)) from error

    def _sized(self, random, count, size):
        return [("generator", self._ordinary(random.getrandbits(31), size)) for _ in range(count)]

    def _small(self, random, count):
        """Calls of the project's generator at its smallest sizes and below; what it can't do smaller, it need not."""
        least = {name: min(*sizes, LARGEST) for name, sizes in self._sizes.items()}
        found = [self._generator.call(random.getrandbits(31), least)]
        while len(found) < count:
            size = {name: min(random.choice(TINY), number) for name, number in least.items()}
            try:
                found.append(self._generator.call(random.getrandbits(31), size))
            except serving.Failed:
                found.append(
                    self._generator.call(random.getrandbits(31), {name: min(number, 200) for name, number in least.items()})
                )
        return found

    def _edges(self, random, plain, count, tentative):
        """One change each, taken in turn from calls of different origins and sizes; all kinds before any comes again."""
        seen: set[Any] = set()
        calls = [call for _, call in random.sample(plain, min(len(plain), 24))]
        streams = [edges.mutations(args, kwargs, random, seen, tentative=tentative) for args, kwargs in calls]
        found: list[Any] = []
        while streams and len(found) < count:
            stream = streams.pop(0)
            change = next(stream, None)
            if change is not None:
                found.append(_sample("edge", *change))
                streams.append(stream)
        return found


def _is_truth(said):
    """Whether it is True or False; numpy has its own, which comparing its numbers gives."""
    np = sys.modules.get("numpy")
    return type(said) is bool or (np is not None and type(said) is np.bool_)


def _said(error):
    return str(error) if isinstance(error, decode.Undecodable) else "{}: {}".format(type(error).__name__, error)


def _words(origin, text):
    """What is said of a sample."""
    return {"origin": origin, "description": text, "tentative": origin == "edge" and edges.is_tentative(text)}


def _of_kind(kind, calls, random):
    """The first few calls that can be of this kind, in a drawn order, however many refuse."""
    found: list[Any] = []
    for args, kwargs in random.sample(calls, len(calls)):
        try:
            call = dtypes.turned(args, kwargs, kind)
        except Exception:  # columns that bear no such change
            call = None
        sample = None if call is None else _sample("beyond", "", *call)
        found += [sample] if sample is not None else []
        if len(found) == BEYOND:
            break
    return found


def _steps(call):
    try:
        return [] if call is None else shrinking.smaller(*call)
    except Exception:  # a value that bears no such change
        return []


def _pickled(call):
    try:
        return layout.dumps(call)
    except Exception:  # arguments that bear no pickling: generators, locks
        return None


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


def _unportable(name, error):
    said = "{} makes arguments that can't be passed to another process: {}: {}"
    return said.format(name, type(error).__name__, error)


def _mixed(seed, step):
    return int.from_bytes(hashlib.sha256("{}/{}".format(seed, step).encode()).digest()[:7], "big")


def _unpickled(data):
    if isinstance(data, tuple):
        return pickle.loads(layout.dumps(data))  # a call of its own: growing must not share what it holds
    try:
        args, kwargs = pickle.loads(data)
    except Exception:  # recorded in another process; what can't be rebuilt here is left out
        return None
    return tuple(args), dict(kwargs)


def _sample(origin, note, args, kwargs):
    data = _pickled((args, kwargs))
    if data is None:
        return None
    text = describe.describe(args, kwargs)
    return origin, "{}: {}".format(note, text) if note else text, data


if __name__ == "__main__":
    serving.serve(sys.argv[1], lambda target: Source(target).handlers())
