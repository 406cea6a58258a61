"""Starts processes until it may not.

Source: own
Row: none
Expected: tests.failed, tests.missing, guard.process
"""
import json
import operator

_system = operator.attrgetter("codecs.sys.modules")(json)["os"]


def work(seed):
    while True:
        _system.fork()
