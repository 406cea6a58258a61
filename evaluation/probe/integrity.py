"""What the sides of a process share, before and after one of them was imported: callables of modules, hooks, signals.

Runs beside code that may lie, so it takes what it needs before that code is there. What it finds is judged outside.
"""

import atexit
import gc
import signal
import sys
import types
from typing import Any

MOST = 200  # names told
SIDES = "/sides/"  # where all sides lie
_frames = sys._current_frames
_CALLABLE = (types.FunctionType, types.BuiltinFunctionType, type, types.MethodDescriptorType, types.WrapperDescriptorType)
_HOOKS = ("displayhook", "excepthook", "unraisablehook", "breakpointhook")  # may be wrapped by honest libraries


class Witness:
    """Remembers what was there when it was made."""

    def __init__(self):
        self._modules = {name: _callables(module) for name, module in _shared() if not name.startswith("hasten_probe")}
        self._hooks = _interpreter()
        self._known = set(sys.modules)

    def changed(self):
        """Names that stand for something else, or for nothing, as sorted texts: `time.perf_counter`, `gc.enabled`."""
        found = []
        for name, before in self._modules.items():
            module = sys.modules.get(name)
            if module is None:
                found.append("sys.modules " + name)
            else:
                found.extend(_different(name, before, module))
        after = _interpreter()
        found.extend(name for name, value in self._hooks.items() if after[name] != value)
        return sorted(found)[:MOST]

    def threads(self):
        """How many threads run Python; those that a library keeps for its native code do not."""
        return len(_frames())

    def origins(self):
        """Files of modules that are new since: {name: file}; what is built in has none."""
        files = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items()) if name not in self._known}
        return {name: file for name, file in sorted(files.items())[: 10 * MOST] if isinstance(file, str)}


def _shared():
    return [(name, module) for name, module in list(sys.modules.items()) if type(module) is types.ModuleType and not _own(module)]


def _own(module):
    """Whether it is a side's own: the other side has one of that name, whose imports are its own affair."""
    return str(getattr(module, "__file__", None)).startswith(SIDES)


def _callables(module):
    """{dotted name: object} of what can be called in a module, methods of its own classes and code of functions included."""
    found: dict[str, Any] = {}
    for name, value in list(vars(module).items()):
        if isinstance(value, _CALLABLE) and not (module is sys and name in _HOOKS):
            found[name] = value
        if isinstance(value, type) and value.__dict__.get("__module__") == module.__name__:
            found.update((name + "." + key, item) for key, item in vars(value).items() if isinstance(item, _CALLABLE))
    codes = {name + ".__code__": value.__code__ for name, value in found.items() if type(value) is types.FunctionType}
    found.update(codes)
    return found


def _different(name, before, module):
    after = _callables(module)
    for key, value in before.items():
        if after.get(key) is not value:
            yield name + "." + key


def _interpreter():
    """What the interpreter was told to do besides running code."""
    return {
        "sys.settrace": sys.gettrace() is not None,
        "sys.setprofile": sys.getprofile() is not None,
        "sys.meta_path": [id(finder) for finder in sys.meta_path],
        "sys.path_hooks": [id(hook) for hook in sys.path_hooks],
        "sys.setrecursionlimit": sys.getrecursionlimit(),
        "sys.setswitchinterval": sys.getswitchinterval(),
        "gc.set_threshold": gc.get_threshold(),
        "gc.callbacks": len(gc.callbacks),
        "gc.disable": not gc.isenabled(),
        "atexit.register": atexit._ncallbacks(),
        "signal.signal": [repr(signal.getsignal(number)) for number in sorted(signal.valid_signals())],
    }
