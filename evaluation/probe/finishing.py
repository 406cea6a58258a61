"""From what a call gives to what its caller waits for: coroutines are run to their end, iterators drawn, while the clock runs.

Work that is put off until somebody looks would else be free. How it came about stays visible: lazy stays lazy, awaited awaited.
"""

import importlib
import itertools
import types
from typing import Any

from .naming import type_name
from .readers import ITERATORS

MOST = 100000  # items taken from one iterator


class Drawn:
    """What an iterator gave: its kind, its items, and how it ended (`end`, `more` where it was left, `raised`)."""

    def __init__(self, kind, items, end, error=None):
        self.kind, self.items, self.end, self.error = kind, items, end, error
        self.left = 0

    def told(self):
        """As a plain value."""
        return (self.kind, self.items, self.end, self.error, self.left)


class Awaited:
    """What a coroutine came to, and how many tasks it left to nobody."""

    kind = "coroutine"

    def __init__(self, value, left):
        self.value, self.left = value, left

    def told(self):
        """As a plain value."""
        return (self.kind, self.value, self.left)


class Loop:
    """One side's event loop, kept open between calls: setting one up costs more than many a coroutine."""

    def __init__(self):
        self._loop: Any = None
        self._asyncio: Any = None

    def finish(self, value):
        """Run a coroutine or draw an iterator; everything else is finished as it is."""
        kind = type(value)
        if kind is types.CoroutineType:
            return self._awaited(value)
        if kind is types.AsyncGeneratorType:
            return self._gathered(value)
        return _drawn(value)

    def close(self):
        """Let go of the event loop, if there was a need for one."""
        if self._loop is not None:
            self._loop.close()
            self._loop = None

    def _awaited(self, coroutine):
        loop = self._open()
        try:
            value = loop.run_until_complete(coroutine)
        finally:
            left = self._clear()
        return Awaited(value, left)

    def _gathered(self, generator):
        items: list[Any] = []
        try:
            end = self._open().run_until_complete(_gather(generator, items))
            drawn = Drawn("async_generator", items, end)
        except BaseException as error:  # the project's own code: what it raises is part of its answer
            drawn = Drawn("async_generator", items, "raised", error)
        drawn.left = self._clear()
        return drawn

    def _open(self):
        if self._loop is None:
            self._asyncio = importlib.import_module("asyncio")  # not before somebody needs it: it is large
            self._loop = self._asyncio.new_event_loop()
        return self._loop

    def _clear(self):
        """End the tasks that the call left behind, as `asyncio.run` would; how many there were."""
        left = list(self._asyncio.all_tasks(self._loop))
        for task in left:
            task.cancel()
        if left:
            self._loop.run_until_complete(self._asyncio.gather(*left, return_exceptions=True))
        return len(left)


async def _gather(generator, items):
    async for item in generator:
        items.append(item)
        if len(items) >= MOST:
            await generator.aclose()
            return "more"
    return "end"


def _drawn(iterator):
    items: list[Any] = []
    try:
        items.extend(itertools.islice(iterator, MOST))
    except BaseException as error:  # as above; the items before it are kept by `extend`
        return Drawn(type_name(type(iterator)), items, "raised", error)
    return Drawn(type_name(type(iterator)), items, "end" if len(items) < MOST else "more")


LAZY = frozenset([*ITERATORS, types.CoroutineType, types.AsyncGeneratorType])  # kinds of results that are not finished
