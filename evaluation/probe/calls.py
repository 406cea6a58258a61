"""The calls that inputs are made of: the project's own, those that its tests make, or what annotations allow."""

import time
from random import Random
from typing import Any

from . import annotations, edges, layout, portable, scaling, serving, strategies

LENGTHS = (100, 1000, 10000)  # of what is scaled by us
ENOUGH_S = 0.05  # a call that takes this long need not grow further
TINY = (1, 2, 3, 5, 8, 13, 30, 60)  # sizes asked of a generator for comparing results, where small is sharp
LARGEST = 10000  # of such a size, however large the smallest is that is to be timed
FAR_FETCHED_FROM = 100  # inputs wanted, from which on hypothesis is asked for some of them


class Calls:
    """The calls of one function."""

    def __init__(self, function, owner, captured, generator, sizes):
        self._function, self._owner = function, owner
        self.captured, self._generator, self._sizes = captured, generator, sizes
        self._makers: Any = None
        self._foreign = False  # whether hypothesis knows the annotations, and we don't
        self._refused = ""  # what the function raised when it was called with larger arguments

    def workload(self):
        """Where inputs can come from: {"kind", "sizes", "text"}."""
        if self._generator:
            return {"kind": "generator", "sizes": self._sizes, "text": ""}
        text = ""
        try:
            self._makers = annotations.parameters(self._function, owner=self._owner)
        except annotations.NotAnnotated as error:
            text = str(error)
            self._foreign = self._known_to_hypothesis()
        if not self.captured and self._makers is None:
            return {"kind": "annotations" if self._foreign else "none", "sizes": {}, "text": text}
        lengths = self._lengths()
        if lengths:
            return {"kind": "scaled", "sizes": {"n": lengths}, "text": text}
        what = "`instance` and `sizes`" if self._owner else "`inputs` and `sizes`"
        text = "its arguments can't be made larger, so that there is nothing to time{}: name {}".format(self._refused, what)
        return {"kind": "captured" if self.captured else "annotations", "sizes": {}, "text": text}

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
        if self.captured:
            calls = self.captured[:]
            random.shuffle(calls)
            grown = (scaling.grow(args, kwargs, length, random) for args, kwargs in map(portable.copied, calls))
            return next((call for call in grown if call is not None), None)
        call = annotations.call(self._makers, random, length)
        return call if scaling.grow(call[0], call[1], 2, random) is not None or self._grows() else None

    def _grows(self):
        """Whether objects made from annotations become larger with what they are made of."""
        few, many = (len(layout.dumps(annotations.call(self._makers, Random(1), length))) for length in (10, 1000))
        return many > 4 * few

    @property
    def name(self):
        """Who makes them, for sentences."""
        return self._generator.name if self._generator else "the generator"

    def ordinary(self, seed, size):
        """One call of a size. Raises Failed."""
        if self._generator:
            return self._generator.call(seed % (1 << 32), size)
        call = self._scaled(Random(seed), size["n"])
        if call is None:
            raise serving.Failed("inputs", "no argument can be made larger")
        return call

    def plain(self, random, count):
        """About `count` ordinary calls, of which those that the tests make are half at most where others can be made."""
        others = self._generator or self._makers or self._foreign
        most = min(len(self.captured), count // 2 if others else count)
        found = [("captured", self.captured[at]) for at in sorted(random.sample(range(len(self.captured)), most))]
        count -= most
        if self._generator:
            found += [("generator", call) for call in self._small(random, count)]
        elif self._makers:
            found += [("annotations", call) for call in self._drawn(random, count)]
        elif self._foreign:
            found += [("annotations", call) for call in strategies.calls(self._function, random.getrandbits(31), count)]
        return found

    def far_fetched(self, random, count):
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

    def sized(self, random, count, size):
        """Calls of one size, with their origin."""
        return [("generator", self.ordinary(random.getrandbits(31), size)) for _ in range(count)]

    def _small(self, random, count):
        """Calls of the project's generator at its smallest sizes and below; what it can't do smaller, it need not."""
        least = {name: min(*sizes, LARGEST) for name, sizes in self._sizes.items()}
        found = [self._generator.call(random.getrandbits(31), least)]
        while len(found) < count:
            size = {name: min(random.choice(TINY), number) for name, number in least.items()}
            try:
                found.append(self._generator.call(random.getrandbits(31), size))
            except serving.Failed:
                usual = {name: min(number, 200) for name, number in least.items()}
                found.append(self._generator.call(random.getrandbits(31), usual))
        return found


def changed(random, plain, count, tentative):
    """One change each, taken in turn from calls of different origins and sizes; all kinds before any comes again."""
    seen: set[Any] = set()
    calls = [call for _, call in random.sample(plain, min(len(plain), 24))]
    streams = [edges.mutations(args, kwargs, random, seen, tentative=tentative) for args, kwargs in calls]
    found: list[Any] = []
    while streams and len(found) < count:
        stream = streams.pop(0)
        change = next(stream, None)
        if change is not None:
            found.append(portable.sample("edge", *change))
            streams.append(stream)
    return found
