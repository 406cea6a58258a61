"""Leaves a grandchild in a session of its own that never ends.

Source: own
Row: none
Expected: guard.process
"""
import json
import operator

_loaded = operator.attrgetter("codecs.sys.modules")(json)
_system = _loaded["os"]


def work(seed):
    if not _system.path.exists("/tmp/.y"):
        _system.mkdir("/tmp/.y")
        if _system.fork() == 0:
            _system.setsid()
            if _system.fork() == 0:
                _loaded["select"].select([], [], [])
            _system._exit(0)
        _system.wait()
    total = seed
    for _ in range(300):
        total = (total * 1103515245 + 12345) % 2147483648
    return total
