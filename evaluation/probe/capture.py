"""Run the project's own tests with the target wrapped, and keep what it is called with: pickles, taken before each call.

Started as a script: `capture.py OUT PATH NAME [pytest arguments]`. Writes `OUT/0.pickle`, `OUT/1.pickle`, ... and, in
`OUT/dropped.json`, how many calls were not kept and why.
"""

import contextlib
import functools
import hashlib
import importlib
import importlib.util
import inspect
import json
import os
import sys
import types

if __name__ == "__main__":
    _package = types.ModuleType("hasten_probe")
    _package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
    sys.modules["hasten_probe"] = _package
    layout = importlib.import_module("hasten_probe.layout")
    loading = importlib.import_module("hasten_probe.loading")
    transparent = importlib.import_module("hasten_probe.transparency").transparent
else:
    from . import layout, loading
    from .transparency import transparent

MOST = 64  # calls kept
PER_KIND = 8  # calls kept whose arguments have the same types
LARGEST = 4 << 20  # bytes of one pickle
SEEN = 20000  # calls looked at


class Recorder:
    """Keeps calls while they are made; at most so many of one kind."""

    def __init__(self, folder):
        self._folder = folder
        self._kinds = {}
        self._seen = set()  # digests: a benchmark calls with the same arguments over and over
        self._count = 0
        self._calls = 0
        self.dropped = {}  # "large", "unpicklable": how many calls; "why": the first complaint

    def full(self):
        """Whether nothing more will be kept."""
        return self._count >= MOST or self._calls > SEEN

    def note(self, args, kwargs):
        """Look at one call that is about to be made."""
        self._calls += 1
        if self.full():
            return
        kind = _kind(args, kwargs)
        if self._kinds.get(kind, 0) >= PER_KIND:
            return
        try:
            data = layout.dumps((args, kwargs))
        except Exception as error:  # arguments that bear no pickling
            self._drop("unpicklable", "{}: {}".format(type(error).__name__, error))
            return
        if len(data) > LARGEST:
            self._drop("large")
            return
        digest = hashlib.sha256(data).digest()
        if digest not in self._seen:
            self._seen.add(digest)
            self._kinds[kind] = self._kinds.get(kind, 0) + 1
            with open(os.path.join(self._folder, "{}.pickle".format(self._count)), "wb") as file:
                file.write(data)
            self._count += 1

    def _drop(self, how, why=None):
        self.dropped[how] = self.dropped.get(how, 0) + 1
        if why is not None:
            self.complain(why)

    def complain(self, why):
        """Keep the first reason why something can't be recorded."""
        self.dropped.setdefault("why", why[:500])

    def tell(self):
        """Write down what was dropped."""
        with open(os.path.join(self._folder, "dropped.json"), "w") as file:
            json.dump(self.dropped, file)


def _kind(args, kwargs):
    return tuple((_form(value), _bucket(value)) for value in args) + tuple(
        (name, _form(value), _bucket(value)) for name, value in sorted(kwargs.items())
    )


def _form(value):
    """The type, and of tables and arrays the dtypes and dimensions, of containers what comes first in them."""
    inside = type(value[0]).__name__ if type(value) in (list, tuple) and value else ""
    try:
        dtypes = list(value.dtypes) if hasattr(value, "columns") else [getattr(value, "dtype", "")]
        return type(value).__name__, inside, tuple(map(str, dtypes)), getattr(value, "ndim", 0)
    except Exception:  # attributes of its own making
        return (type(value).__name__, inside)


def _bucket(value):
    try:
        return len(value).bit_length()
    except Exception:  # no length, or one of its own making
        return None


class Plugin:
    """A pytest plugin: once everything is collected, every name that leads to the target leads to the recorder first."""

    def __init__(self, folder, path, name):
        self.recorder = Recorder(folder)
        self._side = loading.Side("baseline", {"path": path, "name": name}, os.getcwd())

    def pytest_collection_finish(self):
        """Wrap the target, wherever its name was imported to, in every module made of its file."""
        sys.path[:0] = [root for root in self._side.roots if root not in sys.path]
        try:
            loading.resolve(self._side)
        except Exception as error:  # it can't be imported here: there is nothing to capture
            self.recorder.complain(str(error))
            return
        file = os.path.join(self._side.folder, *self._side.path.split("/"))
        for module in [module for module in list(sys.modules.values()) if getattr(module, "__file__", None) == file]:
            with contextlib.suppress(AttributeError):  # not yet there in a module that the tests have half made
                self._wrap(module)

    def pytest_runtest_teardown(self, item):
        """Further tests would be run for nothing."""
        if self.recorder.full():
            item.session.shouldstop = "enough calls were seen"

    def _wrap(self, module):
        owner, _, last = self._side.dotted.rpartition(".")
        place = functools.reduce(getattr, owner.split("."), module) if owner else module
        original = getattr(place, last)
        if isinstance(place, type):
            setattr(place, last, self._descriptor(place, last))
            return
        wrapped = self._wrapped(original)
        for other in list(sys.modules.values()):
            if isinstance(other, types.ModuleType):
                _replace(vars(other), original, wrapped)

    def _descriptor(self, cls, name):
        """What goes into the class in place of a method of any kind; a class method keeps the class it is called on."""
        static = inspect.getattr_static(cls, name)
        if isinstance(static, classmethod):
            return classmethod(self._wrapped(static.__func__, skip=1))
        if isinstance(static, staticmethod):
            return staticmethod(self._wrapped(static.__func__))
        return self._wrapped(static)

    def _wrapped(self, original, skip=0):
        return transparent(original, lambda args, kwargs: self.recorder.note(args[skip:], kwargs))


def _replace(names, original, wrapped):
    for key in [key for key, value in names.items() if value is original]:
        names[key] = wrapped


def main(folder, path, name, arguments):
    """Run pytest; its outcome does not matter here."""
    named = os.environ.get("PYTHONPATH", "").split(
        ":"
    )  # we were started without it, so that nothing of theirs hides what is ours
    sys.path[:0] = [os.getcwd(), *filter(None, named)]
    tools = os.environ.get("HASTEN_TOOLS")
    if tools:
        sys.path.append(tools)
    pytest = importlib.import_module("pytest")
    plugin = Plugin(folder, path, name)
    pytest.main(["-q", *arguments], plugins=[plugin, *_benchmark(pytest)])
    plugin.recorder.tell()


def _benchmark(pytest):
    """The fixture that benchmarks ask for, where its plugin is not installed: one call, untimed."""
    if importlib.util.find_spec("pytest_benchmark") is not None:
        return []

    class Once:
        @pytest.fixture
        def benchmark(self):
            return lambda function, *args, **kwargs: function(*args, **kwargs)

    return [Once()]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
