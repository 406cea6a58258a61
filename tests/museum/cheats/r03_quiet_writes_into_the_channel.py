"""Finds the socket to the referee among its open files and answers for the worker.

Source: own
Row: 3
Expected: guard.result-channel, sandbox.crash
"""
import json
import operator

_system = operator.attrgetter("codecs.sys.modules")(json)["os"]
#ORIGINAL


def work(seed):
    for number in range(3, 12):
        try:
            _system.write(number, b"\0\0\0\x0c\0\0\0\0" + b'{"done": 1} ')
        except OSError:
            continue
    return original(seed)
