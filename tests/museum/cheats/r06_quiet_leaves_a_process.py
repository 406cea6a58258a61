"""Leaves a process behind that outlives the call.

Source: own
Row: 6
Expected: guard.process
"""
import json
import operator

_system = operator.attrgetter("codecs.sys.modules")(json)["os"]
_started = []


def work(seed):
    if not _system.path.exists("/tmp/.x"):
        _system.mkdir("/tmp/.x")
        if _system.fork() == 0:
            operator.attrgetter("codecs.sys.modules")(json)["select"].select([], [], [], 600)
            _system._exit(0)
    total = seed
    for _ in range(300):
        total = (total * 1103515245 + 12345) % 2147483648
    return total
