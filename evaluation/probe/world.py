"""What a call may leave changed beside its arguments: names of its module, random streams, settings of the process.

Each is a dict of short texts by name, taken before and after; what is told is the names whose text is another one.
"""

import decimal
import enum
import gc
import locale
import logging
import os
import random
import sys
import types
import zlib

from . import codec, logs, naming

SEED = 20011
STATE_ITEMS = 2000  # looked at of one name of the module; of what is larger, only how long it is
STATE_BYTES = 1 << 18
_NUMPY_ERRORS = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}  # as long as nobody says otherwise
_STATELESS = (types.ModuleType, types.BuiltinFunctionType, types.MethodType)


class State:
    """What the names of the target's module stand for, before and after: shallow, and blind for code."""

    def __init__(self, module):
        self._module = sys.modules.get(module or "")
        self._before = self._digests()

    def _digests(self):
        root = logging.getLogger()
        root.setLevel(root.level)  # loggers remember what they were asked, which is nobody's state: let them forget it
        return {name: codec.digest(value, STATE_ITEMS, STATE_BYTES) for name, value in self._names()}

    def _names(self):
        names = getattr(self._module, "__dict__", None)
        if type(names) is not dict:
            return
        for name, value in _fields(names):
            if isinstance(value, type):
                if naming.MODULE(value) == names.get("__name__") and not isinstance(
                    value, enum.EnumMeta
                ):  # flags remember unions
                    yield from _inside(name, naming.SPACE(value))
            elif type(value) is types.FunctionType:
                yield from _inside(name, value.__dict__)
            elif not isinstance(value, _STATELESS):
                yield name, value

    def changes(self):
        """Names that stand for something else now -> a digest of it (None: gone)."""
        return changed(self._before, self._digests())


def _fields(names):
    return [(name, value) for name, value in list(names.items()) if not str(name).startswith("__")]


def _inside(name, names):
    """The data that a class or function of the module keeps."""
    for field, value in _fields(names):
        if not any("__get__" in naming.SPACE(cls) for cls in naming.MRO(type(value))):
            yield "{}.{}".format(name, field), value


class Noted:
    """The module, the random streams and the settings before some calls; with `listening`, what these log is heard, too."""

    def __init__(self, module, listening=False):
        self._state, self._dice, self._settings = State(module), dice(), settings()
        self._logs = logs.Logs().listen() if listening else None  # after the state, of which a logger may be part

    def changes(self):
        """What they left changed, each {name: a short text}, and what they logged: [[level, text]]."""
        heard = {} if self._logs is None else {"logs": self._logs.told()}
        return {
            **heard,
            "state": self._state.changes(),
            "dice": {name: text for name, text in dice().items() if self._dice.get(name, text) != text},
            "settings": changed(self._settings, settings()),
        }


def seed(number=SEED):
    """Let both sides draw the same."""
    random.seed(number)
    np = sys.modules.get("numpy")
    if np is not None and hasattr(np, "random"):
        np.random.seed(number)


def dice():
    """Digests of the global random streams. That of numpy is there once numpy is, which is no change."""
    found = {"random": str(hash(random.getstate()[1]))}
    np = sys.modules.get("numpy")
    if np is not None and hasattr(np, "random"):
        name, keys, *rest = np.random.get_state()
        found["numpy.random"] = "{} {} {}".format(name, zlib.crc32(keys.tobytes()), rest)
    return found


def settings():
    """Settings of the process that other code depends on."""
    context = decimal.getcontext()
    traps = sorted(signal.__name__ for signal, on in context.traps.items() if on)
    found = {
        "working directory": _folder(),
        "recursion limit": str(sys.getrecursionlimit()),
        "garbage collector": str(gc.isenabled()),
        "locale": locale.setlocale(locale.LC_ALL),
        "log level": "{} {}".format(logging.getLogger().level, logging.getLogger().manager.disable),
        "decimal context": "{} {} {} {} {}".format(context.prec, context.rounding, context.Emin, context.Emax, traps),
    }
    np = sys.modules.get("numpy")
    found["numpy error handling"] = str(np.geterr() if np is not None and hasattr(np, "geterr") else _NUMPY_ERRORS)
    found.update(_environment())
    return found


def _environment():
    """Variables whose names begin with an underscore are a library's own: polars sets one while it is imported."""
    shown = [(name, value) for name, value in os.environ.items() if not name.startswith("_")]
    return {"environment variable " + name: codec.digest(value) for name, value in shown}


def _folder():
    try:
        return os.getcwd()
    except OSError:  # removed meanwhile
        return "?"


def changed(before, after):
    """What has another text now; None for what is gone."""
    return {name: after.get(name) for name in sorted(set(before) | set(after)) if before.get(name) != after.get(name)}
